/** Runs a source and its listings from the same state, from exit to exit, and compares them at each. */

import type { Image } from '../execution/image.ts';
import type { Machine } from '../execution/machine.ts';
import { hex } from '../execution/memory.ts';
import { type Coverage, Endless, type RunOptions, run, type Watch } from '../execution/run.ts';
import { type ExecutionExit, Undefined } from '../execution/signals.ts';
import { scratchRegisters } from '../machine/purposes.ts';
import { registersOf } from '../machine/register-table.ts';
import { differences } from './compare.ts';

/** One side: an image, the machine it runs on, where it is. */
export interface Side {
  readonly image: Image;
  readonly machine: Machine;
  readonly nested?: number | undefined;
  at: number;
}

export type LockstepResult =
  | { readonly kind: 'equal'; readonly exits: number }
  /** The source itself is undefined from this state, or does not end within the limit. */
  | { readonly kind: 'undefined' | 'endless'; readonly reason: string }
  | { readonly kind: 'different'; readonly reasons: readonly string[]; readonly exit: string };

export interface Rules {
  readonly steps: number;
  /** The most exits (calls of C) that a run is followed through. */
  readonly exits: number;
  readonly coverage?: Coverage;
  /** Called before each instruction is executed: one of the source, one of the listing. */
  readonly watches?: readonly [Watch, Watch];
  /** What may differ at an exit of the source. */
  excusedAt(exit: ExecutionExit, instruction: number): ReadonlySet<string>;
  /** The branch register through which code outside returns. */
  returnsThrough(address: bigint): number;
  nameOf(address: bigint): string;
}

/** Compares one listing with its source. Both sides are at the same entry, in the same state. */
export function inLockstep(native: Side, guest: Side, rules: Rules): LockstepResult {
  const limits = { steps: rules.steps };
  const limitsHere = { steps: rules.steps * 8 };
  const arrives = native.image.landings !== null && guest.image.landings !== null;
  const options = (side: Side): RunOptions => ({
    nested: side.nested,
    landings: arrives ? side.image.landings : null,
    watch: rules.watches?.[side === native ? 0 : 1],
    ...(side === native && rules.coverage !== undefined ? { coverage: rules.coverage } : {}),
  });
  for (let exits = 0; ; exits++) {
    let exit: ExecutionExit;
    try {
      exit = run(native.machine, native.image, native.at, limits, options(native));
    } catch (error) {
      if (error instanceof Undefined) return { kind: 'undefined', reason: error.message };
      if (error instanceof Endless) return { kind: 'endless', reason: error.message };
      throw error;
    }
    const words = exitText(exit, rules);
    // A kernel that takes a General Exception by itself is undefined.
    if (exit.kind === 'fault' && exit.name === 'General Exception') return { kind: 'undefined', reason: words };
    let here: ExecutionExit;
    try {
      here = run(guest.machine, guest.image, guest.at, limitsHere, options(guest));
    } catch (error) {
      if (!(error instanceof Undefined || error instanceof Endless)) throw error;
      return { kind: 'different', reasons: [error.message], exit: words };
    }
    const wordsHere = exitText(here, rules);
    if (words !== wordsHere)
      return { kind: 'different', reasons: [`native: ${words}; here: ${wordsHere}`], exit: words };
    const instruction = native.machine.at;
    if (exit.kind === 'fault') {
      if (!exit.resumes) return { kind: 'equal', exits };
      native.at = instruction;
      guest.at = guest.machine.at;
      continue;
    }
    const found = differences(native.machine, guest.machine, {
      excused: rules.excusedAt(exit, instruction),
      bank0: exit.kind !== 'rfi',
    });
    if (found.length > 0) return { kind: 'different', reasons: found, exit: words };
    if (exit.kind !== 'call' || exits >= rules.exits) return { kind: 'equal', exits };
    // A subroutine returns through b0, or what its convention says, whatever register the call was given.
    const back = native.machine.br[rules.returnsThrough(exit.address)]!;
    for (const side of [native, guest]) comeBack(side, exits);
    const next = native.image.indexAt(back);
    const nextHere = guest.image.indexAt(back);
    if (next === undefined || nextHere === undefined) return { kind: 'equal', exits };
    native.at = next;
    guest.at = nextHere;
  }
}

export function exitText(exit: ExecutionExit, rules: Pick<Rules, 'nameOf'>): string {
  switch (exit.kind) {
    case 'call':
      return `calls ${rules.nameOf(exit.address)}`;
    case 'branch':
      return `goes to ${rules.nameOf(exit.address)}`;
    case 'rfi':
      return `returns from the interruption to ${rules.nameOf(exit.address)}`;
    case 'break':
      return `break ${hex(exit.number)}`;
    case 'fault':
      // The register that held a NaT may be another one in the listing.
      return exit.name === 'NaT Consumption' ? `faults: ${exit.name}` : `faults: ${exit.name}, ${exit.detail}`;
  }
}

/** Registers that a subroutine may destroy (software conventions, 5.1-5.3; SDM vol. 1, 3.1). */
const SCRATCH_GENERAL = registersOf('gr').flatMap((each) =>
  each?.role === 'scratch' || each?.role === 'return' ? [each.number] : [],
);
const SCRATCH_PREDICATES = scratchRegisters('pr').map(({ number }) => number);
const SCRATCH_BRANCHES = scratchRegisters('br').map(({ number }) => number);

/** What may differ where C code is called: what it may destroy and is not given. */
export const CALLEE_SCRATCH: ReadonlySet<string> = new Set([
  ...SCRATCH_GENERAL.map((number) => `r${number}`),
  ...SCRATCH_PREDICATES.map((number) => `p${number}`),
  ...SCRATCH_BRANCHES.map((number) => `b${number}`),
]);

/**
 * Simulates the return of code outside: the frame is restored, and scratch registers hold some values, the same on every
 * machine.
 */
function comeBack({ machine }: Side, call: number): void {
  const { world } = machine;
  machine.marksRead = 0;
  machine.isForeign = 0;
  machine.group++;
  machine.leaveFrame();
  machine.group++;
  for (const number of SCRATCH_GENERAL) {
    const at = machine.physical(number);
    machine.gr[at] = world.value(world.hash(call, 100 + number));
    machine.marks[at] = 0;
    machine.foreign[at] = 0;
  }
  for (const number of SCRATCH_PREDICATES) {
    machine.pr[number] = world.hash(call, 300 + number) & 1;
    machine.prMarks[number] = 0;
  }
  for (const number of SCRATCH_BRANCHES) {
    machine.br[number] = world.kernelPointer(world.hash(call, 400 + number));
    machine.brMarks[number] = 0;
  }
}
