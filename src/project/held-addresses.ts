/** Which code a register holds the address of, as the instructions near by tell. Requires: the program. */
import type { Program } from '../analysis/program/program.ts';
import { resolveTarget } from '../analysis/program/symbols.ts';
import { isOfClass } from '../machine/classes.ts';
import { copiedRegister, isStep } from '../machine/copies.ts';
import { registerFor } from '../machine/purposes.ts';
import { branch, isBranch, isGeneral, registerOf } from '../machine/register-numbers.ts';

const HERE = registerFor('instruction-pointer').resource;
/** How many instructions before a step the address that it adds to is looked for. */
const NEAR = 64;

/** The general and branch registers that an instruction reads. */
export function addressRegisters({ instructions }: Program, at: number): number[] {
  return instructions[at]!.effects.reads.map((resource) => registerOf[1][resource]!).filter(
    (register) => isGeneral(register) || isBranch(register),
  );
}

/** The nearest instruction in front of another one that writes a register; -1: none is near. */
export function writerBefore({ instructions, previous }: Program, register: number, before: number): number {
  let at = previous[before]!;
  for (let count = 0; at >= 0 && count < NEAR; count++, at = previous[at]!)
    if (instructions[at]!.effects.writes.some((resource) => registerOf[1][resource] === register)) return at;
  return -1;
}

/**
 * The instructions whose address a register holds in front of an instruction, where the instructions before it tell.
 *
 * @param steps whether the address may have been moved on by a number
 */
export function placesHeld(program: Program, held: number, before: number, steps = false): readonly number[] {
  const registers = registerOf[1];
  let register = held;
  let at = program.previous[before]!;
  for (let count = 0; at >= 0 && count < NEAR; count++, at = program.previous[at]!) {
    const { effects, statement, statementIndex } = program.instructions[at]!;
    if (!effects.writes.some((resource) => registers[resource] === register)) continue;
    if (effects.reads.includes(HERE)) return [at];
    if (effects.branch?.kind === 'call') return program.next[at]! < 0 ? [] : [program.next[at]!];
    const copied = steps && isStep(effects) ? addressRegisters(program, at)[0]! : copiedRegister(effects, registers);
    if (copied >= 0) register = copied;
    else if (isOfClass(effects.form, 'moves') && statement.kind === 'instruction') {
      const label = resolveTarget(program.symbols, statement.inputs[0] ?? null, statementIndex)?.label;
      return label == null || label.instruction < 0 ? [] : [label.instruction];
    } else return [];
  }
  return isBranch(register) ? placesBehindCalls(program, register) : [];
}

/** Where calls come back that link by a branch register. */
function placesBehindCalls({ instructions, next }: Program, register: number): readonly number[] {
  return instructions
    .filter(({ effects: { branch: call } }) => call?.kind === 'call' && branch(call.link ?? 0) === register)
    .map(({ index }) => next[index]!)
    .filter((at) => at >= 0);
}
