/** The operands of an instruction by their names in the notation: registers, constants, addresses. */

import { resolveTarget, type Symbols } from '../analysis/program/symbols.ts';
import { constantValue } from '../machine/constants.ts';
import type { FormLine, OperandKind } from '../machine/forms.ts';
import type { NameScope } from '../machine/naming.ts';
import { operandRegister } from '../machine/scope.ts';
import { evaluateNumber } from '../syntax/evaluate.ts';
import type { Expression, Instruction } from '../syntax/tree.ts';
import type { AddressSpace } from './addresses.ts';
import type { Operands } from './compile.ts';
import { branchSource, registerState, type StateField, stateNamed } from './state.ts';

export interface OperandScope {
  readonly names: NameScope;
  readonly symbols: Symbols;
  readonly space: AddressSpace;
  /** Index of the statement, and the address of its bundle. */
  readonly statement: number;
  readonly here: bigint;
  /** The address of a label of the image. */
  labelAddress(label: number): bigint;
}

/** The values that the assembler encodes for operand names: byte orders of mux1 (SDM vol. 3, mux), hints (hint). */
const ENCODED: Readonly<Record<string, bigint>> = { brcst: 0n, mix: 8n, shuf: 9n, alt: 10n, rev: 11n, pause: 0n };
/** The symbol of the global pointer's value, the base of `@gprel` and `@ltoff` (GNU ld for IA-64). */
const GLOBAL_POINTER = '__gp';
const ALIAS_DEPTH = 8;

/** The operands of an instruction by the operand words of its form. @throws Error for an operand without a value */
export function operandsOf(instruction: Instruction, form: FormLine, scope: OperandScope): Operands {
  const found = new Map<string, StateField | bigint>();
  const { outputs, inputs } = instruction;
  form.outputs.forEach((kind, at) => {
    const operand = outputs[at];
    found.set(kind.name, operand === undefined ? 0n : operandValue(operand, kind, scope, false));
  });
  form.inputs.forEach((kind, at) => {
    const operand = inputs[at];
    if (operand !== undefined && !found.has(kind.name))
      found.set(kind.name, operandValue(operand, kind, scope, form.branch !== null));
  });
  return found;
}

function operandValue(
  operand: Expression,
  kind: OperandKind,
  scope: OperandScope,
  isBranch: boolean,
): StateField | bigint {
  const inner = operand.kind === 'memory' ? operand.address : operand;
  const register =
    operandRegister(inner, scope.names) ??
    (operand.kind === 'indexed' ? operandRegister(operand.index, scope.names) : undefined);
  if (register !== undefined && kind.shape !== 'immediate' && kind.shape !== 'label') {
    if (register.class === 'br' && isBranch) return branchSource(register.number);
    // Semantics read `ip` by its name; for `pr` and `psr.l` the form determines the register.
    return registerState(register.class, register.number) ?? stateNamed(kind.name) ?? 0n;
  }
  return BigInt.asUintN(64, expressionValue(inner, scope, 0));
}

/** The number of an operand that is a general register; -1 for any other operand. */
export function generalRegister(operand: Expression | undefined, names: NameScope): number {
  if (operand === undefined) return -1;
  const inner = operand.kind === 'memory' ? operand.address : operand.kind === 'indexed' ? operand.index : operand;
  const register = operandRegister(inner, names);
  return register?.class === 'gr' ? register.number : -1;
}

/** The value of an expression; that of a label is its address. @throws Error when it has no value */
export function expressionValue(expression: Expression, scope: OperandScope, depth: number): bigint {
  const value = evaluateNumber(expression, (leaf) => leafValue(leaf, scope, depth));
  if (value === undefined) throw new Error('an operand has no value here');
  return value;
}

function leafValue(leaf: Expression, scope: OperandScope, depth: number): bigint | undefined {
  switch (leaf.kind) {
    case 'here':
      return scope.here;
    case 'local':
    case 'name':
      return constantValue(leaf, scope.names) ?? nameAddress(leaf, scope, depth);
    case 'relocation':
      return relocated(leaf.name, leaf.argument, scope, depth);
    default:
      return undefined;
  }
}

function nameAddress(expression: Expression, scope: OperandScope, depth: number): bigint {
  const target = resolveTarget(scope.symbols, expression, scope.statement);
  if (target?.label != null) return scope.labelAddress(target.label.id);
  if (target !== null) return scope.space.symbol(target.symbol!);
  const computed = expression.kind === 'name' ? scope.symbols.computed.get(expression.name) : undefined;
  if (computed === undefined || depth > ALIAS_DEPTH)
    return scope.space.symbol(expression.kind === 'name' ? expression.name : '');
  return expressionValue(computed, scope, depth + 1);
}

function relocated(name: string, argument: Expression | null, scope: OperandScope, depth: number): bigint {
  if (argument === null) {
    const order = ENCODED[name];
    if (order === undefined) throw new Error(`@${name} has no value here`);
    return order;
  }
  const address = BigInt.asUintN(64, expressionValue(argument, scope, depth));
  switch (name) {
    case 'gprel':
      return address - scope.space.symbol(GLOBAL_POINTER);
    case 'pcrel':
      return address - scope.here;
    case 'fptr':
    case 'ltoff':
    case 'ltoffx':
      // A function descriptor, or an entry of the linkage table: data that the linker creates, at an arbitrary address.
      return scope.space.symbol(`@${name}(${address.toString(16)})`) & (name === 'fptr' ? ~0n : 0x1fffffn);
    default:
      return address;
  }
}
