/**
 * Absolute expressions over tokens, with gas's precedence (read.c, expr.c): `* / % << >>` bind tightest, then `| & ^ !`,
 * then `+ -` and the comparisons, then `&&`, then `||`. A comparison that holds is -1.
 */
import { type Token, TokenKind } from '../syntax/token.ts';
import type { SymbolValue } from './definition-types.ts';

/** A value; null when it depends on something that only the assembler knows; undefined when this is no expression. */
export type ExpressionValue = bigint | null | undefined;

const PRECEDENCE = new Map<string, number>([
  ['||', 1],
  ['&&', 2],
  ['==', 3],
  ['<>', 3],
  ['!=', 3],
  ['<', 3],
  ['<=', 3],
  ['>', 3],
  ['>=', 3],
  ['+', 4],
  ['-', 4],
  ['|', 5],
  ['&', 5],
  ['^', 5],
  ['!', 5],
  ['*', 6],
  ['/', 6],
  ['%', 6],
  ['<<', 6],
  ['>>', 6],
]);

const wrap = (value: bigint): bigint => BigInt.asIntN(64, value);
const truth = (value: boolean): bigint => (value ? -1n : 0n);

function apply(operator: string, left: bigint, right: bigint): ExpressionValue {
  switch (operator) {
    case '||':
      return left !== 0n || right !== 0n ? 1n : 0n;
    case '&&':
      return left !== 0n && right !== 0n ? 1n : 0n;
    case '==':
      return truth(left === right);
    case '<>':
    case '!=':
      return truth(left !== right);
    case '<':
      return truth(left < right);
    case '<=':
      return truth(left <= right);
    case '>':
      return truth(left > right);
    case '>=':
      return truth(left >= right);
    case '+':
      return wrap(left + right);
    case '-':
      return wrap(left - right);
    case '|':
      return left | right;
    case '&':
      return left & right;
    case '^':
      return left ^ right;
    case '!':
      return left | ~right;
    case '*':
      return wrap(left * right);
    case '/':
      return right === 0n ? undefined : wrap(left / right);
    case '%':
      return right === 0n ? undefined : left % right;
    case '<<':
      return right < 0n || right > 63n ? 0n : wrap(left << right);
    case '>>':
      return right < 0n || right > 63n ? 0n : wrap(BigInt.asUintN(64, left) >> right);
    default:
      return undefined;
  }
}

/** The value of a number as gas spells it (`0x1f`, `0b101`, `017`, `12`); null for a local label such as `1f`. */
export function gasNumber(text: string): ExpressionValue {
  const lower = text.toLowerCase();
  if (/^(0x[0-9a-f]+|0b[01]+|[1-9][0-9]*|0)$/.test(lower)) return wrap(BigInt(lower));
  if (/^0[0-7]+$/.test(lower)) return wrap(BigInt(`0o${lower.slice(1)}`));
  if (/^[0-9]+[fb]$/.test(lower)) return null;
  // A preprocessing number swallows the sign behind an `e`: `0xe+1`.
  const split = /^(.*[ep])([+-])(.*)$/.exec(lower);
  if (split === null) return undefined;
  const left = gasNumber(split[1]!);
  const right = gasNumber(split[3]!);
  return typeof left === 'bigint' && typeof right === 'bigint' ? apply(split[2]!, left, right) : undefined;
}

const ESCAPES: Readonly<Record<string, number>> = { b: 8, f: 12, n: 10, r: 13, t: 9 };

function characterValue(text: string): ExpressionValue {
  if (text[1] !== '\\') return BigInt(text.charCodeAt(1));
  const letter = text[2] ?? '';
  const octal = /^[0-7]{1,3}/.exec(text.slice(2));
  if (octal !== null) return BigInt(Number.parseInt(octal[0], 8));
  return BigInt(ESCAPES[letter] ?? letter.charCodeAt(0));
}

/**
 * Evaluates `tokens[from..end)`, all of it.
 *
 * @param symbols values of the names seen so far; a name that is not there may still get one later, so it is unknown
 */
export function evaluateTokens(
  tokens: readonly Token[],
  from: number,
  end: number,
  symbols: ReadonlyMap<string, SymbolValue>,
): ExpressionValue {
  let at = from;

  function operatorAt(): string {
    const token = tokens[at];
    if (at >= end || token === undefined || token.kind !== TokenKind.Punctuator) return '';
    const next = tokens[at + 1];
    if (token.text === '<' && at + 1 < end && next?.text === '>' && !next.spaceBefore) return '<>';
    return PRECEDENCE.has(token.text) ? token.text : '';
  }

  function name(): ExpressionValue {
    let text = '';
    do text += tokens[at++]!.text;
    while (at < end && !tokens[at]!.spaceBefore && (tokens[at]!.kind <= TokenKind.Number || tokens[at]!.text === '.'));
    return symbols.get(text) ?? null;
  }

  function unary(depth: number): ExpressionValue {
    const token = tokens[at];
    if (at >= end || token === undefined || depth > 200) return undefined;
    if (token.kind === TokenKind.Number) return gasNumber(tokens[at++]!.text);
    if (token.kind === TokenKind.Character) return characterValue(tokens[at++]!.text);
    if (token.kind === TokenKind.Identifier || token.text === '.') return name();
    if (token.text === '(') {
      at++;
      const inner = binary(1, depth + 1);
      if (at >= end || tokens[at]!.text !== ')') return undefined;
      at++;
      return inner;
    }
    if (!/^[-+~!]$/.test(token.text)) return undefined;
    at++;
    const operand = unary(depth + 1);
    if (typeof operand !== 'bigint') return operand;
    if (token.text === '-') return wrap(-operand);
    if (token.text === '~') return ~operand;
    return token.text === '!' ? (operand === 0n ? 1n : 0n) : operand;
  }

  function binary(lowest: number, depth: number): ExpressionValue {
    let left = unary(depth);
    for (;;) {
      const operator = operatorAt();
      const precedence = PRECEDENCE.get(operator) ?? 0;
      if (precedence < lowest) return left;
      at += operator === '<>' ? 2 : 1;
      const right = binary(precedence + 1, depth + 1);
      if (left === undefined || right === undefined) return undefined;
      left = left === null || right === null ? null : apply(operator, left, right);
    }
  }

  const value = binary(1, 0);
  return at === end ? value : undefined;
}
