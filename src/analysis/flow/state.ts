/**
 * What is known where control stands, beyond the bank: psr.ic, predicates that are each other's complement, and registers
 * that hold the address of code. Flows forward; where paths meet only what holds on all of them stays.
 */

import type { NestedMiss } from '../../config/conventions.ts';
import {
  BANK0_REGISTERS,
  type Bank,
  branch,
  general,
  isBranch,
  isGeneral,
  isPredicate,
  predicateNumber,
  REGISTER_COUNT,
  registerOf,
} from '../../machine/register-numbers.ts';
import { resourceNamed } from '../../machine/resources.ts';
import type { Program, ProgramInstruction } from '../program/program.ts';
import { resolveTarget } from '../program/symbols.ts';
import type { Flow } from './flow.ts';
import { changesCollection, collectionSetBy } from './mode-table.ts';
import { anyNat, meetNats, type Nats, noteChecked, readsNat, stepNats } from './nat.ts';
import { forgetPair, meetPairs, noPairs, type Pairs, pairCompared } from './pairs.ts';
import { mayStray } from './stray.ts';

/** What a change renames: rotating predicates. */
const FRAME_MARKER = resourceNamed('cfm');
/** The current address, and the address that rfi goes to. */
const HERE = resourceNamed('ip');
const RESUME = resourceNamed('cr.iip');

/** psr.ic: 0, 1, or not known. */
export type Collection = 0 | 1 | 2;
export const UNKNOWN_COLLECTION = 2;

/** What a register holds: a block number + 1 is the address of that block; other symbols count down from EXTERNAL. */
export const ANYTHING = -1;
/** The address of some code of this file; which, depends on the path. */
export const SOME_BLOCK = -2;
/** Perhaps computed from an address of this file (`mov r2=ip`, `adds r2=1f-f,r2`). */
export const DERIVED = -3;
const EXTERNAL = -4;

export interface State {
  collection: Collection;
  /** May the nested-miss continuation register hold the address of code? */
  continuation: boolean;
  /** What cr.iip holds: may `rfi` go on in this file? */
  resumesAt: number;
  /** Predicates that exclude each other. */
  readonly pairs: Pairs;
  /** General registers that may hold a NaT. */
  readonly nats: Nats;
  /** By slot of `holder`: what the register holds. */
  readonly holds: number[];
}

/** Registers that are followed for addresses: static general registers of both banks and branch registers. */
const HOLDERS: readonly number[] = [
  ...Array.from({ length: 32 }, (_, number) => general(number)),
  ...BANK0_REGISTERS,
  ...Array.from({ length: 8 }, (_, number) => branch(number)),
];
const slotOf = new Int16Array(REGISTER_COUNT).fill(-1);
HOLDERS.forEach((register, slot) => {
  slotOf[register] = slot;
});

/** What a register holds; ANYTHING for those that are not followed. */
export function held(state: State, register: number): number {
  const slot = slotOf[register]!;
  return slot < 0 ? ANYTHING : state.holds[slot]!;
}

export function setHeld(state: State, register: number, value: number): void {
  const slot = slotOf[register]!;
  if (slot >= 0) state.holds[slot] = value;
}

/** Nothing is known but psr.ic. */
export function opaqueState(collection: Collection, continuation: boolean): State {
  return {
    collection,
    continuation,
    resumesAt: ANYTHING,
    pairs: noPairs(),
    nats: anyNat(),
    holds: new Array<number>(HOLDERS.length).fill(ANYTHING),
  };
}

export function copyState(state: State): State {
  return {
    collection: state.collection,
    continuation: state.continuation,
    resumesAt: state.resumesAt,
    pairs: state.pairs.slice(),
    nats: state.nats.slice(),
    holds: state.holds.slice(),
  };
}

/** Weakens `into` to what also holds in `from`; true when that changed it. */
export function meet(into: State, from: State): boolean {
  let changed = false;
  if (into.collection !== from.collection && into.collection !== UNKNOWN_COLLECTION) {
    into.collection = UNKNOWN_COLLECTION;
    changed = true;
  }
  if (from.continuation && !into.continuation) {
    into.continuation = true;
    changed = true;
  }
  const resumesAt = meetValue(into.resumesAt, from.resumesAt);
  if (resumesAt !== into.resumesAt) {
    into.resumesAt = resumesAt;
    changed = true;
  }
  if (meetPairs(into.pairs, from.pairs)) changed = true;
  if (meetNats(into.nats, from.nats)) changed = true;
  for (let slot = 0; slot < HOLDERS.length; slot++) {
    const met = meetValue(into.holds[slot]!, from.holds[slot]!);
    if (met !== into.holds[slot]) {
      into.holds[slot] = met;
      changed = true;
    }
  }
  return changed;
}

function meetValue(a: number, b: number): number {
  if (a === b) return a;
  if (isLocal(a) && isLocal(b)) return SOME_BLOCK;
  return mayBeHere(a) || mayBeHere(b) ? DERIVED : ANYTHING;
}

function isLocal(value: number): boolean {
  return value > 0 || value === SOME_BLOCK;
}

/** May the value lead to code of this file? */
export function mayBeHere(value: number): boolean {
  return isLocal(value) || value === DERIVED;
}

/** The same state as another program sees it, in which blocks have other numbers; `blockFor` gives 0 where it has none. */
export function translated(state: State, blockFor: (value: number) => number): State {
  const value = (held: number): number => (held > 0 ? blockFor(held - 1) || DERIVED : held);
  return { ...copyState(state), resumesAt: value(state.resumesAt), holds: state.holds.map(value) };
}

/** What instructions put into registers: found once for the program, used at every visit. */
export interface Moves {
  /** By instruction: the address that it loads, as a value of `holds`; 0: none. */
  readonly loads: Int32Array;
  /** By instruction: the resource that it copies; -1: none. */
  readonly copies: Int32Array;
  /** By block: the branch registers, as a mask, that instructions were seen to put its address into. */
  readonly branchedThrough: Map<number, number>;
  /** Branch registers, as a mask, that get the address of some block of this file. */
  anyThrough: number;
  /** May control come to places that are no labels? Then what a compare said holds nowhere for sure. */
  readonly strays: boolean;
}

/**
 * @param externals values of symbols from elsewhere by name, to be filled: programs that share it give one symbol one value
 */
export function findMoves(program: Program, { blockOf, taken }: Flow, externals: Map<string, number>): Moves {
  const count = program.instructions.length;
  const loads = new Int32Array(count);
  const copies = new Int32Array(count).fill(-1);
  for (const { index, statement, statementIndex, effects } of program.instructions) {
    if (statement.kind !== 'instruction' || !statement.mnemonic.startsWith('mov') || effects.results.length !== 1)
      continue;
    const input = statement.inputs[0];
    if (input === undefined) continue;
    const sources = effects.reads.filter((resource) => !isPredicate(registerOf[1][resource]!));
    if (sources.length === 1) {
      const register = registerOf[1][sources[0]!]!;
      if (register >= 0 && (isGeneral(register) || isBranch(register))) copies[index] = sources[0]!;
    } else if (sources.length === 0) {
      const target = resolveTarget(program.symbols, input, statementIndex);
      if (target === null) continue;
      if (target.label !== null) {
        if (target.label.instruction >= 0) loads[index] = blockOf[target.label.instruction]! + 1;
      } else {
        let value = externals.get(target.symbol);
        if (value === undefined) {
          value = EXTERNAL - externals.size;
          externals.set(target.symbol, value);
        }
        loads[index] = value;
      }
    }
  }
  for (const addresses of taken.values()) {
    for (const { instruction } of addresses)
      if (loads[instruction] === 0 && copies[instruction]! < 0) loads[instruction] = DERIVED;
  }
  return { loads, copies, branchedThrough: new Map(), anyThrough: 0, strays: mayStray(program) };
}

/** Takes `state` over one instruction that runs on `bank`. */
export function step(
  state: State,
  instruction: ProgramInstruction,
  bank: Bank,
  moves: Moves,
  nested: NestedMiss | null,
): void {
  const { effects } = instruction;
  const toRegister = registerOf[bank];
  if (!effects.known) {
    state.collection = UNKNOWN_COLLECTION;
    state.continuation = true;
    state.resumesAt = DERIVED;
    state.pairs.fill(0);
    state.nats.fill(1);
    state.holds.fill(ANYTHING);
    return;
  }
  if (changesCollection(instruction)) state.collection = collectionAfter(state.collection, instruction);
  const value = valueMoved(state, instruction, toRegister, moves);
  const { writes } = effects;
  const certain = effects.predicate === 0;
  const checksByBranch = effects.branch !== null;
  if (!checksByBranch) noteChecked(state.nats, effects, toRegister);
  const mayBeNat = readsNat(state.nats, effects, toRegister);
  stepNats(state.nats, effects, toRegister, mayBeNat);
  for (let at = 0; at < writes.length; at++) {
    const resource = writes[at]!;
    const register = toRegister[resource]!;
    if (resource === RESUME) state.resumesAt = certain ? value : meetValue(state.resumesAt, value);
    else if (resource === FRAME_MARKER) forgetRotating(state);
    if (register < 0) continue;
    if (isPredicate(register)) forgetPair(state.pairs, predicateNumber(register));
    else {
      if (isBranch(register)) noteBranchAddress(moves, value, register);
      if (register === nested?.continuation)
        state.continuation = value !== ANYTHING || (!certain && state.continuation);
      setHeld(state, register, certain ? value : meetValue(held(state, register), value));
    }
  }
  if (!moves.strays) pairCompared(state.pairs, instruction, toRegister, mayBeNat);
}

function noteBranchAddress(moves: Moves, value: number, register: number): void {
  const mask = 1 << (register - branch(0));
  if (value > 0) moves.branchedThrough.set(value - 1, (moves.branchedThrough.get(value - 1) ?? 0) | mask);
  else if (mayBeHere(value)) moves.anyThrough |= mask;
}

/** What a move puts into its result; ANYTHING for every other instruction. */
function valueMoved(
  state: State,
  { index, effects }: ProgramInstruction,
  toRegister: Int16Array,
  moves: Moves,
): number {
  const loaded = moves.loads[index]!;
  if (loaded !== 0) return loaded;
  const copied = moves.copies[index]!;
  if (copied >= 0) return held(state, toRegister[copied]!);
  if (effects.readsMemory) return ANYTHING;
  const { reads } = effects;
  for (let at = 0; at < reads.length; at++)
    if (reads[at] === HERE || carriesAddress(state, toRegister[reads[at]!]!)) return DERIVED;
  return ANYTHING;
}

function carriesAddress(state: State, register: number): boolean {
  return register >= 0 && mayBeHere(held(state, register));
}

const FIRST_ROTATING = 16;

/** Rotating predicates go by other names behind it (SDM vol. 1, 4.5.1). */
function forgetRotating(state: State): void {
  for (let p = FIRST_ROTATING; p < 64; p++) forgetPair(state.pairs, p);
}

function collectionAfter(before: Collection, { statement, effects }: ProgramInstruction): Collection {
  const set = statement.kind === 'instruction' ? collectionSetBy(statement.mnemonic) : null;
  if (set === null) return UNKNOWN_COLLECTION;
  return effects.predicate === 0 || set === before ? set : UNKNOWN_COLLECTION;
}
