/** Operations: what a site does, by name; and the shapes that tell which operation an instruction is. */

import { baseMnemonic } from '../machine/forms.ts';
import type { NameScope } from '../machine/naming.ts';
import { operandRegister } from '../machine/scope.ts';
import type { Expression, Instruction } from '../syntax/tree.ts';
import { type OperationRow, type PartRow, slotKind } from './operation-table.ts';

/** One instruction of an operation's native form. */
export interface NativePart extends PartRow {
  /** The instruction's shape; see `operationShapeOf`. */
  readonly shape: string;
  /** Slot names of the outputs, then the inputs; null where the native form has a fixed register. */
  readonly operands: readonly (string | null)[];
}

export interface Operation extends OperationRow {
  readonly parts: readonly NativePart[];
}

export interface Operations {
  readonly all: readonly Operation[];
  readonly byName: ReadonlyMap<string, Operation>;
  /** By macro name, `_P` forms included. */
  readonly byMacro: ReadonlyMap<string, Operation>;
  /** Operations of one instruction by its shape, and fused runs by the shape of their first instruction, longest first. */
  readonly byShape: ReadonlyMap<string, readonly Operation[]>;
  /** Mnemonics at which a site can begin, without completers of `mov`: a cheap first test. */
  readonly mnemonics: ReadonlySet<string>;
}

/**
 * A frame for decoding operands by kind: in any frame that has in0, loc0 and out0 these are general registers.
 */
export const anyFrame: NameScope = {
  alias: () => undefined,
  frame: { inputs: 32, locals: 32, outputs: 32, rotating: 0 },
};

/** Makes the operations of a table (operations.data.ts) ready to be looked up. */
export function indexOperations(all: readonly Operation[]): Operations {
  const byShape = new Map<string, Operation[]>();
  for (const operation of all) {
    const shape = operation.parts[0]!.shape;
    const list = byShape.get(shape) ?? [];
    list.push(operation);
    byShape.set(shape, list);
  }
  for (const list of byShape.values()) list.sort((a, b) => b.parts.length - a.parts.length);
  const byMacro = new Map(all.map((operation) => [operation.macro, operation]));
  for (const operation of all)
    if (operation.predicable || operation.predicates.length > 0) byMacro.set(`${operation.macro}_P`, operation);
  const mnemonics = new Set([...byShape.keys()].map((shape) => shape.slice(0, shape.indexOf(' '))));
  return { all, byName: new Map(all.map((operation) => [operation.name, operation])), byMacro, byShape, mnemonics };
}

/** The prefix of the names that stand for slots in a parsed native form; no register has it. */
export const slotPrefix = '__slot_';

/**
 * What an instruction looks like with its operands' kinds in place of the operands: `mov r=cr.ivr`, `mov rr[]=r`,
 * `ssm i`. Two instructions of the same shape are the same operation on other operands.
 */
export function operationShapeOf(instruction: Instruction, scope: NameScope): string {
  const outputs = instruction.outputs.map((operand) => operandShape(operand, scope)).join();
  const inputs = instruction.inputs.map((operand) => operandShape(operand, scope)).join();
  return `${baseMnemonic(instruction.mnemonic)} ${outputs}=${inputs}`;
}

function operandShape(operand: Expression, scope: NameScope): string {
  if (operand.kind === 'indexed' && operandRegister(operand, scope) === undefined) return `${operand.name}[]`;
  if (operand.kind === 'name' && operand.name.startsWith(slotPrefix)) {
    const kind = slotKind(operand.name.slice(slotPrefix.length));
    return kind === 'register' ? 'r' : kind === 'immediate' ? 'i' : 'ar.k';
  }
  const register = operandRegister(operand, scope);
  if (register === undefined) return 'i';
  if (register.class === 'gr') return 'r';
  if (register.class === 'ar' && register.role === 'kernel') return 'ar.k';
  // A psr bit is a constant in a mask; psr, psr.l and psr.um are operands.
  return register.class === 'psr' && register.number >= 0 ? 'i' : register.name;
}

/**
 * The canonical name of a general register or other register operand. Names relative to a frame stay as they are: the
 * frame may differ from place to place, and none of them is a static register.
 */
export function canonicalRegister(operand: Expression, scope: NameScope): string | undefined {
  const register = operandRegister(operand, scope);
  if (register === undefined) return undefined;
  return register.role === 'stacked' && operand.kind === 'name' ? operand.name : register.name;
}
