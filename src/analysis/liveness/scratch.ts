/**
 * Registers that code put in place of an instruction may use as scratch. Requires: liveness and presumed values.
 */

import { registerFor } from '../../machine/purposes.ts';
import {
  type Bank,
  branch,
  general,
  inBank,
  predicate,
  REGISTER_COUNT,
  registerNamed,
  registerOf,
} from '../../machine/register-numbers.ts';
import { banksMeant, liveAfter, pointsOf, presumedAfter, type Solution } from './program-points.ts';
import { unwinderRegisters } from './unwinder.ts';

/** Numbers of general, branch and predicate registers, ascending. */
export interface FreeRegisters {
  readonly gr: readonly number[];
  readonly br: readonly number[];
  readonly pr: readonly number[];
  /** ar.pfs, which a call destroys. */
  readonly pfs: boolean;
}

/** r0 is a constant; gp, sp and tp mean something to whatever interrupts. */
const GENERAL = [2, 3, 4, 5, 6, 7, 8, 9, 10, 11, ...Array.from({ length: 18 }, (_, at) => at + 14)];
const BRANCH = [0, 1, 2, 3, 4, 5, 6, 7];
/** p16-p63 rotate. */
export const PREDICATES = Array.from({ length: 15 }, (_, at) => at + 1);
const PREVIOUS_FRAME = registerNamed(registerFor('previous-frame').name);
const CANDIDATES = [...GENERAL.map(general), ...BRANCH.map(branch), ...PREDICATES.map(predicate), PREVIOUS_FRAME];

/**
 * The registers proven free at an instruction: nothing that runs after it reads their values, neither in this program nor,
 * by the conventions, outside it, and the instruction itself neither reads nor writes them. An earlier read in the same
 * instruction group does no harm.
 */
export function freeRegisters(solution: Solution, instruction: number): FreeRegisters {
  const taken = touchedRegisters(solution, instruction);
  for (const point of pointsOf(solution, instruction)) {
    const live = liveAfter(solution, point);
    const presumed = presumedAfter(solution, point);
    for (const bank of banksMeant(point)) markTaken(taken, bank, live, presumed);
  }
  return {
    gr: GENERAL.filter((number) => taken[general(number)] === 0),
    br: BRANCH.filter((number) => taken[branch(number)] === 0),
    pr: PREDICATES.filter((number) => taken[predicate(number)] === 0),
    pfs: taken[PREVIOUS_FRAME] === 0,
  };
}

export const NOTHING_FREE: FreeRegisters = { gr: [], br: [], pr: [], pfs: false };

/** Of the registers that may be asked for, as bank 1 names them. */
function markTaken(taken: Uint8Array, bank: Bank, live: Uint8Array, presumed: Uint8Array): void {
  for (let at = 0; at < CANDIDATES.length; at++) {
    const meant = inBank(CANDIDATES[at]!, bank);
    if (live[meant] !== 0 || presumed[meant] !== 0) taken[CANDIDATES[at]!] = 1;
  }
}

/** What is free at every one of several points: a macro body that is used in many places, or many configurations. */
export function intersect(sets: readonly FreeRegisters[]): FreeRegisters {
  if (sets.length === 0) return NOTHING_FREE;
  const common = (pick: (set: FreeRegisters) => readonly number[]): readonly number[] => {
    const [first, ...rest] = sets.map(pick);
    const others = rest.map((list) => new Set(list));
    return (first ?? []).filter((number) => others.every((list) => list.has(number)));
  };
  const pfs = sets.every((set) => set.pfs);
  return { gr: common((set) => set.gr), br: common((set) => set.br), pr: common((set) => set.pr), pfs };
}

/**
 * By register (as bank 1 names it): 1 for those that the instruction reads or writes, or an unwinder reads while it runs. What
 * another instruction of its group writes may be scratch when it is dead: code in the instruction's place parts the group with a stop
 * where it must.
 */
function touchedRegisters(solution: Solution, instruction: number): Uint8Array {
  const { reads, writes } = solution.program.instructions[instruction]!.effects;
  const touched = new Uint8Array(REGISTER_COUNT);
  mark(writes, touched);
  mark(reads, touched);
  for (const register of unwinderRegisters(solution, instruction)) touched[register] = 1;
  return touched;
}

function mark(resources: readonly number[], registers: Uint8Array): void {
  for (let at = 0; at < resources.length; at++) {
    const register = registerOf[1][resources[at]!]!;
    if (register >= 0) registers[register] = 1;
  }
}
