/** Values of operands that are numbers. */
import { evaluateNumber, signed } from '../syntax/evaluate.ts';
import type { Expression } from '../syntax/tree.ts';
import type { NameScope } from './naming.ts';
import { registerByName } from './register-table.ts';

/**
 * The value of an expression as a signed 64-bit number, or undefined when it needs a symbol that the scope does not know, a
 * label or a relocation. Names of psr bits are masks (`psr.ic` is 1 << 13).
 */
export function constantValue(expression: Expression, scope: NameScope): bigint | undefined {
  return evaluateNumber(expression, (leaf) => (leaf.kind === 'name' ? nameValue(leaf.name, scope) : undefined));
}

function nameValue(name: string, scope: NameScope): bigint | undefined {
  const value = psrBitMask(name) ?? scope.symbol?.(name);
  return value === undefined ? undefined : signed(value);
}

/** The value of a psr bit's name in an expression: its mask; undefined for any other name. */
export function psrBitMask(name: string): bigint | undefined {
  const register = registerByName(name);
  return register?.class === 'psr' ? 1n << BigInt(register.number) : undefined;
}
