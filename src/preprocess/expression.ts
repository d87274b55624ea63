/** #if expressions: C11 6.10.1 in 64-bit integers, over tokens that are expanded as they are read. */
import { type Token, TokenKind } from '../syntax/token.ts';
import { nextExpanded } from './expand.ts';
import { findHeader } from './include.ts';
import { characterValue, combineOpen, normal, OPEN, shift, truth, type Value, ZERO } from './integers.ts';
import { type OpenFile, type PreprocessorRun, reportUnlessMissing } from './run.ts';
import type { DirectiveSegment } from './structure.ts';

/** What is unknown about a name: its value, or whether it is defined. */
export interface OpenNames {
  readonly value: (name: string) => boolean;
  readonly defined: (name: string) => boolean;
}

/** An expression being read. `token` is the next one, null at the end; after an error nothing more is read. */
interface Reader {
  readonly run: PreprocessorRun;
  readonly frame: OpenFile;
  readonly openNames: OpenNames | null;
  token: Token | null;
  failure: { readonly message: string; readonly token: Token | null } | null;
  depth: number;
}

const DEPTH_LIMIT = 500;

const PRECEDENCE: Readonly<Record<string, number>> = {
  '*': 10,
  '/': 10,
  '%': 10,
  '+': 9,
  '-': 9,
  '<<': 8,
  '>>': 8,
  '<': 7,
  '>': 7,
  '<=': 7,
  '>=': 7,
  '==': 6,
  '!=': 6,
  '&': 5,
  '^': 4,
  '|': 3,
  '&&': 2,
  '||': 1,
};

/** Whether the expression is true. Errors are reported at their token, and an erroneous expression is false. */
export function evaluateExpression(
  run: PreprocessorRun,
  frame: OpenFile,
  segment: DirectiveSegment,
  tokens: readonly Token[],
): boolean {
  const { value, failure } = readExpression(run, frame, segment, tokens, null);
  if (failure === null) return value.value !== 0n;
  const token = failure.token;
  const place =
    token?.file === frame.file && token.start >= segment.start && token.end <= segment.end
      ? token
      : { file: frame.file, start: segment.start, end: segment.end };
  reportUnlessMissing(run, failure.message, place);
  return false;
}

/** The truth of an expression for all values of open names; null when it depends on them, or the expression is wrong. */
export function evaluateWithOpenNames(
  run: PreprocessorRun,
  frame: OpenFile,
  segment: DirectiveSegment,
  tokens: readonly Token[],
  openNames: OpenNames,
): boolean | null {
  const { value, failure } = readExpression(run, frame, segment, tokens, openNames);
  return failure !== null || value.open ? null : value.value !== 0n;
}

function readExpression(
  run: PreprocessorRun,
  frame: OpenFile,
  segment: DirectiveSegment,
  tokens: readonly Token[],
  openNames: OpenNames | null,
): { value: Value; failure: Reader['failure'] } {
  const reader: Reader = { run, frame, openNames, token: null, failure: null, depth: 0 };
  const { floor, fileInReach, outermost } = run;
  run.floor = run.contexts.length;
  run.fileInReach = false;
  run.outermost = tokens[0] ?? null;
  run.contexts.push({ items: tokens, at: 0, macro: null });
  advance(reader);
  if (reader.token === null) fail(reader, `#${segment.keyword} with no expression`);
  const value = comma(reader, true);
  if (reader.token !== null) fail(reader, `missing binary operator before token "${reader.token.text}"`);
  while (nextExpanded(run) !== null);
  run.floor = floor;
  run.fileInReach = fileInReach;
  run.outermost = outermost;
  return { value, failure: reader.failure };
}

function advance(reader: Reader): void {
  let item = nextExpanded(reader.run);
  while (item !== null && item.kind === -1) item = nextExpanded(reader.run);
  reader.token = item;
}

/** The next token's text; a call, because the compiler would take a field to be unchanged by `advance`. */
function ahead(reader: Reader): string | undefined {
  return reader.token?.text;
}

function fail(reader: Reader, message: string): Value {
  reader.failure ??= { message, token: reader.token };
  return ZERO;
}

/** Takes the next token when it is the given punctuator. */
function take(reader: Reader, text: string): boolean {
  const { token } = reader;
  if (token === null || token.kind !== TokenKind.Punctuator || token.text !== text) return false;
  advance(reader);
  return true;
}

/** `evaluated` is false in the part of an expression that has no effect: there a division by zero is no error. */
function comma(reader: Reader, evaluated: boolean): Value {
  let value = conditional(reader, evaluated);
  while (reader.failure === null && take(reader, ',')) value = conditional(reader, evaluated);
  return value;
}

function conditional(reader: Reader, evaluated: boolean): Value {
  const condition = binary(reader, 1, evaluated);
  if (reader.failure !== null || !take(reader, '?')) return condition;
  if (++reader.depth > DEPTH_LIMIT) return fail(reader, 'expression is nested too deeply');
  const isTrue = condition.value !== 0n;
  const left = comma(reader, evaluated && isTrue);
  if (reader.failure === null && !take(reader, ':')) return fail(reader, "'?' without following ':'");
  const right = conditional(reader, evaluated && !isTrue);
  reader.depth--;
  if (condition.open || left.open || right.open) return OPEN;
  return normal((isTrue ? left : right).value, left.unsigned || right.unsigned);
}

function binary(reader: Reader, minimum: number, evaluated: boolean): Value {
  let left = unary(reader, evaluated);
  while (reader.failure === null) {
    const { token } = reader;
    const precedence = token?.kind === TokenKind.Punctuator ? PRECEDENCE[token.text] : undefined;
    if (token === null || precedence === undefined || precedence < minimum) return left;
    advance(reader);
    const shortCut =
      !left.open && ((token.text === '&&' && left.value === 0n) || (token.text === '||' && left.value !== 0n));
    const right = binary(reader, precedence + 1, evaluated && !shortCut);
    if (reader.failure === null) left = combine(reader, token, left, right, evaluated);
  }
  return left;
}

function combine(reader: Reader, operator: Token, left: Value, right: Value, evaluated: boolean): Value {
  if (left.open || right.open) return combineOpen(operator.text, left, right);
  const unsigned = left.unsigned || right.unsigned;
  const a = normal(left.value, unsigned).value;
  const b = normal(right.value, unsigned).value;
  switch (operator.text) {
    case '*':
      return normal(a * b, unsigned);
    case '/':
    case '%':
      if (b === 0n) {
        if (!evaluated) return ZERO;
        reader.failure ??= { message: 'division by zero in #if', token: operator };
        return ZERO;
      }
      return normal(operator.text === '/' ? a / b : a % b, unsigned);
    case '+':
      return normal(a + b, unsigned);
    case '-':
      return normal(a - b, unsigned);
    case '<<':
      return shift(left, right.value);
    case '>>':
      return shift(left, -right.value);
    case '<':
      return truth(a < b);
    case '>':
      return truth(a > b);
    case '<=':
      return truth(a <= b);
    case '>=':
      return truth(a >= b);
    case '==':
      return truth(a === b);
    case '!=':
      return truth(a !== b);
    case '&':
      return normal(a & b, unsigned);
    case '^':
      return normal(a ^ b, unsigned);
    case '|':
      return normal(a | b, unsigned);
    case '&&':
      return truth(left.value !== 0n && right.value !== 0n);
    default:
      return truth(left.value !== 0n || right.value !== 0n);
  }
}

function unary(reader: Reader, evaluated: boolean): Value {
  const { token } = reader;
  if (token === null) return fail(reader, '#if expression ends where an operand is due');
  if (++reader.depth > DEPTH_LIMIT) return fail(reader, 'expression is nested too deeply');
  const value = operand(reader, token, evaluated);
  reader.depth--;
  return value;
}

function operand(reader: Reader, token: Token, evaluated: boolean): Value {
  switch (token.kind) {
    case TokenKind.Number:
      advance(reader);
      return integer(reader, token);
    case TokenKind.Character:
      advance(reader);
      return { value: characterValue(token.text), unsigned: false };
    case TokenKind.Identifier:
      return name(reader, token);
    case TokenKind.Punctuator:
      break;
    default:
      return fail(reader, `token "${token.text}" is not valid in preprocessor expressions`);
  }
  const { text } = token;
  if (!'(!~+-#'.includes(text)) return fail(reader, `operator "${text}" has no left operand`);
  advance(reader);
  if (text === '(') {
    const value = comma(reader, evaluated);
    if (reader.failure === null && !take(reader, ')')) return fail(reader, "missing ')' in expression");
    return value;
  }
  if (text === '#') return assertion(reader);
  const of = unary(reader, evaluated);
  if (of.open) return of;
  const { value, unsigned } = of;
  if (text === '!') return truth(value === 0n);
  return normal(text === '~' ? ~value : text === '-' ? -value : value, unsigned);
}

/** `#machine(x)`, a test of GNU #assert, which is accepted and never holds. */
function assertion(reader: Reader): Value {
  if (reader.token?.kind !== TokenKind.Identifier) return fail(reader, 'assertion without predicate');
  advance(reader);
  if (take(reader, '(')) while (reader.token !== null && !take(reader, ')')) advance(reader);
  return ZERO;
}

/** A name that is left after expansion is 0, but for the operators that look like names. */
function name(reader: Reader, token: Token): Value {
  switch (token.text) {
    case 'defined':
      return definedOperator(reader);
    case '__has_include':
    case '__has_include_next':
      return hasInclude(reader, token);
    case '__has_attribute':
    case '__has_builtin':
      return hasFeature(reader, token);
    default:
      advance(reader);
      return reader.openNames?.value(token.text) ? OPEN : ZERO;
  }
}

function definedOperator(reader: Reader): Value {
  const { run } = reader;
  run.expansionOff = true;
  advance(reader);
  const bracket = reader.token?.text === '(';
  if (bracket) advance(reader);
  const tested = reader.token;
  run.expansionOff = false;
  if (tested?.kind !== TokenKind.Identifier) return fail(reader, 'operator "defined" requires an identifier');
  advance(reader);
  if (bracket && !take(reader, ')')) return fail(reader, 'missing \')\' after "defined"');
  return reader.openNames?.defined(tested.text) ? OPEN : truth(run.macros.has(tested.text));
}

function hasInclude(reader: Reader, operator: Token): Value {
  const { run, frame } = reader;
  advance(reader);
  if (ahead(reader) !== '(') return fail(reader, `missing '(' before "${operator.text}" operand`);
  advance(reader);
  const first: Token | null = reader.token;
  const next = operator.text === '__has_include_next';
  let path: string;
  if (first?.kind === TokenKind.String) {
    path = first.text.slice(1, -1);
    advance(reader);
  } else if (first?.text === '<') {
    // As spelled: `linux` may well be a macro, but not inside a header's name.
    run.expansionOff = first.use === null;
    path = '';
    for (advance(reader); reader.token !== null && ahead(reader) !== '>'; advance(reader)) {
      path += (path !== '' && reader.token.spaceBefore ? ' ' : '') + reader.token.text;
    }
    run.expansionOff = false;
    advance(reader);
  } else return fail(reader, `operator "${operator.text}" requires a header-name`);
  if (!take(reader, ')')) return fail(reader, `missing ')' after "${operator.text}" operand`);
  return truth(findHeader(run, frame, { path, angled: first.text === '<', next }, operator) !== undefined);
}

/** `__has_attribute(x)`: gcc offers it to the languages it compiles; to an assembler nothing can matter of it: 0. */
function hasFeature(reader: Reader, operator: Token): Value {
  advance(reader);
  if (!take(reader, '(')) return fail(reader, `missing '(' after "${operator.text}"`);
  for (let depth = 1; depth > 0 && reader.token !== null; advance(reader)) {
    if (reader.token.text === '(') depth++;
    else if (reader.token.text === ')' && --depth === 0) {
      advance(reader);
      return ZERO;
    }
  }
  return fail(reader, `missing ')' after "${operator.text}"`);
}

function integer(reader: Reader, token: Token): Value {
  const { text } = token;
  const match = /^(0[xX][0-9a-fA-F]+|0[bB][01]+|\d+)([uUlL]*)$/.exec(text);
  const refuse = (message: string) => {
    reader.failure ??= { message, token };
    return ZERO;
  };
  if (match === null) {
    return refuse(
      /^[\d.]+$|^\d[\d.]*[eE][-+]?\d+/.test(text)
        ? 'floating constant in preprocessor expression'
        : `"${text}" is not an integer constant`,
    );
  }
  const digits = match[1]!;
  const suffix = match[2]!.toLowerCase();
  if (!/^(u?l{0,2}|l{1,2}u)$/.test(suffix)) return refuse(`invalid suffix "${match[2]}" on integer constant`);
  const octal = /^0\d/.test(digits);
  if (octal && /[89]/.test(digits)) return refuse(`invalid digit in octal constant "${text}"`);
  const value = BigInt.asUintN(64, BigInt(octal ? `0o${digits.slice(1)}` : digits));
  return { value, unsigned: suffix.includes('u') || value > 0x7fff_ffff_ffff_ffffn };
}
