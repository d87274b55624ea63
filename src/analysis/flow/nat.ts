/**
 * Which general registers may hold a NaT (SDM vol. 1, 4.4.4): values from outside may; loads give none, nor do computations from
 * values that are none; after an instruction that faults on a NaT its operand is none.
 */

import type { Effects } from '../../machine/effects.ts';
import { registerFor } from '../../machine/purposes.ts';
import { GENERAL_COUNT, isFloating, isGeneral, isStacked } from '../../machine/register-numbers.ts';

/** By general register, of both banks: 1 where it may hold a NaT. */
export type Nats = Uint8Array;

/** A write of it renames or replaces the stacked registers. */
const FRAME_MARKER = registerFor('frame-marker').resource;

/** Any register may. */
export function anyNat(): Nats {
  return new Uint8Array(GENERAL_COUNT).fill(1);
}

/** Joins `from` into `into`, which keeps what holds in both; true when that changed `into`. */
export function joinNats(into: Nats, from: Nats): boolean {
  let changed = false;
  for (let register = 0; register < GENERAL_COUNT; register++) {
    if (into[register]! >= from[register]!) continue;
    into[register] = 1;
    changed = true;
  }
  return changed;
}

/** May an operand of an instruction be a NaT, or a NaTVal? Of floating-point registers nothing is known. */
export function readsNat(nats: Nats, { reads }: Effects, toRegister: Int16Array): boolean {
  for (let at = 0; at < reads.length; at++) {
    const register = toRegister[reads[at]!]!;
    if (register < 0) continue;
    if (isGeneral(register) ? nats[register] === 1 : isFloating(register)) return true;
  }
  return false;
}

/** Behind an instruction that faults on a NaT: its operands held none. */
export function noteChecked(nats: Nats, { nat, predicate }: Effects, toRegister: Int16Array): void {
  if (nat === undefined || predicate !== 0) return;
  for (const resource of nat.checks) {
    const register = toRegister[resource]!;
    if (register >= 0 && isGeneral(register)) nats[register] = 0;
  }
}

/** Takes the registers over an instruction, whose `readsNat` is given. Where a check branches to is not told here. */
export function stepNats(nats: Nats, effects: Effects, toRegister: Int16Array, mayBeNat: boolean): void {
  const { writes, mayWrites, predicate, nat } = effects;
  if (writes.includes(FRAME_MARKER)) forgetFrame(nats);
  for (let at = 0; at < writes.length; at++) {
    const resource = writes[at]!;
    const register = toRegister[resource]!;
    if (register < 0 || !isGeneral(register)) continue;
    const result = nat?.never.includes(resource) ? 0 : nat?.any.includes(resource) || mayBeNat ? 1 : 0;
    const certain = predicate === 0 && !mayWrites.includes(resource);
    nats[register] = certain ? result : nats[register]! | result;
  }
}

function forgetFrame(nats: Nats): void {
  for (let register = 0; register < GENERAL_COUNT; register++) if (isStacked(register)) nats[register] = 1;
}
