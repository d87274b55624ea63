/** The transfer function of the interpretation: what one instruction makes of what is known in front of it. */

import type { NestedMiss } from '../../config/conventions.ts';
import { FIRST_ROTATING, registerFor } from '../../machine/purposes.ts';
import {
  type Bank,
  branch,
  isBranch,
  isGeneral,
  isPredicate,
  predicateNumber,
  REGISTER_COUNT,
  registerOf,
} from '../../machine/register-numbers.ts';
import type { ProgramInstruction } from '../program/program.ts';
import { ANYTHING, DERIVED, joinValues, LOADED, mayBeHere } from './code-addresses.ts';
import { changesPsrIc, psrIcSetBy, RESUME } from './mode-table.ts';
import { ESCAPED, type Moves, noteAddress } from './moves.ts';
import { noteChecked, readsNat, stepNats } from './nat.ts';
import { forgetPair, pairCompared } from './pairs.ts';
import { type FlowState, held, isFollowed, type PsrIc, setHeld, UNKNOWN_PSR_IC } from './state.ts';

/** What a change renames: rotating predicates. */
const FRAME_MARKER = registerFor('frame-marker').resource;
/** The current address. */
const HERE = registerFor('instruction-pointer').resource;

/** Takes `state` over one instruction that runs on `bank`. */
export function transferInstruction(
  state: FlowState,
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
    if (resource === RESUME) {
      state.resumesAt = certain ? value : joinValues(state.resumesAt, value);
      moves.resumesHere ||= mayBeHere(value);
    }
    if (resource === FRAME_MARKER) forgetRotating(state);
    if (register < 0) continue;
    if (isPredicate(register)) forgetPair(state.pairs, predicateNumber(register));
    else {
      if (isBranch(register)) noteAddress(moves, value, 1 << (register - branch(0)));
      else if (isGeneral(register) && !isFollowed(register)) noteAddress(moves, value, ESCAPED);
      if (register === nested?.continuation)
        state.continuation = (value !== ANYTHING && value !== LOADED) || (!certain && state.continuation);
      setHeld(state, register, certain ? value : joinValues(held(state, register), value));
    }
  }
  if (!moves.entersBetweenLabels) pairCompared(state.pairs, instruction, toRegister, mayBeNat);
}

/** What a move puts into its result; ANYTHING for every other instruction. */
function valueMoved(
  state: FlowState,
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
function read(state: FlowState, register: number, routine: number, { loaded, fromMemory }: Moves): number {
  return loaded.has(routine * REGISTER_COUNT + register) ? fromMemory : held(state, register);
}

/** It renames the rotating predicates (SDM vol. 1, 4.5.1). */
function forgetRotating(state: FlowState): void {
  for (let p = FIRST_ROTATING.pr; p < 64; p++) forgetPair(state.pairs, p);
}

function psrIcAfter(before: PsrIc, { statement, effects }: ProgramInstruction): PsrIc {
  const set = statement.kind === 'instruction' ? psrIcSetBy(statement.mnemonic) : null;
  if (set === null) return UNKNOWN_PSR_IC;
  return effects.predicate === 0 || set === before ? set : UNKNOWN_PSR_IC;
}
