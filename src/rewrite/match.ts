/** Finds the operation of an instruction, or of a fused run that begins with it, in preprocessed code. */

import type { Analysis } from '../analysis/analysis.ts';
import { constantValue } from '../machine/constants.ts';
import type { Effects, Form } from '../machine/effects.ts';
import { baseMnemonic } from '../machine/forms.ts';
import type { NameScope } from '../machine/naming.ts';
import { FIRST_STACKED, TRUE_PREDICATE } from '../machine/purposes.ts';
import { isGeneralRegister, numberOfName } from '../machine/register-classes.ts';
import { resourceRegister } from '../machine/register-table.ts';
import { resourceName } from '../machine/resources.ts';
import { isStackedName } from '../machine/scope.ts';
import {
  canonicalRegister,
  type NativePart,
  type Operation,
  type Operations,
  operationShapeOf,
} from '../project/operations.ts';
import type { Expression, Instruction } from '../syntax/tree.ts';

export interface Match {
  readonly operation: Operation;
  readonly last: number;
  /** In the form of `Instance.operands`. */
  readonly operands: readonly string[];
  readonly predicates: readonly string[];
}

/** All operations that begin at instruction `first`: fused runs (several instructions) before the single instruction. */
export function matchesAt(
  analysis: Analysis,
  first: number,
  operations: Operations,
  scope: NameScope,
): readonly Match[] {
  const { statement, effects } = analysis.instructions[first]!;
  if (statement.kind !== 'instruction' || !operations.mnemonics.has(baseMnemonic(statement.mnemonic))) return NONE;
  if (effects.form !== null && isHopeless(effects.form, operations)) return NONE;
  const matches: Match[] = [];
  for (const operation of operations.byShape.get(operationShapeOf(statement, scope)) ?? []) {
    const match = matchRun(analysis, first, operation, scope);
    if (match !== undefined) matches.push(match);
  }
  return matches;
}

const NONE: readonly Match[] = [];

const hopeless = new WeakMap<Operations, Map<Form, boolean>>();

/** A quick refusal: whether all instructions of a form have one shape, and no operation has that shape. So it is for most moves. */
function isHopeless(form: Form, operations: Operations): boolean {
  let known = hopeless.get(operations);
  if (known === undefined) {
    known = new Map();
    hopeless.set(operations, known);
  }
  let answer = known.get(form);
  if (answer === undefined) {
    answer = form.operandClass.every((operand) => PLAIN_OPERAND.test(operand)) && !hasPlainShape(form, operations);
    known.set(form, answer);
  }
  return answer;
}

/** Operand kinds that do not tell operations apart: general registers and immediates. */
const PLAIN_OPERAND = /^(?:r[123]|imm\d+)$/;
const PLAIN_SHAPE = /^[ri,=]*$/;

/** Whether some operation has the form's mnemonic and plain operands only. */
function hasPlainShape({ mnemonic }: Form, { byShape }: Operations): boolean {
  if (mnemonic.includes('{')) return true; // several mnemonics
  return [...byShape.keys()].some(
    (shape) => shape.startsWith(`${mnemonic} `) && PLAIN_SHAPE.test(shape.slice(mnemonic.length + 1)),
  );
}

function matchRun(analysis: Analysis, first: number, operation: Operation, scope: NameScope): Match | undefined {
  const slots = new Map<string, string>();
  let at = first;
  for (const [index, part] of operation.parts.entries()) {
    if (index > 0) {
      const next = analysis.program.next[at]!;
      if (next < 0 || !separated(analysis, at, next, part)) return undefined;
      at = next;
    }
    const { statement, effects } = analysis.instructions[at]!;
    if (statement.kind !== 'instruction' || (index > 0 && operationShapeOf(statement, scope) !== part.shape))
      return undefined;
    if (!bind(slots, part, operation, statement, effects, scope)) return undefined;
  }
  return {
    operation,
    last: at,
    operands: operation.slots.map((slot) => slots.get(slot.name)!),
    predicates: operation.predicates.map((slot) => slots.get(slot) ?? TRUE_PREDICATE),
  };
}

function separated(analysis: Analysis, before: number, after: number, part: NativePart): boolean {
  const sameGroup = analysis.instructions[before]!.group === analysis.instructions[after]!.group;
  return sameGroup !== part.afterStop;
}

/** Binds the operand slots of an operation to one instruction's operands; false if a slot got two different operands. */
function bind(
  slots: Map<string, string>,
  part: NativePart,
  operation: Operation,
  instruction: Instruction,
  effects: Effects,
  scope: NameScope,
): boolean {
  const operands = [...instruction.outputs, ...instruction.inputs];
  const written = stackedNames(effects.results);
  const read = stackedNames(effects.reads);
  for (const [index, slot] of part.operands.entries()) {
    if (slot === null) continue;
    const operand = operands[index]!;
    const stacked = index < instruction.outputs.length && operand.kind === 'name' ? written : read;
    const value = inFrame(canonicalOperand(operand.kind === 'indexed' ? operand.index : operand, scope), stacked);
    if (value === undefined || (slots.has(slot) && slots.get(slot) !== value)) return false;
    slots.set(slot, value);
  }
  const predicate = instruction.predicate === null ? TRUE_PREDICATE : canonicalOperand(instruction.predicate, scope);
  if (predicate === undefined) return false;
  if (!operation.predicates.includes(part.predicate)) return predicate === TRUE_PREDICATE;
  slots.set(part.predicate, predicate);
  return true;
}

/** The stacked registers among resources, in the order of the operands. */
function stackedNames(resources: readonly number[]): string[] {
  return resources.filter((resource) => resourceRegister(resource).role === 'stacked').map(resourceName);
}

/** The register that `in0`, `loc2` or `out1` stands for in the current frame: taken from the effects of the instruction. */
function inFrame(name: string | undefined, stacked: string[]): string | undefined {
  if (name === undefined || (!isStackedName(name) && !isGeneralRegister(name))) return name;
  const isStacked = isStackedName(name) || numberOfName(name) >= FIRST_STACKED;
  return isStacked ? (stacked.shift() ?? name) : name;
}

/** A register by its canonical name, an immediate as a decimal number; undefined when it is neither. */
export function canonicalOperand(operand: Expression, scope: NameScope): string | undefined {
  return constantValue(operand, scope)?.toString() ?? canonicalRegister(operand, scope);
}
