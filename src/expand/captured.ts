/**
 * Words of expansions that the source's own macros would change: a listing goes through cpp and the assembler, which expand the source's
 * macros in our lines as well. `#define mov foo` above a body that begins with `mov` makes another instruction of it.
 */
import type { MacroDefinition } from '../preprocess/definition.ts';
import { assemblerMacros, definitionsOf } from '../project/macro-names.ts';
import type { Unit } from '../project/units.ts';
import type { Site } from '../rewrite/site.ts';
import { scratchNames } from '../rewrite/spell.ts';
import type { Diagnostic } from '../syntax/diagnostic.ts';
import type { BodyItem } from './body-item.ts';
import type { Patches } from './patched-sites.ts';
import type { Plan } from './plan.ts';
import type { PlannedSite } from './planned-site.ts';

/** One error, at its `#define`, for each macro of the source whose name is a word of some expansion. */
export function capturedWords(plans: readonly Plan[]): Diagnostic[] {
  const found = new Map<string, Diagnostic>();
  for (const { planned, choice, patches } of plans)
    for (const each of planned)
      for (const { name, definition } of definedWords(each, patches)) {
        const { file, bodyStart: start } = definition;
        const place = { file, start: nameStart(file.text, start, name), end: start };
        const message = `${name} is a word of the expansion of ${each.site.operation.macro} for ${choice.label}: cpp would replace it there`;
        const key = `${file.name}:${place.start}`;
        if (!found.has(key)) found.set(key, { severity: 'error', message, ...place });
      }
  return [...found.values()];
}

function* definedWords(
  { site, scratch, expansion }: PlannedSite,
  patches: Patches | undefined,
): Iterable<{ name: string; definition: MacroDefinition }> {
  if (expansion.kind === 'native' || expansion.kind === 'trap') return;
  // Words that the site itself spells are meant to be expanded.
  const spelled = new Set([...site.operands, ...site.predicates].flatMap((text) => wordsOf(text ?? '')));
  if (site.spelling === 'macro') for (const name of scratchNames(scratch)) spelled.add(name);
  const words = wordsOfItems([...expansion.items, ...(expansion.routine?.items ?? [])]);
  const units = new Set(site.instances.map(({ unit }) => unit));
  for (const unit of units) {
    for (const name of [...words].filter((word) => !spelled.has(word))) yield* definitionIn(unit, name);
    // Replacements are after the code of the file, and spell registers by canonical names.
    for (const code of replacementsOf(site, patches))
      for (const name of wordsOfItems(code)) yield* definitionIn(unit, name);
  }
}

function* definitionIn({ preprocessed }: Unit, name: string): Iterable<{ name: string; definition: MacroDefinition }> {
  for (const definition of definitionsOf(preprocessed, name))
    if (bodyOf(definition) !== name) yield { name, definition };
}

/** One error for each mnemonic of an expansion that is the name of an assembler's macro of the source. */
export function capturedMnemonics({ planned, choice }: Plan): Diagnostic[] {
  return planned.flatMap(({ site, expansion }): Diagnostic[] => {
    if (expansion.kind === 'native' || expansion.kind === 'trap') return [];
    const items = [...expansion.items, ...(expansion.routine?.items ?? [])];
    const mnemonics = new Set(items.flatMap((item) => (item.kind === 'instruction' ? [mnemonicOf(item.text)] : [])));
    const units = new Set(site.instances.map(({ unit }) => unit));
    return [...units].flatMap(({ preprocessed }) =>
      [...assemblerMacros(preprocessed)].flatMap(([name, { file, start, end }]): Diagnostic[] => {
        if (!mnemonics.has(name)) return [];
        const message = `${name} is an instruction of the expansion of ${site.operation.macro} for ${choice.label}: the assembler would read this macro there`;
        return [{ severity: 'error', message, file, start, end }];
      }),
    );
  });
}

function mnemonicOf(text: string): string {
  return /^(?:\([^)]*\)\s*)?([\w.]+)/.exec(text)?.[1] ?? '';
}

/** The replacements of a site in a joint listing. */
function replacementsOf(site: Site, patches: Patches | undefined): readonly (readonly BodyItem[])[] {
  const numbers = patches?.numbers.get(site) ?? [];
  return numbers.flatMap((number) => patches!.replacements[number]?.code.map(({ items }) => items) ?? []);
}

const known = new WeakMap<readonly BodyItem[], ReadonlySet<string>>();

function wordsOfItems(items: readonly BodyItem[]): ReadonlySet<string> {
  let words = known.get(items);
  if (words === undefined) {
    words = new Set(items.flatMap((item) => ('text' in item ? wordsOf(item.text) : [])));
    known.set(items, words);
  }
  return words;
}

/** Identifiers as cpp sees them: `ld8.acq` is two. */
function wordsOf(text: string): readonly string[] {
  return text.replace(/\/\*.*?\*\//g, ' ').match(/[A-Za-z_]\w*/g) ?? [];
}

function bodyOf({ file, bodyStart, bodyEnd }: MacroDefinition): string {
  return file.text.slice(bodyStart, bodyEnd).trim();
}

/** Offset of the macro's name before its body. */
function nameStart(text: string, bodyStart: number, name: string): number {
  return Math.max(text.lastIndexOf(name, bodyStart - name.length), 0);
}
