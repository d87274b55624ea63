/** What the instructions of a program put into registers, as far as addresses of code go. Requires: program, flow. */
import { isOfClass } from '../../machine/classes.ts';
import { isBranch, isGeneral, isPredicate, REGISTER_COUNT, registerOf } from '../../machine/register-numbers.ts';
import type { Program } from '../program/program.ts';
import { resolveTarget } from '../program/symbols.ts';
import { ANYTHING, DERIVED, externalValue, LOADED, mayBeHere, RETURN_OR_GIVEN, returnsFrom } from './code-addresses.ts';
import type { Flow } from './flow.ts';
import { type FlowState, isFollowed } from './state.ts';
import { mayEnterBetweenLabels } from './unlabelled-targets.ts';

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
  /** Branch registers, as a mask, into which some instruction puts an unknown value. */
  unknownThrough: number;
  /** Does cr.iip get the address of some block of this file? */
  resumesHere: boolean;
  /** The abstract value of loads: LOADED if data holds addresses of code, else ANYTHING. */
  readonly fromMemory: number;
  /** Registers that are not followed and that loads of a routine write: routine * REGISTER_COUNT + register. */
  readonly loaded: ReadonlySet<number>;
  /** May control come to places that are no labels? Then nothing that a compare established is certain anywhere. */
  readonly entersBetweenLabels: boolean;
}

/**
 * @param externals values of symbols from elsewhere by name, to be filled: programs that share it give one symbol one value
 */
export function findMoves(program: Program, { blockOf, taken, inTables }: Flow, externals: Map<string, number>): Moves {
  const count = program.instructions.length;
  const loads = new Int32Array(count);
  const copies = new Int32Array(count).fill(-1);
  for (const { index, statement, statementIndex, effects } of program.instructions) {
    if (statement.kind !== 'instruction' || !isOfClass(effects.form, 'moves') || effects.results.length !== 1) continue;
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
        // A weak label may be another file's.
        if (target.label.instruction >= 0)
          loads[index] = target.label.weak ? DERIVED : blockOf[target.label.instruction]! + 1;
      } else {
        loads[index] = externalValue(externals, target.symbol);
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
    resumesHere: false,
    fromMemory,
    loaded,
    entersBetweenLabels: mayEnterBetweenLabels(program),
  };
}

/** `loaded` of Moves. */
function loadedElsewhere({ instructions }: Program): ReadonlySet<number> {
  const loaded = new Set<number>();
  for (const { effects, routine } of instructions) {
    if (!effects.readsMemory) continue;
    for (const resource of effects.writes) {
      const register = registerOf[1][resource]!;
      if (register >= 0 && !isFollowed(register)) loaded.add(routine * REGISTER_COUNT + register);
    }
  }
  return loaded;
}

/** In masks of branch registers: memory, and registers that are not followed. */
export const ESCAPED = 1 << 8;

/** Takes note of an address that is put into branch registers, or escapes, as `mask` says. */
export function noteAddress(moves: Moves, value: number, mask: number): void {
  if (value === ANYTHING || value === LOADED) moves.unknownThrough |= mask;
  if (returnsFrom(value) >= 0 || value === RETURN_OR_GIVEN) return;
  if (value > 0) moves.branchedThrough.set(value - 1, (moves.branchedThrough.get(value - 1) ?? 0) | mask);
  else if (mayBeHere(value)) moves.anyThrough |= mask;
}

/** Notes that the addresses which registers hold have escaped: control goes on where their values are not followed. */
export function noteEscaped({ holds }: FlowState, moves: Moves): void {
  for (const value of holds) noteAddress(moves, value, value === ANYTHING || value === LOADED ? 0 : ESCAPED);
}
