/** Values of constant expressions, as the assembler computes them: 64 bits, two's complement. */
import type { Expression } from '../syntax/tree.ts';
import type { NameScope } from './naming.ts';
import { registerByName } from './register-table.ts';

/**
 * The value of an expression as a signed 64-bit number, or undefined when it needs a symbol that the scope does not know, a label or a
 * relocation. Names of psr bits are masks (`psr.ic` is 1 << 13). Comparisons give -1 or 0, as gas has it; division by
 * zero has no value.
 */
export function constantValue(expression: Expression, scope: NameScope): bigint | undefined {
  switch (expression.kind) {
    case 'number':
      return BigInt.asIntN(64, expression.value);
    case 'name':
      return nameValue(expression.name, scope);
    case 'group':
      return constantValue(expression.inner, scope);
    case 'unary': {
      const operand = constantValue(expression.operand, scope);
      return operand === undefined ? undefined : unary(expression.operator, operand);
    }
    case 'binary': {
      const left = constantValue(expression.left, scope);
      const right = left === undefined ? undefined : constantValue(expression.right, scope);
      return left === undefined || right === undefined ? undefined : binary(expression.operator, left, right);
    }
    default:
      return undefined;
  }
}

function nameValue(name: string, scope: NameScope): bigint | undefined {
  const register = registerByName(name);
  if (register?.class === 'psr') return 1n << BigInt(register.number);
  const value = scope.symbol?.(name);
  return value === undefined ? undefined : BigInt.asIntN(64, value);
}

function unary(operator: string, value: bigint): bigint | undefined {
  switch (operator) {
    case '+':
      return value;
    case '-':
      return BigInt.asIntN(64, -value);
    case '~':
      return ~value;
    case '!':
      return value === 0n ? 1n : 0n;
    default:
      return undefined;
  }
}

const truth = (value: boolean): bigint => (value ? -1n : 0n);

const OPERATORS: Readonly<Record<string, (left: bigint, right: bigint) => bigint | undefined>> = {
  '+': (left, right) => left + right,
  '-': (left, right) => left - right,
  '*': (left, right) => left * right,
  '/': (left, right) => (right === 0n ? undefined : left / right),
  '%': (left, right) => (right === 0n ? undefined : left % right),
  '<<': (left, right) => (BigInt.asUintN(64, right) > 63n ? 0n : left << right),
  '>>': (left, right) => (BigInt.asUintN(64, right) > 63n ? 0n : BigInt.asUintN(64, left) >> right),
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

function binary(operator: string, left: bigint, right: bigint): bigint | undefined {
  const value = OPERATORS[operator]?.(left, right);
  return value === undefined ? undefined : BigInt.asIntN(64, value);
}
