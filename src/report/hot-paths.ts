/**
 * What is executed of each handler: the shortest way of the source from its entry to `rfi` without a call of C, among the states
 * that are tried, and what the listings execute from the same state.
 */

import { Endless, run } from '../execution/run.ts';
import { type ExecutionExit, Undefined } from '../execution/signals.ts';
import { isOfClass } from '../machine/classes.ts';
import type { Entry } from '../verify/entries.ts';
import type { Side } from '../verify/lockstep.ts';
import { nativeSideAt, sidesAt } from '../verify/states.ts';
import { type Source, type Subject, subjectImage } from '../verify/subjects.ts';

export interface HotPath<W> {
  readonly handler: string;
  /** The source on the bare machine. */
  readonly source: Executed;
  /** In the order of the listings. */
  readonly listings: readonly (ListingState<W> & Executed)[];
}

/** Counts of executed instructions without nops, and of ends of instruction groups. */
export interface Executed {
  readonly instructions: number;
  readonly stops: number;
}

interface ListingState<W> {
  readonly way: W;
  readonly on: 'native' | 'guest';
}

const STATES = 300;
const STEPS = 5000;

/** @param states what each subject is */
export function hotPaths<W>(
  source: Source,
  subjects: readonly Subject[],
  states: readonly ListingState<W>[],
): HotPath<W>[] {
  const images = subjects.map((subject) => subjectImage(source, subject));
  return source.entries.flatMap((entry): HotPath<W>[] => {
    if (entry.nested) return [];
    const shortest = shortestWay(source, subjects[0]!, entry);
    if (shortest === null) return [];
    const listings = subjects.map((subject, at) => {
      const sides = sidesAt(source, subject, images[at]!, entry, shortest.seed);
      const path = typeof sides === 'string' ? null : follow(sides.guest);
      return path === null ? null : { ...states[at]!, ...path.executed };
    });
    if (listings.some((each) => each === null)) return [];
    return [{ handler: entry.name, source: shortest.executed, listings: listings.map((each) => each!) }];
  });
}

function shortestWay(source: Source, { contract }: Subject, entry: Entry): { seed: number; executed: Executed } | null {
  let best: { seed: number; executed: Executed } | null = null;
  for (let seed = 1; seed <= STATES; seed++) {
    const path = follow(nativeSideAt(source, contract, entry, seed));
    if (path === null || path.exit.kind !== 'rfi') continue;
    if (best === null || path.executed.instructions < best.executed.instructions)
      best = { seed, executed: path.executed };
  }
  return best;
}

/** Runs to the next exit; null where the code is undefined from there. */
function follow({ image, machine, at, nested }: Side): { exit: ExecutionExit; executed: Executed } | null {
  const { instructions: own } = image.program;
  let instructions = 0;
  let stops = 0;
  const watch = (_: unknown, index: number): void => {
    if (!isOfClass(own[index]!.effects.form, 'nops')) instructions++;
    stops += image.stops[index]!;
  };
  try {
    const exit = run(machine, image, at, { steps: STEPS }, { watch, nested });
    return { exit, executed: { instructions, stops } };
  } catch (error) {
    if (error instanceof Undefined || error instanceof Endless) return null;
    throw error;
  }
}
