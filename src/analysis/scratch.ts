/**
 * Registers that code put in place of an instruction may use as scratch. Requires: liveness and presumed values.
 */

import { liveAfter, pointsOf, presumedAfter, registersMeant, type Solution } from './points.ts';
import { branch, general, predicate, registerOf } from './registers.ts';

/** Numbers of general, branch and predicate registers, ascending. */
export interface FreeRegisters {
  readonly gr: readonly number[];
  readonly br: readonly number[];
  readonly pr: readonly number[];
}

/** r0 is a constant; gp, sp and tp mean something to whatever interrupts. */
const GENERAL = [2, 3, 4, 5, 6, 7, 8, 9, 10, 11, ...Array.from({ length: 18 }, (_, at) => at + 14)];
const BRANCH = [0, 1, 2, 3, 4, 5, 6, 7];
/** p16-p63 rotate. */
const PREDICATE = Array.from({ length: 15 }, (_, at) => at + 1);

/**
 * The registers proven free at an instruction: their values are read by nothing that runs after it, by nobody unseen, and
 * the instruction itself neither reads nor writes them. To be read earlier in the group is no harm.
 */
export function freeRegisters(solution: Solution, instruction: number): FreeRegisters {
  const touched = touchedRegisters(solution, instruction);
  const points = pointsOf(solution, instruction).map((point) => ({
    point,
    live: liveAfter(solution, point),
    presumed: presumedAfter(solution, point),
  }));
  const isFree = (register: number): boolean => {
    if (touched.has(register)) return false;
    for (const { point, live, presumed } of points) {
      for (const meant of registersMeant(point, register)) if (live[meant] !== 0 || presumed[meant] !== 0) return false;
    }
    return true;
  };
  return {
    gr: GENERAL.filter((number) => isFree(general(number))),
    br: BRANCH.filter((number) => isFree(branch(number))),
    pr: PREDICATE.filter((number) => isFree(predicate(number))),
  };
}

/** What is free at every one of several points: a macro body that is used in many places, or many configurations. */
export function intersect(sets: readonly FreeRegisters[]): FreeRegisters {
  const common = (pick: (set: FreeRegisters) => readonly number[]): readonly number[] => {
    const [first, ...rest] = sets.map(pick);
    const others = rest.map((list) => new Set(list));
    return (first ?? []).filter((number) => others.every((list) => list.has(number)));
  };
  return { gr: common((set) => set.gr), br: common((set) => set.br), pr: common((set) => set.pr) };
}

/**
 * Registers (as bank 1 names them) that the instruction reads or writes. What another instruction of its group writes may
 * be scratch when it is dead: code in the instruction's place parts the group with a stop where it must.
 */
function touchedRegisters({ program }: Solution, instruction: number): Set<number> {
  const { reads, writes } = program.instructions[instruction]!.effects;
  const touched = new Set<number>();
  addRegisters(writes, touched);
  addRegisters(reads, touched);
  return touched;
}

function addRegisters(resources: readonly number[], into: Set<number>): void {
  for (const resource of resources) {
    const register = registerOf[1][resource]!;
    if (register >= 0) into.add(register);
  }
}
