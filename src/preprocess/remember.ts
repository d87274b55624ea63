/**
 * Expansions of names in the text of files, remembered from run to run: most of them are the same in every configuration. One
 * is taken again only where it cannot have come out otherwise: every name that was looked up for it is bound as it was.
 */
import { type Token, TokenKind } from '../syntax/token.ts';
import type { Macro } from './definition.ts';
import { expandName } from './expand.ts';
import type { Frame, Run } from './run.ts';
import type { TextSegment } from './structure.ts';

/** The names that were looked up for an expansion, and what each was. */
export interface Lookups {
  readonly names: string[];
  readonly macros: (Macro | undefined)[];
}

/** What decides about the space before the first token that comes out. */
interface Surroundings {
  readonly padded: boolean;
  readonly paddingSource: Token | null;
  readonly previous: Token | undefined;
}

/** An expansion that depended on nothing but names: not on lines, counters, or directives among its arguments. */
export interface Expansion {
  readonly lookups: Lookups;
  readonly before: Surroundings;
  readonly tokens: readonly Token[];
  /** Where the text is read on, and the padding there. */
  readonly at: number;
  readonly padded: boolean;
  readonly paddingSource: Token | null;
  /** What it took of the run's budget, and what ## made. */
  readonly spent: number;
  readonly pasted: ReadonlySet<string>;
}

/** Of so many different expansions of one name in the text, no more are remembered. */
const MOST_VARIANTS = 8;

/** Puts out what a macro's name in the text becomes, as in an earlier run if it must be the same. */
export function expandOrRecall(run: Run, frame: Frame, name: Token, macro: Macro): void {
  const text = frame.structure.segments[frame.segment - 1] as TextSegment;
  text.expansions ??= new Map();
  const place = frame.at;
  const variants = text.expansions.get(place) ?? [];
  if (variants.some((known) => recall(run, frame, known))) return;
  if (variants.length === MOST_VARIANTS) {
    expandName(run, name, macro);
    return;
  }
  const made = expandAndRecord(run, frame, name, macro);
  if (made !== null) text.expansions.set(place, [...variants, made]);
}

/** Puts out what a name became before; false if it may become something else now. */
function recall(run: Run, frame: Frame, known: Expansion): boolean {
  if (run.budget <= known.spent || !isSameStart(known.before, surroundings(run))) return false;
  const { names, macros } = known.lookups;
  for (let each = 0; each < names.length; each++) if (run.macros.get(names[each]!) !== macros[each]) return false;
  const { tokens } = known;
  for (let at = 0; at < tokens.length; at++) run.output.push(tokens[at]!);
  if (known.pasted.size > 0) for (const text of known.pasted) run.pasted.add(text);
  frame.at = known.at;
  run.padded = known.padded;
  run.paddingSource = known.paddingSource;
  run.budget -= known.spent;
  return true;
}

/** Expands a name; null if what it became depends on more than names. */
function expandAndRecord(run: Run, frame: Frame, name: Token, macro: Macro): Expansion | null {
  const before = surroundings(run);
  const { pasted, budget, frames, diagnostics, output } = run;
  const { segment } = frame;
  const first = output.length;
  const messages = diagnostics.length;
  const lookups: Lookups = { names: [name.text], macros: [macro] };
  run.lookups = lookups;
  run.pasted = new Set();
  expandName(run, name, macro);
  const made = run.pasted;
  for (const text of made) pasted.add(text);
  run.pasted = pasted;
  const depends = run.lookups === null || run.exhausted || diagnostics.length > messages;
  run.lookups = null;
  // Directives among the arguments were carried out, perhaps another file was entered.
  if (depends || frames[frames.length - 1] !== frame || frame.segment !== segment) return null;
  const { padded, paddingSource } = run;
  const tokens = output.slice(first);
  return { lookups, before, tokens, at: frame.at, padded, paddingSource, spent: budget - run.budget, pasted: made };
}

function surroundings({ padded, paddingSource, output }: Run): Surroundings {
  return { padded, paddingSource, previous: output[output.length - 1] };
}

function isSameStart(one: Surroundings, other: Surroundings): boolean {
  if (one.padded !== other.padded || one.paddingSource?.spaceBefore !== other.paddingSource?.spaceBefore) return false;
  const left = one.previous;
  const right = other.previous;
  if (left === right) return true;
  if (left === undefined || right === undefined) return false;
  return left.kind === right.kind && (left.kind === TokenKind.Newline || left.text === right.text);
}
