/** The names of a variant's symbols, and errors when a `#define` cannot rename them. */

import type { LinkRules } from '../config/link-rules.ts';
import type { Diagnostic } from '../syntax/diagnostic.ts';
import type { SourceRange } from '../syntax/source.ts';
import type { ExportKind } from './exports.ts';
import { isShared, nameIn } from './names.ts';
import type { SourceWords } from './words.ts';

/** A symbol that some source of the call exports. */
export interface LinkedSymbol {
  readonly name: string;
  readonly kind: ExportKind;
  readonly place: SourceRange;
  readonly isShared: boolean;
  /** Whether its source defines it in every analysed configuration. */
  readonly isAlways: boolean;
}

/** The symbols of all sources, sorted by name. */
export function linkedSymbols(sources: readonly SourceWords[], rules: LinkRules): LinkedSymbol[] {
  const symbols = new Map<string, LinkedSymbol>();
  for (const { exports } of sources)
    for (const configuration of exports)
      for (const [name, { kind, place }] of configuration) {
        const isAlways = exports.every((each) => each.has(name));
        const known = symbols.get(name);
        if (known === undefined) symbols.set(name, { name, kind, place, isShared: isShared(name, rules), isAlways });
        else if (isAlways && !known.isAlways) symbols.set(name, { ...known, isAlways });
      }
  return [...symbols.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

export interface Variant {
  /** The label of its target. */
  readonly label: string;
  /** By symbol: its new name; only those that are renamed. */
  readonly names: ReadonlyMap<string, string>;
}

/** @param labels the targets of the call; the first variant keeps the names of the source */
export function variantsOf(labels: readonly string[], symbols: readonly LinkedSymbol[], rules: LinkRules): Variant[] {
  return labels.map((label, index) => {
    const names = new Map<string, string>();
    for (const { name } of symbols) {
      const other = nameIn(label, name, rules, index === 0);
      if (other !== name) names.set(name, other);
    }
    return { label, names };
  });
}

/** Errors for symbols that a `#define` cannot rename, or renames where it must not; empty when there are none. */
export function namingErrors(
  variants: readonly Variant[],
  symbols: readonly LinkedSymbol[],
  sources: readonly SourceWords[],
): Diagnostic[] {
  const errors: Diagnostic[] = [];
  const fail = (message: string, { file, start, end }: SourceRange) =>
    void errors.push({ severity: 'error', message, file, start, end });
  for (const { unseen } of sources)
    if (unseen !== null) fail('--link-together: what an .include brings is not renamed; #include it', unseen);
  const taken = new Map<string, string>();
  for (const { label, names } of variants)
    for (const { name, place, isShared } of symbols) {
      if (isShared) continue;
      const called = names.get(name) ?? name;
      const other = taken.get(called);
      if (other !== undefined) fail(`${name} of ${label} would be called ${called}, as ${other}`, place);
      taken.set(called, `${name} of ${label}`);
      if (called === name) continue;
      const why = cannotRename(name, called, sources);
      if (why !== null) fail(`${name} cannot be called ${called} in ${label}: ${why.message}`, why.place ?? place);
    }
  return errors;
}

interface Obstacle {
  readonly message: string;
  readonly place?: SourceRange;
}

function cannotRename(name: string, called: string, sources: readonly SourceWords[]): Obstacle | null {
  if (!/^[A-Za-z_]\w*$/.test(name)) return { message: 'the preprocessor renames words of letters, digits and _ only' };
  if (!/^[A-Za-z_]\w*$/.test(called)) return { message: 'that is no name' };
  for (const { seen, glued, mnemonics, tested } of sources) {
    const used = seen.get(called);
    if (used !== undefined) return { message: 'that name is in use here', place: used };
    const macro = tested.get(name);
    if (macro !== undefined) return { message: 'the preprocessor knows it as a macro here', place: macro };
    const part = glued.get(name);
    if (part !== undefined)
      return {
        message: 'it is a part of a longer word here, which would change with it: put that in quotes',
        place: part,
      };
    const mnemonic = mnemonics.get(name);
    if (mnemonic !== undefined) return { message: 'it is an instruction here', place: mnemonic };
  }
  return null;
}
