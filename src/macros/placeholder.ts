/**
 * References to parameters in a macro's body: `\name`, `\@`, `\()`; under `.altmacro` also `name` alone and `&name`
 * (gas's macro.c: macro_expand_body, sub_actual).
 */
import { type Token, TokenKind } from '../syntax/token.ts';
import { createToken } from '../syntax/tokenize.ts';
import { textOf } from './statements.ts';

export interface ParameterValues {
  readonly values: ReadonlyMap<string, readonly Token[]>;
  /** The value of `\@`: the number of macros invoked before this one. */
  readonly count: number;
  /** Whether `.altmacro` is on. */
  readonly alternate?: boolean;
}

export interface Placeholder {
  readonly value: readonly Token[];
  /** Index of its last token. */
  readonly last: number;
  /** Whether it is joined to the token before it (`&name`). */
  readonly glued: boolean;
}

/** The placeholder at `at`, or null when the token there stands for itself. */
export function placeholderAt(body: readonly Token[], at: number, given: ParameterValues): Placeholder | null {
  const token = body[at]!;
  if (token.kind === TokenKind.Other) return token.text === '\\' ? afterBackslash(body, at, given) : null;
  if (given.alternate !== true) return null;
  if (token.text === '&') {
    const name = nameAt(body, at + 1, given.values);
    if (name === null || body[at + 1]!.spaceBefore) return null;
    return { value: name.value, last: behindAmpersand(body, name.last), glued: !token.spaceBefore };
  }
  if (token.kind !== TokenKind.Identifier || continuesWord(body, at)) return null;
  const name = nameAt(body, at, given.values);
  return name === null ? null : { value: name.value, last: behindAmpersand(body, name.last), glued: false };
}

function afterBackslash(body: readonly Token[], at: number, { values, count }: ParameterValues): Placeholder | null {
  const token = body[at]!;
  const next = body[at + 1];
  if (next === undefined || next.spaceBefore) return null;
  if (next.text === '@') {
    const number = createToken(TokenKind.Number, String(count), token.file, token.start, next.end, false, null);
    return { value: [number], last: at + 1, glued: false };
  }
  if (next.text === '(' && body[at + 2]?.text === ')') return { value: [], last: at + 2, glued: false };
  const name = nameAt(body, at + 1, values);
  return name === null ? null : { value: name.value, last: name.last, glued: false };
}

/** The parameter whose name begins at `at`; a name includes dots, as everywhere in gas. */
function nameAt(
  body: readonly Token[],
  at: number,
  values: ParameterValues['values'],
): { value: readonly Token[]; last: number } | null {
  let text = '';
  let last = at - 1;
  for (let next = at; next < body.length; next++) {
    const token = body[next]!;
    if (next > at && token.spaceBefore) break;
    const part =
      token.kind === TokenKind.Identifier || token.text === '.' || (token.kind === TokenKind.Number && next > at);
    if (!part) break;
    text += token.text;
    last = next;
  }
  const value = values.get(text);
  return value === undefined ? null : { value, last };
}

/** `name&` drops the ampersand: it only ends the name. */
function behindAmpersand(body: readonly Token[], last: number): number {
  const next = body[last + 1];
  return next?.text === '&' && !next.spaceBefore ? last + 1 : last;
}

function continuesWord(body: readonly Token[], at: number): boolean {
  const before = body[at - 1];
  if (before === undefined || body[at]!.spaceBefore) return false;
  return before.kind <= TokenKind.Number || before.text === '.';
}

const NAME_IN_STRING = /\\(@|\(\)|[A-Za-z_.$][A-Za-z0-9_.$]*)/g;
const ALTERNATE_NAME_IN_STRING = /\\(@|\(\)|[A-Za-z_.$][A-Za-z0-9_.$]*)|&?([A-Za-z_.$][A-Za-z0-9_.$]*)&?/g;

/** Parameters are replaced inside strings too; an escape that names no parameter stays. */
export function replaceInString(text: string, { values, count, alternate }: ParameterValues): string {
  return text.replace(
    alternate === true ? ALTERNATE_NAME_IN_STRING : NAME_IN_STRING,
    (match, escaped?: string, bare?: string) => {
      if (escaped === '@') return String(count);
      if (escaped === '()') return '';
      const value = values.get(escaped ?? bare ?? '');
      return value === undefined ? match : textOf(value);
    },
  );
}
