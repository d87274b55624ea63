/**
 * The abstract state of the interpretation, beyond the bank: psr.ic, predicates that are each other's complement, and
 * registers that hold the address of code. At a join only what holds on all paths is kept.
 */
import {
  BANK0_REGISTERS,
  branch,
  general,
  isGeneral,
  isPredicate,
  predicateNumber,
  REGISTER_COUNT,
} from '../../machine/register-numbers.ts';
import { ANYTHING, DERIVED, joinValues, mayBeHere, returnOf, returnsFrom } from './code-addresses.ts';
import { anyNat, joinNats, type Nats } from './nat.ts';
import { forgetPair, joinPairs, noPairs, type Pairs } from './pairs.ts';

/** psr.ic: 0, 1, or not known. */
export type PsrIc = 0 | 1 | 2;
export const UNKNOWN_PSR_IC = 2;

export interface FlowState {
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
export function held(state: FlowState, register: number): number {
  const slot = slotOf[register]!;
  return slot < 0 ? ANYTHING : state.holds[slot]!;
}

/** Whether addresses are followed through a register. */
export function isFollowed(register: number): boolean {
  return slotOf[register]! >= 0;
}

export function setHeld(state: FlowState, register: number, value: number): void {
  const slot = slotOf[register]!;
  if (slot >= 0) state.holds[slot] = value;
}

/** What registers hold behind a call: those that the subroutine does not write, what they held in front of it. */
export function setHeldBehind(behind: FlowState, before: FlowState, writes: Uint8Array, unknown: number): void {
  HOLDERS.forEach((register, slot) => {
    behind.holds[slot] = writes[register] === 1 ? unknown : before.holds[slot]!;
  });
}

/** Nothing is known but psr.ic. */
export function opaqueState(psrIc: PsrIc, continuation: boolean): FlowState {
  return {
    psrIc,
    continuation,
    resumesAt: ANYTHING,
    pairs: noPairs(),
    nats: anyNat(),
    holds: new Array<number>(HOLDERS.length).fill(ANYTHING),
  };
}

export function copyState(state: FlowState): FlowState {
  return {
    psrIc: state.psrIc,
    continuation: state.continuation,
    resumesAt: state.resumesAt,
    pairs: state.pairs.slice(),
    nats: state.nats.slice(),
    holds: state.holds.slice(),
  };
}

/** Joins `from` into `into`, which keeps what holds in both; true when that changed `into`. */
export function join(into: FlowState, from: FlowState): boolean {
  let changed = false;
  if (into.psrIc !== from.psrIc && into.psrIc !== UNKNOWN_PSR_IC) {
    into.psrIc = UNKNOWN_PSR_IC;
    changed = true;
  }
  if (from.continuation && !into.continuation) {
    into.continuation = true;
    changed = true;
  }
  const resumesAt = joinValues(into.resumesAt, from.resumesAt);
  if (resumesAt !== into.resumesAt) {
    into.resumesAt = resumesAt;
    changed = true;
  }
  if (joinPairs(into.pairs, from.pairs)) changed = true;
  if (joinNats(into.nats, from.nats)) changed = true;
  for (let slot = 0; slot < HOLDERS.length; slot++) {
    if (into.holds[slot] === from.holds[slot]) continue;
    const joined = joinValues(into.holds[slot]!, from.holds[slot]!);
    if (joined !== into.holds[slot]) {
      into.holds[slot] = joined;
      changed = true;
    }
  }
  return changed;
}

/** The same state in the block numbers of another program; `blockFor` gives 0 where that has no such block. */
export function translated(state: FlowState, blockFor: (value: number) => number): FlowState {
  const value = (held: number): number => {
    if (held <= 0) return held;
    const entry = returnsFrom(held);
    const there = blockFor(entry < 0 ? held - 1 : entry);
    return there === 0 ? DERIVED : entry < 0 ? there : returnOf(there - 1);
  };
  return { ...copyState(state), resumesAt: value(state.resumesAt), holds: state.holds.map(value) };
}

/** The join of a state with that of code outside, which may hold addresses of this file in its registers. */
export function joinedWithExternal(state: FlowState): FlowState {
  const joined = copyState(state);
  join(joined, opaqueState(state.psrIc, state.continuation));
  joined.holds.forEach((value, slot) => {
    if (!mayBeHere(value)) joined.holds[slot] = ANYTHING;
  });
  return joined;
}

/** Nothing is known of what these registers hold. */
export function forgetRegisters(state: FlowState, registers: readonly number[]): void {
  for (const register of registers) {
    setHeld(state, register, ANYTHING);
    if (isGeneral(register)) state.nats[register] = 1;
    if (!isPredicate(register)) continue;
    const number = predicateNumber(register);
    forgetPair(state.pairs, number);
  }
}
