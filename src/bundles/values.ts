/** Values of the expressions that place code and data: `.org base+0x400`, `.skip table+8-.`, `.align 32`. */
import { binaryValue, evaluate, isComparison, unaryValue } from '../syntax/evaluate.ts';
import type { Expression } from '../syntax/tree.ts';

/** A number, or an offset in a section. */
export interface AddressValue {
  /** Section by the layout's number; -1 for a plain number. */
  readonly section: number;
  readonly offset: bigint;
}

/** The values of names at the point of evaluation; null for one that is not known (yet). */
export interface AddressScope {
  symbol(name: string): AddressValue | null;
  /** `1b`: the latest label of that number. */
  backward(label: string): AddressValue | null;
  here(): AddressValue;
}

const ABSOLUTE = -1;

export function plainNumber(offset: bigint): AddressValue {
  return { section: ABSOLUTE, offset };
}

/** The value of an expression as GNU as has it after reading so far; null when it depends on what is not known. */
export function evaluateAddress(expression: Expression, scope: AddressScope): AddressValue | null {
  return evaluate(expression, { number: plainNumber, leaf: (leaf) => leafValue(leaf, scope), unary, binary }) ?? null;
}

function leafValue(leaf: Expression, scope: AddressScope): AddressValue | undefined {
  switch (leaf.kind) {
    case 'name':
      return scope.symbol(leaf.name) ?? undefined;
    case 'local':
      return leaf.direction === 'b' ? (scope.backward(leaf.label) ?? undefined) : undefined;
    case 'here':
      return scope.here();
    default:
      return undefined;
  }
}

function unary(operator: string, { section, offset }: AddressValue): AddressValue | undefined {
  const value = section === ABSOLUTE ? unaryValue(operator, offset) : undefined;
  return value === undefined ? undefined : plainNumber(value);
}

/** Numbers are added to addresses; addresses of one section are subtracted and compared. */
function binary(operator: string, left: AddressValue, right: AddressValue): AddressValue | undefined {
  const value = binaryValue(operator, left.offset, right.offset);
  if (value === undefined) return undefined;
  if (left.section === ABSOLUTE && right.section === ABSOLUTE) return plainNumber(value);
  if (right.section === ABSOLUTE && (operator === '+' || operator === '-')) return { ...left, offset: value };
  if (left.section === ABSOLUTE && operator === '+') return { ...right, offset: value };
  const isDistance = left.section === right.section && (operator === '-' || isComparison(operator));
  return isDistance ? plainNumber(value) : undefined;
}
