/** Runs a source and its listings from the same state, from exit to exit, and compares them at each. */

import type { Image } from '../execution/image.ts';
import type { Machine } from '../execution/machine.ts';
import { hex } from '../execution/memory.ts';
import { type Coverage, Endless, type RunOptions, run, type Watch } from '../execution/run.ts';
import { type ExecutionExit, Undefined, Unexecutable } from '../execution/signals.ts';
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

/** A listing's side. */
export interface Guest extends Side {
  /** What may differ at an exit of the source. */
  excusedAt(exit: ExecutionExit, instruction: number): ReadonlySet<string>;
}

export type LockstepResult =
  | { readonly kind: 'equal'; readonly exits: number }
  /** The source itself is undefined from this state, or does not end within the limit. */
  | { readonly kind: 'undefined' | 'endless'; readonly reason: string }
  | { readonly kind: 'different'; readonly reasons: readonly string[]; readonly exit: string }
  /** The source or the listing comes to an instruction that cannot be executed. */
  | { readonly kind: 'refused'; readonly error: Unexecutable };

export interface Rules {
  readonly steps: number;
  /** The most exits (calls of C) that a run is followed through. */
  readonly exits: number;
  readonly coverage?: Coverage;
  /** Called before each instruction is executed: one of the source, one of the listings. */
  readonly watches?: readonly [Watch, Watch];
  /** The branch register through which code outside returns. */
  returnsThrough(address: bigint): number;
  nameOf(address: bigint): string;
}

/** A listing may execute so many times as many instructions as its source. */
const LONGER = 8;

/** A listing's run; its result is null while it goes on. */
interface GuestRun {
  readonly guest: Guest;
  readonly limits: { steps: number };
  readonly options: RunOptions;
  result: LockstepResult | null;
}

/** Where the source has left, in words too. */
interface NativeExit {
  readonly exit: ExecutionExit;
  readonly words: string;
  /** The instruction that leaves. */
  readonly instruction: number;
}

/**
 * Compares listings with their source, which runs once for all of them. All sides are at the same entry, in the same state.
 * Interrupts arrive where all of them have all labels of the source.
 *
 * @returns the result of each listing
 */
export function inLockstep(native: Side, guests: readonly Guest[], rules: Rules): LockstepResult[] {
  const hasLabels = [native, ...guests].every(({ image }) => image.landings !== null);
  const optionsOf = (side: Side, watch: Watch | undefined): RunOptions => ({
    nested: side.nested,
    landings: hasLabels ? side.image.landings : null,
    watch,
  });
  const { coverage, watches } = rules;
  const options = { ...optionsOf(native, watches?.[0]), ...(coverage === undefined ? {} : { coverage }) };
  const limits = { steps: rules.steps };
  const runs = guests.map(
    (guest): GuestRun => ({
      guest,
      limits: { steps: rules.steps * LONGER },
      options: optionsOf(guest, watches?.[1]),
      result: null,
    }),
  );
  for (let exits = 0; ; exits++) {
    const going = runs.filter(({ result }) => result === null);
    if (going.length === 0) return runs.map(({ result }) => result!);
    const left = leave(() => run(native.machine, native.image, native.at, limits, options), native, rules);
    if ('kind' in left) {
      for (const each of going) each.result = left;
      continue;
    }
    for (const each of going) each.result = resultAt(left, native.machine, each, exits, rules);
    goOn(left, native, going, exits, rules);
  }
}

/** Runs the source to its next exit; the result where it has none that means something. */
function leave(
  toExit: () => ExecutionExit,
  { machine }: Side,
  rules: Pick<Rules, 'nameOf'>,
): NativeExit | LockstepResult {
  let exit: ExecutionExit;
  try {
    exit = toExit();
  } catch (error) {
    if (error instanceof Unexecutable) return { kind: 'refused', error };
    if (error instanceof Undefined) return { kind: 'undefined', reason: error.message };
    if (error instanceof Endless) return { kind: 'endless', reason: error.message };
    throw error;
  }
  const words = exitText(exit, rules);
  // A kernel that takes a General Exception by itself is undefined.
  if (exit.kind === 'fault' && exit.name === 'General Exception') return { kind: 'undefined', reason: words };
  return { exit, words, instruction: machine.at };
}

/** Runs a listing to its next exit, which must be that of the source; null: both go on. */
function resultAt(
  { exit, words, instruction }: NativeExit,
  native: Machine,
  { guest, limits, options }: GuestRun,
  exits: number,
  rules: Rules,
): LockstepResult | null {
  let here: ExecutionExit;
  try {
    here = run(guest.machine, guest.image, guest.at, limits, options);
  } catch (error) {
    if (error instanceof Unexecutable) return { kind: 'refused', error };
    if (!(error instanceof Undefined || error instanceof Endless)) throw error;
    return { kind: 'different', reasons: [error.message], exit: words };
  }
  const wordsHere = exitText(here, rules);
  if (words !== wordsHere) return { kind: 'different', reasons: [`native: ${words}; here: ${wordsHere}`], exit: words };
  if (exit.kind === 'fault') return exit.resumes ? null : { kind: 'equal', exits };
  const found = differences(native, guest.machine, {
    excused: guest.excusedAt(exit, instruction),
    bank0: exit.kind !== 'rfi',
  });
  if (found.length > 0) return { kind: 'different', reasons: found, exit: words };
  return exit.kind !== 'call' || exits >= rules.exits ? { kind: 'equal', exits } : null;
}

/** Behind a fault whose handler is elsewhere the instruction is executed again; behind a call of C control comes back. */
function goOn(
  { exit, instruction }: NativeExit,
  native: Side,
  runs: readonly GuestRun[],
  exits: number,
  rules: Rules,
): void {
  const going = runs.filter(({ result }) => result === null);
  if (exit.kind !== 'call') {
    native.at = instruction;
    for (const { guest } of going) guest.at = guest.machine.at;
    return;
  }
  // A subroutine returns through b0, or what its convention says, whatever register the call was given.
  const back = native.machine.br[rules.returnsThrough(exit.address)]!;
  comeBack(native, exits);
  const next = native.image.indexAt(back);
  for (const each of going) {
    const nextHere = each.guest.image.indexAt(back);
    if (next === undefined || nextHere === undefined) each.result = { kind: 'equal', exits };
    else {
      comeBack(each.guest, exits);
      each.guest.at = nextHere;
    }
  }
  if (next !== undefined) native.at = next;
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
