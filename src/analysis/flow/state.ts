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
import { changesPsrIc, psrIcSetBy } from './mode-table.ts';
import { anyNat, meetNats, type Nats, noteChecked, readsNat, stepNats } from './nat.ts';
import { forgetPair, meetPairs, noPairs, type Pairs, pairCompared } from './pairs.ts';
import { mayEnterBetweenLabels } from './unlabelled-targets.ts';

/** What a change renames: rotating predicates. */
const FRAME_MARKER = resourceNamed('cfm');
/** The current address, and the address that rfi goes to. */
const HERE = resourceNamed('ip');
const RESUME = resourceNamed('cr.iip');

/** psr.ic: 0, 1, or not known. */
export type PsrIc = 0 | 1 | 2;
export const UNKNOWN_PSR_IC = 2;

/**
 * What a register holds: a block number + 1 is the address of that block; RETURNS + an entry block, the return address that
 * some call of this file of the subroutine at that block has left; other symbols count down from EXTERNAL.
 */
export const ANYTHING = -1;
/** The address of some code of this file; which, depends on the path. */
export const SOME_BLOCK = -2;
/** Perhaps computed from an address of this file (`mov r2=ip`, `adds r2=1f-f,r2`). */
export const DERIVED = -3;
/** Out of memory, or computed from that: what stands in a table of this file, or anything. */
export const LOADED = -4;
/** The return address of some call of this file, or something that outside gave. */
export const RETURN_OR_GIVEN = -5;
const EXTERNAL = -6;
const RETURNS = 2 ** 30;

/** The return address that a call of the subroutine at a block has left. */
export function returnOf(entry: number): number {
  return RETURNS + entry;
}

/** The entry of the subroutine whose return address a value is; -1: it is none. */
export function returnsFrom(value: number): number {
  return value >= RETURNS ? value - RETURNS : -1;
}

/** The block whose address a value is; -1: it is none, or which is not known. */
export function blockAt(value: number): number {
  return value > 0 && value < RETURNS ? value - 1 : -1;
}

/** Is a value surely the address of a symbol of another file? */
export function isExternal(value: number): boolean {
  return value <= EXTERNAL;
}

export interface State {
  psrIc: PsrIc;
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

/** What registers hold behind a call: those that the subroutine does not write, what they held in front of it. */
export function setHeldBehind(behind: State, before: State, writes: Uint8Array, unknown: number): void {
  HOLDERS.forEach((register, slot) => {
    behind.holds[slot] = writes[register] === 1 ? unknown : before.holds[slot]!;
  });
}

/** Nothing is known but psr.ic. */
export function opaqueState(psrIc: PsrIc, continuation: boolean): State {
  return {
    psrIc,
    continuation,
    resumesAt: ANYTHING,
    pairs: noPairs(),
    nats: anyNat(),
    holds: new Array<number>(HOLDERS.length).fill(ANYTHING),
  };
}

export function copyState(state: State): State {
  return {
    psrIc: state.psrIc,
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
  if (into.psrIc !== from.psrIc && into.psrIc !== UNKNOWN_PSR_IC) {
    into.psrIc = UNKNOWN_PSR_IC;
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
  if (isReturnOrGiven(a) && isReturnOrGiven(b) && (mayBeHere(a) || mayBeHere(b))) return RETURN_OR_GIVEN;
  if (mayBeHere(a) || mayBeHere(b)) return DERIVED;
  return a === LOADED || b === LOADED ? LOADED : ANYTHING;
}

function isReturnOrGiven(value: number): boolean {
  return value === ANYTHING || value === RETURN_OR_GIVEN || isExternal(value) || returnsFrom(value) >= 0;
}

function isLocal(value: number): boolean {
  return value > 0 || value === SOME_BLOCK;
}

/** May the value lead to code of this file? */
export function mayBeHere(value: number): boolean {
  return isLocal(value) || value === DERIVED || value === RETURN_OR_GIVEN;
}

/** The same state as another program sees it, in which blocks have other numbers; `blockFor` gives 0 where it has none. */
export function translated(state: State, blockFor: (value: number) => number): State {
  const value = (held: number): number => {
    if (held <= 0) return held;
    const entry = returnsFrom(held);
    const there = blockFor(entry < 0 ? held - 1 : entry);
    return there === 0 ? DERIVED : entry < 0 ? there : returnOf(there - 1);
  };
  return { ...copyState(state), resumesAt: value(state.resumesAt), holds: state.holds.map(value) };
}

/** What instructions put into registers: found once for the program, used at every visit. */
export interface Moves {
  /** By instruction: the address that it loads, as a value of `holds`; 0: none. */
  readonly loads: Int32Array;
  /** By instruction: the resource that it copies; -1: none. */
  readonly copies: Int32Array;
  /** By block: the branch registers, as a mask, that instructions were seen to put its address into; ESCAPED. */
  readonly branchedThrough: Map<number, number>;
  /** Branch registers, as a mask, that get the address of some block of this file; ESCAPED. */
  anyThrough: number;
  /** Branch registers, as a mask, into which an instruction puts a value of which nothing is known. */
  unknownThrough: number;
  /** What a load may bring: LOADED where addresses of code stand in data, else ANYTHING. */
  readonly fromMemory: number;
  /** Registers that are not followed and that loads of a routine write: routine * REGISTER_COUNT + register. */
  readonly loaded: ReadonlySet<number>;
  /** May control come to places that are no labels? Then what a compare said holds nowhere for sure. */
  readonly strays: boolean;
}

/**
 * @param externals values of symbols from elsewhere by name, to be filled: programs that share it give one symbol one value
 */
export function findMoves(program: Program, { blockOf, taken, inTables }: Flow, externals: Map<string, number>): Moves {
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
  const fromMemory = inTables.size > 0 ? LOADED : ANYTHING;
  const loaded = loadedElsewhere(program);
  return {
    loads,
    copies,
    branchedThrough: new Map(),
    anyThrough: 0,
    unknownThrough: 0,
    fromMemory,
    loaded,
    strays: mayEnterBetweenLabels(program),
  };
}

/** `loaded` of Moves. */
function loadedElsewhere({ instructions }: Program): ReadonlySet<number> {
  const loaded = new Set<number>();
  for (const { effects, routine } of instructions) {
    if (!effects.readsMemory) continue;
    for (const resource of effects.writes) {
      const register = registerOf[1][resource]!;
      if (register >= 0 && slotOf[register]! < 0) loaded.add(routine * REGISTER_COUNT + register);
    }
  }
  return loaded;
}

/** Takes `state` over one instruction that runs on `bank`. */
export function transferInstruction(
  state: State,
  instruction: ProgramInstruction,
  bank: Bank,
  moves: Moves,
  nested: NestedMiss | null,
): void {
  const { effects } = instruction;
  const toRegister = registerOf[bank];
  if (!effects.known) {
    state.psrIc = UNKNOWN_PSR_IC;
    state.continuation = true;
    state.resumesAt = DERIVED;
    state.pairs.fill(0);
    state.nats.fill(1);
    state.holds.fill(ANYTHING);
    return;
  }
  if (changesPsrIc(instruction)) state.psrIc = psrIcAfter(state.psrIc, instruction);
  const value = valueMoved(state, instruction, toRegister, moves);
  const { reads, writes } = effects;
  if (effects.writesMemory)
    for (let at = 0; at < reads.length; at++)
      if (toRegister[reads[at]!]! >= 0) noteAddress(moves, held(state, toRegister[reads[at]!]!), ESCAPED);
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
      if (isBranch(register)) noteAddress(moves, value, 1 << (register - branch(0)));
      else if (isGeneral(register) && slotOf[register]! < 0) noteAddress(moves, value, ESCAPED);
      if (register === nested?.continuation)
        state.continuation = (value !== ANYTHING && value !== LOADED) || (!certain && state.continuation);
      setHeld(state, register, certain ? value : meetValue(held(state, register), value));
    }
  }
  if (!moves.strays) pairCompared(state.pairs, instruction, toRegister, mayBeNat);
}

/** In masks of branch registers: memory, and registers that are not followed. */
export const ESCAPED = 1 << 8;

/** Takes note of an address that is put into branch registers, or escapes, as `mask` says. */
function noteAddress(moves: Moves, value: number, mask: number): void {
  if (value === ANYTHING || value === LOADED) moves.unknownThrough |= mask;
  if (returnsFrom(value) >= 0 || value === RETURN_OR_GIVEN) return;
  if (value > 0) moves.branchedThrough.set(value - 1, (moves.branchedThrough.get(value - 1) ?? 0) | mask);
  else if (mayBeHere(value)) moves.anyThrough |= mask;
}

/** Takes note of the addresses that registers hold where control goes on to a place that does not know them. */
export function noteEscaped({ holds }: State, moves: Moves): void {
  for (const value of holds) noteAddress(moves, value, value === ANYTHING || value === LOADED ? 0 : ESCAPED);
}

/** What a move puts into its result; ANYTHING for every other instruction. */
function valueMoved(
  state: State,
  { index, effects, routine }: ProgramInstruction,
  toRegister: Int16Array,
  moves: Moves,
): number {
  const loaded = moves.loads[index]!;
  if (loaded !== 0) return loaded;
  const copied = moves.copies[index]!;
  if (copied >= 0) return read(state, toRegister[copied]!, routine, moves);
  if (effects.readsMemory) return moves.fromMemory;
  const { reads } = effects;
  let value = ANYTHING;
  for (let at = 0; at < reads.length; at++) {
    const register = toRegister[reads[at]!]!;
    const operand = register < 0 ? ANYTHING : read(state, register, routine, moves);
    if (reads[at] === HERE || mayBeHere(operand)) return DERIVED;
    if (operand === LOADED) value = LOADED;
  }
  return value;
}

/** What an instruction of a routine finds in a register. */
function read(state: State, register: number, routine: number, { loaded, fromMemory }: Moves): number {
  return loaded.has(routine * REGISTER_COUNT + register) ? fromMemory : held(state, register);
}

const FIRST_ROTATING = 16;

/** Rotating predicates go by other names behind it (SDM vol. 1, 4.5.1). */
function forgetRotating(state: State): void {
  for (let p = FIRST_ROTATING; p < 64; p++) forgetPair(state.pairs, p);
}

function psrIcAfter(before: PsrIc, { statement, effects }: ProgramInstruction): PsrIc {
  const set = statement.kind === 'instruction' ? psrIcSetBy(statement.mnemonic) : null;
  if (set === null) return UNKNOWN_PSR_IC;
  return effects.predicate === 0 || set === before ? set : UNKNOWN_PSR_IC;
}
