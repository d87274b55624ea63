/** What a joint listing has besides its own code: routines that its calls go to, records, replacements, a table. */

import type { BodyItem } from '../expand/body-item.ts';
import { explicitBundles } from '../expand/explicit-bundles.ts';
import { bodyInstruction } from '../expand/instructions.ts';
import type { Plan } from '../expand/plan.ts';
import { targetsOf } from '../expand/plan.ts';
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
  const called = [...new Map([...slots.values()].map((slot) => [slot.name, slot.routines])).values()];
  const targets = targetsOf(choice);
  const counts = targets.map(({ name }, target) => {
    const items = [...patched.map((code) => code[target]!.canonical), ...called.map((routines) => routines[target]!)];
    return [name, countOf(items.flat())] as const;
  });
  const apart = patched.flat().reduce((sum, { bundles }) => sum + BUNDLE * bundles, 0);
  const bundles = called.flat().reduce((sum, items) => sum + (explicitBundles(items, items)?.bundles ?? 0), 0);
  return {
    ...{ bytes: apart + BUNDLE * bundles, apart },
    words: wordsOfTable(called.length, targets.length),
    counts: new Map(counts),
  };
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
