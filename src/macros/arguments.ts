/** Parameters in the header of a `.macro`, and arguments where it is invoked (gas's macro.c: do_formals, macro_expand). */
import type { Diagnostic } from '../syntax/diagnostic.ts';
import { type Token, TokenKind } from '../syntax/token.ts';
import { type AssemblerMacro, diagnosticAt, type FormalParameter, type SymbolValue } from './definition-types.ts';
import { evaluateTokens } from './expression.ts';
import { wordAt } from './statements.ts';
import { retokenize } from './substitute.ts';

/** Reads `name a, b=1, c:req, d:vararg` behind `.macro NAME`; commas are optional, parentheses may stand around it. */
export function parseParameters(
  tokens: readonly Token[],
  from: number,
  end: number,
  diagnostics: Diagnostic[],
): FormalParameter[] {
  const parameters: FormalParameter[] = [];
  let at = from;
  let last = end;
  if (tokens[at]?.text === '(' && at < end) {
    at++;
    if (tokens[end - 1]?.text === ')') last = end - 1;
  }
  at = behindComma(tokens, at, last);
  while (at < last) {
    const place = tokens[at]!;
    const word = wordAt(tokens, at, last);
    if (word.text === '') {
      diagnostics.push(diagnosticAt('error', 'a macro parameter must be a name', place));
      return parameters;
    }
    at = word.next;
    let kind: FormalParameter['kind'] = 'optional';
    if (at < last && tokens[at]!.text === ':') {
      const qualifier = tokens[at + 1];
      if (qualifier?.text === 'req') kind = 'required';
      else if (qualifier?.text === 'vararg') kind = 'variadic';
      else
        diagnostics.push(
          diagnosticAt(
            'error',
            `'${qualifier?.text ?? ''}' is not a parameter qualifier (req, vararg)`,
            qualifier ?? place,
          ),
        );
      at += 2;
    }
    let defaultValue: readonly Token[] = [];
    if (at < last && tokens[at]!.text === '=') {
      const value = argumentAt(tokens, at + 1, last);
      defaultValue = value.tokens;
      at = value.next;
    }
    if (parameters.some((each) => each.name === word.text)) {
      diagnostics.push(diagnosticAt('error', `parameter '${word.text}' is declared twice`, place));
    } else parameters.push({ name: word.text, kind, defaultValue });
    at = behindComma(tokens, at, last);
  }
  return parameters;
}

export interface ActualArgument {
  readonly tokens: readonly Token[];
  /** Index after the argument: that of the comma, if there is one. */
  readonly next: number;
}

/** Whether white space between two tokens is kept: gas drops it unless it separates two names. */
function separates(left: Token, right: Token): boolean {
  const nameEnd = left.kind <= TokenKind.String || left.text === '.' || left.text === '\\';
  const nameStart = right.kind <= TokenKind.String || right.text === '.' || right.text === '\\';
  return right.spaceBefore && nameEnd && nameStart;
}

/** Under `.altmacro` the symbols that `%expression` may name; otherwise null. */
export type Alternate = ReadonlyMap<string, SymbolValue> | null;

/**
 * Reads one argument: up to a comma, or up to white space outside parentheses and brackets. A string is an argument by itself;
 * its value is the text between its quotes.
 */
export function argumentAt(
  tokens: readonly Token[],
  from: number,
  end: number,
  alternate: Alternate = null,
): ActualArgument {
  let at = from;
  const first = tokens[from];
  if (alternate !== null && from < end) {
    const special = alternateArgument(tokens, from, end, alternate);
    if (special !== null) return special;
  }
  if (from < end && first!.kind === TokenKind.String) return { tokens: unquote(first!), next: from + 1 };
  let depth = 0;
  while (at < end) {
    const token = tokens[at]!;
    if (token.text === '(' || token.text === '[') depth++;
    else if (token.text === ')' || token.text === ']') depth--;
    else if (token.text === ',' && token.kind === TokenKind.Punctuator) break;
    if (depth <= 0 && at > from && separates(tokens[at - 1]!, token)) break;
    at++;
  }
  return { tokens: tokens.slice(from, at), next: at };
}

/** `<text>`, `%expression`, and strings, which keep their quotes. */
function alternateArgument(
  tokens: readonly Token[],
  from: number,
  end: number,
  symbols: NonNullable<Alternate>,
): ActualArgument | null {
  const first = tokens[from]!;
  if (first.kind === TokenKind.String) return { tokens: [withoutEscapes(first)], next: from + 1 };
  if (first.text === '%') {
    let last = from + 1;
    while (last < end && tokens[last]!.text !== ',') last++;
    const value = evaluateTokens(tokens, from + 1, last, symbols);
    return typeof value === 'bigint' ? { tokens: retokenize(String(value), first, 0), next: last } : null;
  }
  if (!/^<+$/.test(first.text)) return null;
  let depth = 0;
  for (let at = from; at < end; at++) {
    const { text } = tokens[at]!;
    if (/^<+$/.test(text)) depth += text.length;
    else if (/^>+$/.test(text)) depth -= text.length;
    if (depth <= 0) return { tokens: tokens.slice(from + 1, at), next: at + 1 };
  }
  return null;
}

/** In a string under `.altmacro`, `!` takes the next character as it is. */
function withoutEscapes(token: Token): Token {
  return { ...token, text: token.text.replace(/!(.)/g, '$1') };
}

/** The text inside a string as tokens; escapes are kept. */
function unquote(token: Token): readonly Token[] {
  const { text } = token;
  return retokenize(text.endsWith('"') && text.length > 1 ? text.slice(1, -1) : text.slice(1), token, 1);
}

function behindComma(tokens: readonly Token[], at: number, end: number): number {
  return at < end && tokens[at]!.text === ',' ? at + 1 : at;
}

/** The values of `.irp`, in order. */
export function argumentList(
  tokens: readonly Token[],
  from: number,
  end: number,
  alternate: Alternate = null,
): (readonly Token[])[] {
  const list: (readonly Token[])[] = [];
  for (let at = from; at < end; ) {
    const argument = argumentAt(tokens, at, end, alternate);
    list.push(argument.tokens);
    at = behindComma(tokens, argument.next, end);
    if (at === end && argument.next < end) list.push([]);
  }
  return list;
}

/**
 * Binds the arguments of an invocation to the macro's parameters: by position, or by `name=value`.
 *
 * @param call the word that invokes the macro: the place of messages
 */
export function bindArguments(
  macro: AssemblerMacro,
  tokens: readonly Token[],
  from: number,
  end: number,
  call: Token,
  diagnostics: Diagnostic[],
  alternate: Alternate = null,
): Map<string, readonly Token[]> {
  const { parameters } = macro;
  const values = new Map<string, readonly Token[]>();
  let position = 0;
  let at = from;
  while (at < end) {
    const keyword = wordAt(tokens, at, end);
    const equals = tokens[keyword.next];
    if (keyword.text !== '' && keyword.next < end && equals!.text === '=') {
      const parameter = parameters.find((each) => each.name === keyword.text);
      if (parameter !== undefined) {
        const argument =
          parameter.kind === 'variadic'
            ? rest(tokens, keyword.next + 1, end)
            : argumentAt(tokens, keyword.next + 1, end, alternate);
        if (values.has(parameter.name))
          diagnostics.push(
            diagnosticAt('error', `parameter '${parameter.name}' of '${macro.name}' is given twice`, tokens[at]!),
          );
        values.set(parameter.name, argument.tokens);
        at = behindComma(tokens, argument.next, end);
        continue;
      }
    }
    const parameter = parameters[position];
    if (parameter === undefined) {
      diagnostics.push(diagnosticAt('error', `too many arguments for macro '${macro.name}'`, tokens[at]!));
      break;
    }
    const argument = parameter.kind === 'variadic' ? rest(tokens, at, end) : argumentAt(tokens, at, end, alternate);
    values.set(parameter.name, argument.tokens);
    position++;
    at = behindComma(tokens, argument.next, end);
  }
  completeArguments(macro, values, call, diagnostics);
  return values;
}

function rest(tokens: readonly Token[], from: number, end: number): ActualArgument {
  return { tokens: tokens.slice(from, end), next: end };
}

/** Puts defaults where no argument was given, and reports required ones that are missing. */
export function completeArguments(
  macro: AssemblerMacro,
  values: Map<string, readonly Token[]>,
  call: Token,
  diagnostics: Diagnostic[],
): void {
  for (const { name, kind, defaultValue } of macro.parameters) {
    const value = values.get(name);
    if (value !== undefined && value.length > 0) continue;
    if (kind === 'required' && defaultValue.length === 0) {
      diagnostics.push(
        diagnosticAt('error', `missing value for required parameter '${name}' of macro '${macro.name}'`, call),
      );
    }
    values.set(name, defaultValue);
  }
}
