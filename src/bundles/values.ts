/** Values of the expressions that place code and data: `.org base+0x400`, `.skip table+8-.`, `.align 32`. */
import type { Expression } from '../syntax/tree.ts';

/** A number, or an offset in a section. */
export interface AddressValue {
  /** Section by the layout's number; -1 for a plain number. */
  readonly section: number;
  readonly offset: bigint;
}

/** What names stand for at the point of evaluation; null: not known (yet). */
export interface AddressScope {
  symbol(name: string): AddressValue | null;
  /** `1b`: the latest label of that number. */
  backward(label: string): AddressValue | null;
  here(): AddressValue;
}

const ABSOLUTE = -1;
const WORD = 64;

export function plainNumber(offset: bigint): AddressValue {
  return { section: ABSOLUTE, offset };
}

/** The value of an expression as GNU as has it after reading so far; null when it depends on what is not known. */
export function evaluateAddress(expression: Expression, scope: AddressScope): AddressValue | null {
  switch (expression.kind) {
    case 'number':
      return plainNumber(expression.value);
    case 'name':
      return scope.symbol(expression.name);
    case 'local':
      return expression.direction === 'b' ? scope.backward(expression.label) : null;
    case 'here':
      return scope.here();
    case 'group':
      return evaluateAddress(expression.inner, scope);
    case 'unary':
      return negated(expression.operator, evaluateAddress(expression.operand, scope));
    case 'binary':
      return combined(
        expression.operator,
        evaluateAddress(expression.left, scope),
        evaluateAddress(expression.right, scope),
      );
    default:
      return null;
  }
}

function negated(operator: string, operand: AddressValue | null): AddressValue | null {
  if (operand === null || operand.section !== ABSOLUTE) return null;
  const { offset } = operand;
  if (operator === '-') return plainNumber(-offset);
  if (operator === '+') return operand;
  if (operator === '~') return plainNumber(~offset);
  return operator === '!' ? plainNumber(offset === 0n ? 1n : 0n) : null;
}

function combined(operator: string, left: AddressValue | null, right: AddressValue | null): AddressValue | null {
  if (left === null || right === null) return null;
  if (operator === '+' && (left.section === ABSOLUTE || right.section === ABSOLUTE)) {
    const section = left.section === ABSOLUTE ? right.section : left.section;
    return { section, offset: left.offset + right.offset };
  }
  if (operator === '-' && (right.section === ABSOLUTE || right.section === left.section)) {
    const section = right.section === ABSOLUTE ? left.section : ABSOLUTE;
    return { section, offset: left.offset - right.offset };
  }
  const result = left.section === right.section ? arithmetic(operator, left.offset, right.offset) : null;
  return result === null || (left.section !== ABSOLUTE && !COMPARISONS.has(operator)) ? null : plainNumber(result);
}

const COMPARISONS = new Set(['==', '!=', '<>', '<', '>', '<=', '>=']);

/** 64-bit arithmetic with gas's truth: a comparison gives all ones. */
function arithmetic(operator: string, left: bigint, right: bigint): bigint | null {
  const truth = (holds: boolean) => (holds ? -1n : 0n);
  switch (operator) {
    case '*':
      return BigInt.asIntN(WORD, left * right);
    case '/':
      return right === 0n ? null : left / right;
    case '%':
      return right === 0n ? null : left % right;
    case '<<':
      return right < 0n || right >= 64n ? 0n : BigInt.asIntN(WORD, left << right);
    case '>>':
      return right < 0n || right >= 64n ? 0n : BigInt.asUintN(WORD, left) >> right;
    case '|':
      return left | right;
    case '^':
      return left ^ right;
    case '&':
      return left & right;
    case '!':
      return left | ~right;
    case '==':
      return truth(left === right);
    case '!=':
    case '<>':
      return truth(left !== right);
    case '<':
      return truth(left < right);
    case '>':
      return truth(left > right);
    case '<=':
      return truth(left <= right);
    case '>=':
      return truth(left >= right);
    case '&&':
      return left !== 0n && right !== 0n ? 1n : 0n;
    case '||':
      return left !== 0n || right !== 0n ? 1n : 0n;
    default:
      return null;
  }
}
