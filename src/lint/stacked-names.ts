/** Names of stacked registers (`loc2`, `out1`) that the register frame does not have: the assembler takes them for symbols. */
import type { ProgramInstruction } from '../analysis/program/program.ts';
import type { RegisterFrame } from '../machine/naming.ts';
import { isStackedName, resolveRegister } from '../machine/scope.ts';
import { framesOf } from '../project/frames.ts';
import type { Unit } from '../project/units.ts';

export interface NameBeyondFrame {
  readonly name: string;
  readonly frame: RegisterFrame;
}

/** The first such name in an instruction; null: it has none, or nothing is known of the frame. */
export function nameBeyondFrame(
  unit: Unit,
  { index, statement, tokens, effects }: ProgramInstruction,
): NameBeyondFrame | null {
  if (effects.known || statement.kind !== 'instruction') return null;
  const frame = framesOf(unit)[index] ?? null;
  if (frame === null) return null;
  const operands = tokens.slice(statement.mnemonicLast + 1, statement.last + 1);
  const token = operands.find(({ text }) => isStackedName(text) && resolveRegister(text, frame) === undefined);
  return token === undefined ? null : { name: token.text, frame };
}
