/** Executes an image on a machine until control leaves the image. */
import type { Image } from './image.ts';
import type { Machine } from './machine.ts';
import { PSR } from './psr.ts';
import { type ExecutionExit, Fault, Undefined, Unexecutable } from './signals.ts';
import { translatedPage } from './translations.ts';

/** Branch coverage: by instruction a set of 1 (taken) and 2 (not taken). */
export type Coverage = Uint8Array;

export interface Limits {
  /** Number of instructions that may still be executed. */
  steps: number;
}

/** The limit of executed instructions was reached. */
export class Endless extends Error {}

/** Called before each instruction, for traces. */
export type Watch = (machine: Machine, index: number) => void;

export interface RunOptions {
  readonly coverage?: Coverage;
  readonly watch?: Watch | undefined;
  /** By instruction: 1 if an interrupt may arrive there (see `Machine.arrivesIn`). */
  readonly landings?: Uint8Array | null | undefined;
  /** Index of the nested-miss handler's first instruction; undefined when it is not in the image. */
  readonly nested?: number | undefined;
}

/**
 * Executes from an instruction to the next exit; `machine.at` is then the instruction that exits.
 *
 * @throws Undefined when the code has no defined meaning, Endless when the limit is reached
 */
export function run(
  machine: Machine,
  image: Image,
  start: number,
  limits: Limits,
  options: RunOptions = {},
): ExecutionExit {
  let at = start;
  for (;;) {
    try {
      return steps(machine, image, at, limits, options);
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      const next = faulted(machine, error, options);
      if (typeof next !== 'number') return next;
      at = next;
    }
  }
}

/** Faults whose handler inserts the missing translation, so that the instruction is executed again. */
const MISSES: ReadonlySet<string> = new Set(['VHPT Translation', 'Data TLB', 'Alternate Data TLB', 'Data Nested TLB']);

/** Index of the instruction that a fault leads to, or the exit when the handler is not in the image. */
function faulted(
  machine: Machine,
  { vector: name, detail, address }: Fault,
  { nested }: RunOptions,
): number | ExecutionExit {
  machine.branched = false;
  machine.isForeign = 0;
  if (name === 'Data Nested TLB' && nested !== undefined) {
    // The effect of an interruption on psr; psr.ic is already 0, so no state is collected (SDM vol. 2, 5.5.2).
    machine.writePsr(machine.readPsr() & ~(PSR.i | PSR.ic | PSR.be));
    machine.group++;
    return nested;
  }
  const resumes = address !== null && MISSES.has(name);
  if (resumes) machine.translations.insert('data', translatedPage(address, 14n), false, true);
  return { kind: 'fault', name, detail, resumes };
}

function steps(machine: Machine, image: Image, start: number, limits: Limits, options: RunOptions): ExecutionExit {
  const { code, stops, foreign, addresses, backs } = image;
  const { next } = image.program;
  const { coverage, watch, landings } = options;
  let at = start;
  for (;;) {
    machine.at = at;
    const instruction = code.at(at);
    if (typeof instruction !== 'object') throw unexecutable(image, at, instruction);
    if (limits.steps-- <= 0) throw new Endless(`no end after so many instructions`);
    if (landings != null && landings[at] === 1 && --machine.arrivesIn === 0) machine.arrive();
    if (watch !== undefined) watch(machine, at);
    const { predicate, isBranch } = instruction;
    machine.isForeign = foreign[at]!;
    machine.foreignRead = 0;
    if (predicate === 0 || machine.holds(predicate, isBranch)) {
      if (coverage !== undefined && isBranch) coverage[at]! |= 1;
      const { checks } = instruction;
      for (let which = 0; which < checks.length; which++)
        if (machine.isNat(checks[which]!)) throw new Fault('NaT Consumption', `r${checks[which]!}`);
      machine.ip = addresses[at]!;
      machine.back = backs[at]!;
      machine.marksRead = 0;
      instruction.run(machine);
      if (machine.exit !== null) {
        const { exit } = machine;
        machine.exit = null;
        return exit;
      }
      if (machine.branched) {
        machine.branched = false;
        machine.group++;
        const target = image.indexAt(machine.target);
        if (target === undefined) return left(machine, image, at);
        at = target;
        continue;
      }
    } else {
      if (coverage !== undefined && isBranch) coverage[at]! |= 2;
      if (instruction.otherwise !== null) {
        machine.marksRead = 0;
        instruction.otherwise(machine);
      }
    }
    if (stops[at] === 1) machine.group++;
    at = next[at]!;
  }
}

function unexecutable({ program }: Image, at: number, why: string | undefined): Error {
  return why === undefined
    ? new Undefined('control runs off the end of the code')
    : new Unexecutable(why, program.instructions[at]!);
}

function left(machine: Machine, image: Image, at: number): ExecutionExit {
  const address = machine.target;
  if (machine.how === 'call') return { kind: 'call', address, back: image.backs[at]! };
  return { kind: machine.how, address };
}
