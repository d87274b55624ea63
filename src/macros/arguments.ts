/** Parameters in the header of a `.macro`, and arguments where it is invoked (gas's macro.c: do_formals, macro_expand). */
import type { Diagnostic } from '../syntax/diagnostic.ts';
import { type Token, TokenKind } from '../syntax/token.ts';
import { type AssemblerMacro, diagnosticAt, type Parameter } from './model.ts';
import { wordAt } from './statements.ts';
import { retokenize } from './substitute.ts';

/** Reads `name a, b=1, c:req, d:vararg` behind `.macro NAME`; commas are optional, parentheses may stand around it. */
export function parseParameters(
  tokens: readonly Token[],
  from: number,
  end: number,
  diagnostics: Diagnostic[],
): Parameter[] {
  const parameters: Parameter[] = [];
  let at = from;
  let last = end;
  if (tokens[at]?.text === '(' && at < end) {
    at++;
    if (tokens[end - 1]?.text === ')') last = end - 1;
  }
  if (at < last && tokens[at]!.text === ',') at++;
  while (at < last) {
    const place = tokens[at]!;
    const word = wordAt(tokens, at, last);
    if (word.text === '') {
      diagnostics.push(diagnosticAt('error', 'a macro parameter must be a name', place));
      return parameters;
    }
    at = word.next;
    let kind: Parameter['kind'] = 'optional';
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
    if (at < last && tokens[at]!.text === ',') at++;
  }
  return parameters;
}

export interface Argument {
  readonly tokens: readonly Token[];
  /** Index behind the argument, at the comma if there is one. */
  readonly next: number;
}

/** Whether white space between two tokens is more than layout: gas drops it unless it separates two names. */
function separates(left: Token, right: Token): boolean {
  const nameEnd = left.kind <= TokenKind.String || left.text === '.' || left.text === '\\';
  const nameStart = right.kind <= TokenKind.String || right.text === '.' || right.text === '\\';
  return right.spaceBefore && nameEnd && nameStart;
}

/** One argument: to a comma, or to white space, outside parentheses and brackets. Quotes around it are taken off. */
export function argumentAt(tokens: readonly Token[], from: number, end: number): Argument {
  let at = from;
  let depth = 0;
  while (at < end) {
    const token = tokens[at]!;
    if (token.text === '(' || token.text === '[') depth++;
    else if (token.text === ')' || token.text === ']') depth--;
    else if (depth <= 0 && token.text === ',' && token.kind === TokenKind.Punctuator) break;
    if (depth <= 0 && at > from && separates(tokens[at - 1]!, token)) break;
    at++;
  }
  return { tokens: unquote(tokens.slice(from, at)), next: at };
}

/** `"a b"` as an argument is the text inside. */
function unquote(tokens: readonly Token[]): readonly Token[] {
  const token = tokens[0];
  if (tokens.length !== 1 || token!.kind !== TokenKind.String) return tokens;
  const text = token!.text;
  const inner = text.endsWith('"') && text.length > 1 ? text.slice(1, -1) : text.slice(1);
  return retokenize(inner.replaceAll('\\"', '"'), token!, 1);
}

/** All arguments of `.irp` or of an invocation, by position. */
export function argumentList(tokens: readonly Token[], from: number, end: number): (readonly Token[])[] {
  const list: (readonly Token[])[] = [];
  let at = from;
  while (at < end) {
    const argument = argumentAt(tokens, at, end);
    list.push(argument.tokens);
    at = argument.next;
    if (at < end && tokens[at]!.text === ',') {
      at++;
      if (at === end) list.push([]);
    } else if (argument.tokens.length === 0 && argument.next === at && at < end && tokens[at]!.text !== ',') at++;
  }
  return list;
}

/**
 * Binds the arguments of an invocation to the macro's parameters: by position, or by `name=value`.
 *
 * @param call the word that invokes the macro: where messages point
 */
export function bindArguments(
  macro: AssemblerMacro,
  tokens: readonly Token[],
  from: number,
  end: number,
  call: Token,
  diagnostics: Diagnostic[],
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
            : argumentAt(tokens, keyword.next + 1, end);
        if (values.has(parameter.name))
          diagnostics.push(
            diagnosticAt('error', `parameter '${parameter.name}' of '${macro.name}' is given twice`, tokens[at]!),
          );
        values.set(parameter.name, argument.tokens);
        at = argument.next;
        if (at < end && tokens[at]!.text === ',') at++;
        continue;
      }
    }
    const parameter = parameters[position];
    if (parameter === undefined) {
      diagnostics.push(diagnosticAt('error', `too many arguments for macro '${macro.name}'`, tokens[at]!));
      break;
    }
    const argument = parameter.kind === 'variadic' ? rest(tokens, at, end) : argumentAt(tokens, at, end);
    values.set(parameter.name, argument.tokens);
    position++;
    at = argument.next;
    if (at < end && tokens[at]!.text === ',') at++;
    else if (argument.tokens.length === 0 && at < end) at++;
  }
  completeArguments(macro, values, call, diagnostics);
  return values;
}

function rest(tokens: readonly Token[], from: number, end: number): Argument {
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
