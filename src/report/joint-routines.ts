/** What a joint listing has besides its own code: routines that its calls go to, records, replacements, a table. */

import type { BodyItem } from '../expand/body-item.ts';
import { explicitBundles } from '../expand/explicit-bundles.ts';
import { bodyInstruction } from '../expand/instructions.ts';
import type { Plan } from '../expand/plan.ts';
import { targetsOf } from '../expand/plan.ts';
import type { TableSlot } from '../expand/table-calls.ts';
import { isOfClass } from '../machine/classes.ts';
import { SITES_SECTION, targetOfSection } from '../machine/patch-format.ts';

export interface JointRoutines {
  /** Bytes of the routines of all targets. */
  readonly bytes: number;
  /** Those of these that are in the sections of replacements. */
  readonly apart: number;
  /** Bytes of the words that lead to them: the table, and what each target fills it with. */
  readonly words: number;
  /** What the routines of a target execute, all together; by its name. */
  readonly counts: ReadonlyMap<string, { readonly instructions: number; readonly stops: number }>;
}

const BUNDLE = 16;
const WORD = 8;

/** Sections of a listing that are not executed, except for routines. */
export function isForPatcher(section: string): boolean {
  return section === SITES_SECTION || targetOfSection(section) !== null;
}

/** @param plan of joined targets; another has none */
export function jointRoutines({ choice, planned, patches, slots = new Map() }: Plan): JointRoutines {
  const numbers = new Set(
    planned.flatMap(({ site, expansion }) => (expansion.kind === 'branch' ? (patches?.numbers.get(site) ?? []) : [])),
  );
  const patched = [...numbers].map((number) => patches!.replacements[number]!.code);
  const names = targetsOf(choice).map(({ name }) => name);
  const table = tableRoutines([...slots.values()], names);
  const counts = names.map((name, target) => {
    const own = countOf(patched.flatMap((code) => code[target]!.canonical));
    const called = table.counts.get(name)!;
    return [name, { instructions: own.instructions + called.instructions, stops: own.stops + called.stops }] as const;
  });
  const apart = patched.flat().reduce((sum, { bundles }) => sum + BUNDLE * bundles, 0);
  return { ...{ bytes: apart + table.bytes, apart }, words: table.words, counts: new Map(counts) };
}

/** The table of some slots with its routines, each slot once. @param targets their names */
function tableRoutines(slots: readonly TableSlot[], targets: readonly string[]): Omit<JointRoutines, 'apart'> {
  const called = [...new Map(slots.map((slot) => [slot.name, slot.routines])).values()];
  const bundles = called.flat().reduce((sum, items) => sum + (explicitBundles(items, items)?.bundles ?? 0), 0);
  return {
    bytes: BUNDLE * bundles,
    words: wordsOfTable(called.length, targets.length),
    counts: new Map(targets.map((name, target) => [name, countOf(called.flatMap((routines) => routines[target]!))])),
  };
}

/**
 * How often the plans of several sources count what is linked once for all of them: slots that they share.
 *
 * @param plans of one choice
 */
export function countedAgain(plans: readonly Plan[]): {
  bytes: number;
  data: number;
  instructions: number;
  stops: number;
} {
  const [first] = plans;
  const sum = { bytes: 0, data: 0, instructions: 0, stops: 0 };
  if (first === undefined) return sum;
  const names = targetsOf(first.choice).map(({ name }) => name);
  const slotsOf = ({ slots = new Map() }: Plan): readonly TableSlot[] => [...slots.values()];
  const add = (slots: readonly TableSlot[], sign: 1 | -1): void => {
    const { bytes, words, counts } = tableRoutines(slots, names);
    const { instructions, stops } = counts.get(first.choice.target.name)!;
    sum.bytes += sign * bytes;
    sum.data += sign * words;
    sum.instructions += sign * instructions;
    sum.stops += sign * stops;
  };
  for (const plan of plans) add(slotsOf(plan), 1);
  add(plans.flatMap(slotsOf), -1);
  return sum;
}

/** Bytes of a table, and of what each target fills it with. */
export function wordsOfTable(slots: number, targets: number): number {
  return WORD * slots * (slots === 0 ? 0 : 1 + targets);
}

/** The branch back ends the last group. */
export function countOf(items: readonly BodyItem[]): { instructions: number; stops: number } {
  return {
    instructions: items.filter(
      (item) => item.kind === 'instruction' && !isOfClass(bodyInstruction(item.text).effects.form, 'nops'),
    ).length,
    stops: items.filter(({ kind }) => kind === 'stop').length,
  };
}
