/**
 * Forward dataflow over the values that registers had at an entry: which register still holds which entry value, and which
 * entry values some instruction may have read and so may have saved. Requires: the graph.
 *
 * `holds` is a must analysis (paths that disagree give UNKNOWN), `saved` and `stored` are may analyses; all only descend, so the solution
 * is reached in time linear in the nodes for each register (Kildall, POPL 1973).
 */
import { PREDICATES_AS_ONE } from '../../machine/copies.ts';
import { scratchRegisters } from '../../machine/purposes.ts';
import {
  type Bank,
  isBank0,
  isPredicate,
  isStacked,
  REGISTER_COUNT,
  registerNamed,
  registerOf,
  STACKED_REGISTERS,
} from '../../machine/register-numbers.ts';
import type { Node } from '../flow/graph.ts';
import { linkedJump } from '../liveness/linked-jumps.ts';
import type { Solution } from '../liveness/program-points.ts';
import type { ProgramInstruction } from '../program/program.ts';
import { type StepTarget, type ValueStep, valueStep } from './value-steps.ts';

/**
 * What a register holds: UNKNOWN, the entry value of a register (`entryOf`), or what an instruction computed or loaded
 * (`computedBy`, `loadedBy`).
 */
export const UNKNOWN = 0;
export const entryOf = (register: number): number => register + 1;
const computedBy = (instruction: number): number => -1 - instruction;
const loadedBy = (instruction: number): number => -1 - LOADED - instruction;
/** Above the index of any instruction. */
const LOADED = 2 ** 29;
/** What one of several instructions computed. */
const COMPUTED = -(2 ** 31);
/** The instruction that computed or loaded the value; -1 when the value is another, or that of one of several. */
export const computer = (value: number): number => {
  if (value >= 0 || value === COMPUTED) return -1;
  return -1 - value < LOADED ? -1 - value : -1 - LOADED - value;
};
/** Is it surely another value than any that a register had at the entry? */
export const isComputed = (value: number): boolean => value < 0 && (value === COMPUTED || -1 - value < LOADED);

export const isLoaded = (value: number): boolean => value < 0 && !isComputed(value);

/** What is known where either value may be there. */
function either(a: number, b: number): number {
  if (a === b) return a;
  return isComputed(a) && isComputed(b) ? COMPUTED : UNKNOWN;
}

/** Stands for the register frame; 1 in `saved` where `cover` has put it away, so that stacked registers are other ones. */
export const FRAME = REGISTER_COUNT + 1;

const SLOTS = REGISTER_COUNT + 2;

export interface EntryState {
  /** By followed register. */
  readonly holds: Int32Array;
  /** By followed register: 1 where its entry value may have been read. */
  readonly saved: Uint8Array;
  /** By followed register: 1 where its entry value may be in memory. */
  readonly stored: Uint8Array;
  /** Registers of bank 0 may hold what code before the entry has saved in them. */
  handed: boolean;
}

/**
 * Where entry values may be from the beginning besides in their registers. perhaps: in memory, where somebody else has put them:
 * `longjmp`; handed: in memory and in registers of bank 0, where the first part of a handler has put them.
 */
export type Kept = 'perhaps' | 'none' | 'handed';

const ENTRY_VALUES = Int32Array.from({ length: SLOTS }, (_, register) => entryOf(register));

export function entryState(kept: Kept): EntryState {
  return {
    holds: ENTRY_VALUES.slice(),
    // What is handed over has been saved by whoever had it first.
    saved: new Uint8Array(SLOTS).fill(kept === 'handed' ? 1 : 0),
    stored: new Uint8Array(SLOTS).fill(kept === 'none' ? 0 : 1),
    handed: kept === 'handed',
  };
}

export function copyOf({ holds, saved, stored, handed }: EntryState): EntryState {
  return { holds: holds.slice(), saved: saved.slice(), stored: stored.slice(), handed };
}

/** Makes `into` the same as `from`. */
export function assignState(into: EntryState, { holds, saved, stored, handed }: EntryState): void {
  into.holds.set(holds);
  into.saved.set(saved);
  into.stored.set(stored);
  into.handed = handed;
}

/** May a value that is written to a register be the one that the register had at the entry? */
export function mayBeOwn({ stored, handed }: EntryState, register: number, value: number): boolean {
  if (value >= 0) return value === UNKNOWN || value === entryOf(register) || (handed && isBank0(value - 1));
  if (isComputed(value)) return false;
  return stored[register] === 1 || (isPredicate(register) && stored[PREDICATES_AS_ONE] === 1);
}

function join(into: EntryState, from: EntryState): boolean {
  let changed = false;
  for (let register = 0; register < SLOTS; register++) {
    const before = into.holds[register]!;
    const joined = before === from.holds[register] ? before : either(before, from.holds[register]!);
    if (joined !== before) {
      into.holds[register] = joined;
      changed = true;
    }
    if (from.saved[register] === 1 && into.saved[register] === 0) {
      into.saved[register] = 1;
      changed = true;
    }
    if (from.stored[register] === 1 && into.stored[register] === 0) {
      into.stored[register] = 1;
      changed = true;
    }
  }
  return changed;
}

/** Calls `take` with each value that an instruction writes, from the state in front of it: see `EntryState.holds`. */
export function eachWrite(
  solution: Solution,
  state: EntryState,
  instruction: ProgramInstruction,
  bank: Bank,
  take: (register: number, value: number) => void,
): void {
  const step = valueStep(solution, instruction, bank);
  for (const target of step.targets) take(target.register, valueFor(state, step, target, instruction));
}

function valueFor(
  state: EntryState,
  { copied }: ValueStep,
  { register, toConstant, readsItself }: StepTarget,
  { index, effects }: ProgramInstruction,
): number {
  const { holds } = state;
  if (copied === PREDICATES_AS_ONE && isSavedAgain(state)) return computedBy(index);
  if (copied >= 0) {
    const value = holds[copied]!;
    return isPredicate(register) && value === entryOf(PREDICATES_AS_ONE) ? entryOf(register) : value;
  }
  if (toConstant) return entryOf(register);
  if (effects.readsMemory) return loadedBy(index);
  // `adds r12=-16,r12`: what steps a register may step it back, but not from what was computed or loaded here.
  return readsItself && holds[register]! >= 0 ? UNKNOWN : computedBy(index);
}

/** Has some predicate surely another value than when all of them were saved? Then this copy is of others. */
function isSavedAgain({ holds, saved }: EntryState): boolean {
  return SCRATCH_PREDICATES.some((register) => saved[register] === 1 && isComputed(holds[register]!));
}

const SCRATCH_PREDICATES = scratchRegisters('pr').map(({ name }) => registerNamed(name));

/** Room for the values that one instruction writes. */
const VALUES: number[] = [];

/** Takes the state over one instruction. */
export function stepOver(solution: Solution, state: EntryState, instruction: ProgramInstruction, bank: Bank): void {
  if (!instruction.effects.known) {
    forgetAll(state);
    return;
  }
  const step = valueStep(solution, instruction, bank);
  const { targets, reads, stores, leavesEmptyFrame } = step;
  for (let at = 0; at < targets.length; at++) VALUES[at] = valueFor(state, step, targets[at]!, instruction);
  for (let at = 0; at < reads.length; at++) noteRead(state, reads[at]!);
  for (let at = 0; at < stores.length; at++) noteStore(state, stores[at]!);
  for (let at = 0; at < targets.length; at++) {
    const { register, certain } = targets[at]!;
    state.holds[register] = certain ? VALUES[at]! : either(state.holds[register]!, VALUES[at]!);
  }
  if (leavesEmptyFrame) newFrame(state);
}

/** Notes that the entry value in a register is read, and so may have been saved. */
function noteRead({ holds, saved }: EntryState, register: number): void {
  const value = holds[register]!;
  if (value > 0) saved[value - 1] = 1;
}

/** Notes that the entry value in a register is stored in memory; an unknown value may be that of any register. */
function noteStore({ holds, stored }: EntryState, register: number): void {
  const value = holds[register]!;
  if (value > 0) stored[value - 1] = 1;
  else if (value === UNKNOWN) stored.fill(1);
}

/** The register stack keeps the old frame; its names now mean others. */
function newFrame({ holds, saved, stored }: EntryState): void {
  for (const register of STACKED_REGISTERS) {
    holds[register] = UNKNOWN;
    saved[register] = stored[register] = 1;
  }
  saved[FRAME] = 1;
}

function forgetAll({ holds, saved, stored }: EntryState): void {
  holds.fill(UNKNOWN);
  saved.fill(1);
  stored.fill(1);
}

/** The state after a call: code of this file may have saved and restored anything; external code keeps to its convention. */
export function stepOverCall(solution: Solution, state: EntryState, node: Node): void {
  const { exit, block } = node;
  const local = block.terminator.target >= 0;
  const linked = linkedJump(solution, node);
  if (linked !== null) followConvention(state, linked.agreement.reads[node.bank], linked.agreement.clobbers[node.bank]);
  else if (local || exit.reads === null) {
    const kept = local ? STACKED_REGISTERS.map((register) => state.holds[register]!) : [];
    forgetAll(state);
    kept.forEach((value, at) => {
      state.holds[STACKED_REGISTERS[at]!] = value;
    });
  } else {
    const { symbol } = block.terminator;
    const convention = symbol === null ? undefined : solution.conventions.symbols.get(symbol);
    followConvention(state, convention === undefined ? [] : exit.reads, exit.clobbers);
  }
  // The instruction itself wrote the link register and ar.pfs: that is what the callee gives back.
  for (const resource of node.code.at(-1)!.effects.writes) {
    const register = registerOf[node.bank][resource]!;
    if (register >= 0 && !isStacked(register)) state.holds[register] = computedBy(block.last);
  }
}

function followConvention(state: EntryState, reads: readonly number[], clobbers: readonly number[]): void {
  for (const register of reads) {
    noteRead(state, register);
    const value = state.holds[register]!;
    if (value > 0) state.stored[value - 1] = 1;
  }
  for (const register of clobbers) state.holds[register] = UNKNOWN;
}

/** One way on from a node. */
export interface Edge {
  readonly to: number;
  /** Takes it over a call. */
  readonly call: boolean;
  /** The predicate that holds on it (negative: that does not hold); 0: nothing is known. */
  readonly under: number;
}

/**
 * Where control surely may go on in the same activation: a call of a local routine is stepped over, a branch through a
 * register of unknown content leads to addresses that anybody takes and is not followed.
 */
export function edgesOf(solution: Solution, node: Node): Edge[] {
  const { graph } = solution;
  const { exit, block, bank } = node;
  const { kind, next } = block.terminator;
  const edges: Edge[] = [];
  const behind = exit.predicate > 0 ? -exit.predicate : 0;
  if (kind === 'call') {
    const back = next < 0 ? -1 : graph.nodeOf[next * 2 + bank]!;
    const returns = block.terminator.target >= 0 || exit.returns;
    if (back >= 0 && returns) edges.push({ to: back, call: true, under: 0 });
    if (back >= 0 && exit.predicate !== 0) edges.push({ to: back, call: false, under: behind });
    return edges;
  }
  const linked = linkedJump(solution, node);
  if (linked !== null) {
    const on = exit.next < 0 ? [] : [{ to: exit.next, call: false, under: behind }];
    return [{ to: linked.back, call: true, under: 0 }, ...on];
  }
  if (kind === 'break') return exit.next < 0 ? [] : [{ to: exit.next, call: true, under: behind }];
  const unsure = exit.unsure || ((kind === 'indirect' || kind === 'return') && exit.taken.length > 1);
  if (!unsure)
    for (const to of exit.taken) if (to >= 0) edges.push({ to, call: false, under: Math.max(exit.predicate, 0) });
  if (exit.next >= 0) edges.push({ to: exit.next, call: false, under: behind });
  for (const to of node.recoveries) if (to >= 0) edges.push({ to, call: false, under: 0 });
  return edges;
}

/** By node: the state in front of it; undefined where no entry leads. */
export function solveEntryValues(
  solution: Solution,
  entries: readonly number[],
  kept: Kept = 'perhaps',
): readonly (EntryState | undefined)[] {
  const { nodes } = solution.graph;
  const states = new Array<EntryState | undefined>(nodes.length);
  const queue = [...entries];
  const queued = new Uint8Array(nodes.length);
  for (const entry of entries) {
    states[entry] = entryState(kept);
    queued[entry] = 1;
  }
  const reach = (to: number, state: EntryState): void => {
    const known = states[to];
    if (known === undefined) states[to] = copyOf(state);
    else if (!join(known, state)) return;
    if (queued[to] === 1) return;
    queued[to] = 1;
    queue.push(to);
  };
  const state = entryState(kept);
  const back = entryState(kept);
  for (let at = 0; at < queue.length; at++) {
    const node = nodes[queue[at]!]!;
    queued[node.id] = 0;
    assignState(state, states[node.id]!);
    for (const instruction of node.code) stepOver(solution, state, instruction, node.bank);
    for (const { to, call } of edgesOf(solution, node)) {
      if (!call) {
        reach(to, state);
        continue;
      }
      assignState(back, state);
      stepOverCall(solution, back, node);
      reach(to, back);
    }
  }
  return states;
}
