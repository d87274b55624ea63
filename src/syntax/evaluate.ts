/**
 * Values of expressions as GNU as computes them (gas/expr.c, expr): 64 bits, two's complement; a comparison that holds is
 * all ones, `!x` and `&&` give 1; a shift by more than 63 gives 0; `>>` brings in zeros; `a ! b` is `a | ~b`. It is the only
 * evaluator of gas expressions: of operands, of `.org` and the like, of the conditions of gas's macro language. cpp's `#if` has
 * C's rules instead (src/preprocess/expression.ts).
 */
import type { Expression } from './tree.ts';

/** The operations of a kind of values (numbers, addresses in sections) that expressions are evaluated to. */
export interface Domain<V> {
  number(value: bigint): V;
  /** The value of a name, a local label or `.`; undefined when it has none. */
  leaf(expression: Expression): V | undefined;
  /** Undefined when the operator is not defined for the operand. */
  unary(operator: string, operand: V): V | undefined;
  binary(operator: string, left: V, right: V): V | undefined;
}

/** The value of an expression; undefined when some part of it has no value. */
export function evaluate<V>(expression: Expression, domain: Domain<V>): V | undefined {
  switch (expression.kind) {
    case 'number':
      return domain.number(expression.value);
    case 'group':
      return evaluate(expression.inner, domain);
    case 'unary': {
      const operand = evaluate(expression.operand, domain);
      return operand === undefined ? undefined : domain.unary(expression.operator, operand);
    }
    case 'binary': {
      const left = evaluate(expression.left, domain);
      const right = evaluate(expression.right, domain);
      return left === undefined || right === undefined ? undefined : domain.binary(expression.operator, left, right);
    }
    default:
      return domain.leaf(expression);
  }
}

/** The value of an expression of numbers and of leaves that stand for numbers. */
export function evaluateNumber(
  expression: Expression,
  leaf: (expression: Expression) => bigint | undefined = () => undefined,
): bigint | undefined {
  return evaluate(expression, { number: signed, leaf, unary: unaryValue, binary: binaryValue });
}

/** A number as gas keeps it: 64 bits, two's complement. */
export function signed(value: bigint): bigint {
  return BigInt.asIntN(64, value);
}

export function unaryValue(operator: string, value: bigint): bigint | undefined {
  switch (operator) {
    case '+':
      return value;
    case '-':
      return signed(-value);
    case '~':
      return ~value;
    case '!':
      return value === 0n ? 1n : 0n;
    default:
      return undefined;
  }
}

/** The value of a binary operator; undefined for an unknown operator and for a division by zero. */
export function binaryValue(operator: string, left: bigint, right: bigint): bigint | undefined {
  const value = OPERATORS[operator]?.(left, right);
  return value === undefined ? undefined : signed(value);
}

/** Whether an operator compares. gas also compares two addresses of one section. */
export function isComparison(operator: string): boolean {
  return COMPARISONS.has(operator);
}

const COMPARISONS = new Set(['==', '!=', '<>', '<', '>', '<=', '>=']);

const truth = (holds: boolean): bigint => (holds ? -1n : 0n);
const isShift = (count: bigint): boolean => BigInt.asUintN(64, count) <= 63n;

const OPERATORS: Readonly<Record<string, (left: bigint, right: bigint) => bigint | undefined>> = {
  '+': (left, right) => left + right,
  '-': (left, right) => left - right,
  '*': (left, right) => left * right,
  '/': (left, right) => (right === 0n ? undefined : left / right),
  '%': (left, right) => (right === 0n ? undefined : left % right),
  '<<': (left, right) => (isShift(right) ? left << right : 0n),
  '>>': (left, right) => (isShift(right) ? BigInt.asUintN(64, left) >> right : 0n),
  '&': (left, right) => left & right,
  '|': (left, right) => left | right,
  '^': (left, right) => left ^ right,
  '!': (left, right) => left | ~right,
  '==': (left, right) => truth(left === right),
  '!=': (left, right) => truth(left !== right),
  '<>': (left, right) => truth(left !== right),
  '<': (left, right) => truth(left < right),
  '>': (left, right) => truth(left > right),
  '<=': (left, right) => truth(left <= right),
  '>=': (left, right) => truth(left >= right),
  '&&': (left, right) => (left !== 0n && right !== 0n ? 1n : 0n),
  '||': (left, right) => (left !== 0n || right !== 0n ? 1n : 0n),
};
