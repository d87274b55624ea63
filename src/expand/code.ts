/** The statements of a unit's listing, without its text: for layouts and checks. */

import type { Effects } from '../machine/effects.ts';
import { SERIALIZE_DATA } from '../machine/serialization.ts';
import type { Unit } from '../project/units.ts';
import { parseTokens } from '../syntax/parse.ts';
import { SourceText } from '../syntax/source.ts';
import { tokenize } from '../syntax/tokenize.ts';
import type { Span, Statement } from '../syntax/tree.ts';
import type { BodyItem } from './body-item.ts';
import { ROUTINE_SECTION } from './branching.ts';
import { fitsBundle } from './bundles.ts';
import type { SharedRoutine } from './expansion.ts';
import { bodyInstruction } from './instructions.ts';
import { insertedItems, type MovedTail } from './moved-tail.ts';
import type { PlannedSite } from './planned-site.ts';

/** The input of a layout, with the unit's statement that each of its statements comes from. */
export interface ListingCode {
  readonly statements: readonly Statement[];
  /** By statement; null for a statement that is no instruction. */
  readonly effects: readonly (Effects | null)[];
  readonly origin: readonly number[];
  /** The statements of expansions; none of the unit's own. */
  readonly made: ReadonlySet<Statement>;
}

export function asItStands({ analysis }: Unit): ListingCode {
  const { statements } = analysis.program;
  return {
    statements,
    effects: statements.map((_, at) => analysis.instructions[analysis.instructionOf(at)]?.effects ?? null),
    origin: statements.map((_, at) => at),
    made: new Set(),
  };
}

/**
 * The code of a unit with a target's expansions in place of its sites, and with the tails of vectors where they are moved to; without
 * the routines that it calls.
 */
export function expanded(unit: Unit, planned: readonly PlannedSite[], moved: readonly MovedTail[] = []): ListingCode {
  const { analysis } = unit;
  const inserted = moved.length === 0 ? NOTHING : insertedItems(unit, moved);
  const { starts, gone } = replacements(unit, planned);
  const statements: Statement[] = [];
  const effects: (Effects | null)[] = [];
  const origin: number[] = [];
  const made = new Set<Statement>();
  const add = (statement: Statement, does: Effects | null, from: number): void => {
    statements.push(statement);
    effects.push(does);
    origin.push(from);
  };
  analysis.program.statements.forEach((statement, at) => {
    const addItem = ({ item, does }: ListedItem): void => {
      const one = statementOf(item, statement);
      if (one === null) return;
      made.add(one);
      add(one, does, at);
    };
    inserted.get(at)?.forEach(addItem);
    const site = starts.get(at);
    if (site !== undefined) itemsOf(site).forEach(addItem);
    if (!gone.has(at)) add(statement, analysis.instructions[analysis.instructionOf(at)]?.effects ?? null, at);
  });
  return { statements, effects, origin, made };
}

const NOTHING: ReturnType<typeof insertedItems> = new Map();

/** By statement: the sites that begin there, and the statements that are removed, among them braces of dissolved bundles. */
function replacements({ id, analysis }: Unit, planned: readonly PlannedSite[]) {
  const starts = new Map<number, PlannedSite>();
  const gone = new Set<number>();
  for (const site of planned) {
    const { kind } = site.expansion;
    if (kind === 'native' || kind === 'trap') continue;
    const opens = site.site.surroundings.bundle !== null && !fitsBundle(site);
    for (const instance of site.site.instances) {
      if (instance.unit.id !== id) continue;
      const first = analysis.instructions[instance.first]!.statementIndex;
      const last = analysis.instructions[instance.last]!.statementIndex;
      starts.set(first, site);
      for (let at = first; at <= last; at++) gone.add(at);
      if (opens) for (const brace of bracesAround(analysis.program.statements, first)) gone.add(brace);
    }
  }
  return { starts, gone };
}

function bracesAround(statements: readonly Statement[], at: number): number[] {
  let open = at;
  while (open >= 0 && statements[open]!.kind !== 'bundleOpen') open--;
  let close = at;
  while (close < statements.length && statements[close]!.kind !== 'bundleClose') close++;
  return [open, close];
}

/** The code of the routines that a unit calls, which is after its own. */
export function routineCode(
  routines: readonly SharedRoutine[],
  { first, last }: Span,
): Pick<ListingCode, 'statements' | 'effects'> {
  const statements: Statement[] = [{ kind: 'directive', name: ROUTINE_SECTION, args: [], first, last }];
  const effects: (Effects | null)[] = [null];
  for (const { label, items, groups } of routines) {
    const does = groups.flat();
    let next = 0;
    for (const item of [{ kind: 'directive', text: `${label}:` } as const, ...items]) {
      const one = statementOf(item, { first, last });
      if (one === null) continue;
      statements.push(one);
      effects.push(item.kind === 'instruction' ? does[next++]! : null);
    }
  }
  return { statements, effects };
}

interface ListedItem {
  readonly item: BodyItem;
  readonly does: Effects | null;
}

/** The items of an expansion with its stops, each with the effects of its canonical form. */
function itemsOf({ expansion, stops }: PlannedSite): readonly ListedItem[] {
  const effects = expansion.groups.flat();
  let next = 0;
  const items = expansion.items.map((item) => ({ item, does: item.kind === 'instruction' ? effects[next++]! : null }));
  const stop: ListedItem = { item: { kind: 'stop' }, does: null };
  const serialized: ListedItem = { item: { kind: 'directive', text: SERIALIZE_DATA }, does: null };
  return [
    ...(stops.before ? [stop] : []),
    ...(stops.serialize ? [serialized] : []),
    ...items,
    ...(stops.behind ? [stop] : []),
  ];
}

/** An item as a statement, with the token range of another one. Null for items that affect neither layout nor dependencies. */
function statementOf(item: BodyItem, { first, last }: Span): Statement | null {
  if (item.kind === 'stop') return { kind: 'stop', first, last };
  if (item.kind === 'instruction')
    return { ...bodyInstruction(item.text).instruction, mnemonicFirst: first, mnemonicLast: first, first, last };
  if (item.text.endsWith(':')) return { kind: 'label', name: item.text.slice(0, -1), global: false, first, last };
  const directive = parsedDirective(item.text);
  return directive === null ? null : { ...directive, first, last };
}

/** Directives that affect dependencies, explicit bundles, and sections: the only ones that matter for a layout. */
const DIRECTIVES = /^(?:\.(?:serialize|mem\.offset|subsection|proc|endp)\b|[{}])/;

function parsedDirective(text: string): Statement | null {
  if (!DIRECTIVES.test(text)) return null;
  return parseTokens(tokenize(new SourceText('<body>', text))).statements[0] ?? null;
}
