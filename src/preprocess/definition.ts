/** Macro definitions: #define parsed, and the replacement list made ready for substitution on first use. */
import type { Diagnostic } from '../syntax/diagnostic.ts';
import type { SourceText } from '../syntax/source.ts';
import { behindSplices, withoutSplices } from '../syntax/splice.ts';
import { type Token, TokenKind } from '../syntax/token.ts';
import { identifierEnd, skipBlanks } from './scan.ts';
import { type Padding, significantTokens, withSpace } from './tokens.ts';

export interface MacroDefinition {
  readonly name: string;
  /** The place of its #define; the command line and built-in macros have source texts of their own. */
  readonly file: SourceText;
  /** From the `#` to the end of the directive's last line. */
  readonly start: number;
  readonly end: number;
  readonly nameStart: number;
  /** Null for an object-like macro. The last one of a variadic macro is `__VA_ARGS__` or the name before `...`. */
  readonly parameters: readonly string[] | null;
  readonly variadic: boolean;
  /** The replacement list's span in `file`. */
  readonly bodyStart: number;
  readonly bodyEnd: number;
}

/** A macro while a run works with it. Shared by runs through the cache; `disabled` is set only during expansion. */
export interface Macro extends MacroDefinition {
  /** Set while the macro's own expansion is read: its name is not expanded in there. */
  disabled: boolean;
  body: ReplacementList | null;
  /** For `__LINE__` and its like: what computes it. */
  readonly builtin: string | null;
  /** Built in, or given by the caller: a #define of the source replaces it without a word. */
  readonly predefined: boolean;
}

/** The token before a `##`. */
export const PASTE_LEFT = 1;
/** A parameter behind `#`. */
export const STRINGIFY = 2;
/** `__VA_OPT__`, whose contents run to the part of index `close`. */
export const OPTIONAL = 4;

/** One token of a replacement list. */
export interface ReplacementPart {
  readonly token: Token;
  flags: number;
  /** Index of the parameter that the token names, or -1. */
  readonly parameter: number;
  /** For OPTIONAL: index of the part behind its closing parenthesis. */
  close: number;
  readonly padding: Padding;
}

export interface ReplacementList {
  readonly parts: readonly ReplacementPart[];
  /** Plain tokens: no parameter, no `#`, no `##`. */
  readonly plain: boolean;
  /** There is a `##`. */
  readonly pastes: boolean;
}

const OPEN = 40;
const CLOSE = 41;
const COMMA = 44;
const DOT = 46;

/**
 * Parses what follows `#define` in `file` between `from` and `end`. `start` is the place of the `#`. On an error the
 * macro is null.
 */
export function parseDefinition(
  file: SourceText,
  start: number,
  from: number,
  end: number,
  predefined: boolean,
): { macro: Macro | null; diagnostics: Diagnostic[] } {
  const { text } = file;
  const fail = (message: string, at: number) => ({
    macro: null,
    diagnostics: [{ severity: 'error', message, file, start: Math.min(at, end), end: Math.min(at + 1, end) } as const],
  });
  const nameStart = skipBlanks(text, from, end);
  const nameEnd = identifierEnd(text, nameStart);
  if (nameEnd === nameStart)
    return fail(nameStart >= end ? 'no macro name given in #define' : 'macro names must be identifiers', nameStart);
  const name = withoutSplices(text.slice(nameStart, nameEnd));
  if (name === 'defined' || name === '__VA_ARGS__' || name === '__VA_OPT__')
    return fail(`"${name}" cannot be used as a macro name`, nameStart);
  let parameters: string[] | null = null;
  let variadic = false;
  let bodyStart = nameEnd;
  const open = behindSplices(text, nameEnd);
  if (text.charCodeAt(open) === OPEN) {
    const list = parseParameters(text, open + 1, end);
    if (typeof list.problem === 'string') return fail(list.problem, list.end);
    ({ parameters, variadic } = list);
    bodyStart = list.end;
  }
  const macro: Macro = {
    name,
    file,
    start,
    end,
    nameStart,
    parameters,
    variadic,
    bodyStart: skipBlanks(text, bodyStart, end),
    bodyEnd: end,
    disabled: false,
    body: null,
    builtin: null,
    predefined,
  };
  return { macro, diagnostics: [] };
}

function parseParameters(
  text: string,
  from: number,
  end: number,
): { parameters: string[]; variadic: boolean; end: number; problem: string | null } {
  const parameters: string[] = [];
  let at = skipBlanks(text, from, end);
  const result = (problem: string | null, variadic = false) => ({ parameters, variadic, end: at, problem });
  if (text.charCodeAt(at) === CLOSE && at < end) {
    at++;
    return result(null);
  }
  for (;;) {
    const nameEnd = Math.min(identifierEnd(text, at), end);
    const name = withoutSplices(text.slice(at, nameEnd));
    if (parameters.includes(name)) return result(`duplicate macro parameter "${name}"`);
    if (name === '__VA_ARGS__') return result('__VA_ARGS__ can only appear in the expansion of a variadic macro');
    at = skipBlanks(text, nameEnd, end);
    const dots = text.charCodeAt(at) === DOT && text.startsWith('...', at) && at + 3 <= end;
    if (name === '' && !dots)
      return result(at >= end ? 'missing ")" in macro parameter list' : 'expected parameter name');
    parameters.push(name === '' ? '__VA_ARGS__' : name);
    if (dots) {
      at = skipBlanks(text, at + 3, end);
      if (text.charCodeAt(at) !== CLOSE || at >= end) return result('missing ")" in macro parameter list');
      at++;
      return result(null, true);
    }
    const code = at < end ? text.charCodeAt(at) : -1;
    if (code === CLOSE) {
      at++;
      return result(null);
    }
    if (code !== COMMA)
      return result(
        code === -1 ? 'missing ")" in macro parameter list' : 'expected "," or ")" in macro parameter list',
      );
    at = skipBlanks(text, at + 1, end);
  }
}

/** A macro that the preprocessor computes: `__LINE__`, `__COUNTER__` ... */
export function builtinMacro(name: string, file: SourceText): Macro {
  return {
    name,
    file,
    start: 0,
    end: 0,
    nameStart: 0,
    parameters: null,
    variadic: false,
    bodyStart: 0,
    bodyEnd: 0,
    disabled: false,
    body: null,
    builtin: name,
    predefined: true,
  };
}

/** The replacement list, tokenised when it is first asked for. */
export function macroTokens(macro: MacroDefinition): readonly Token[] {
  const tokens = significantTokens(macro.file, macro.bodyStart, macro.bodyEnd);
  return tokens.at(-1)?.kind === TokenKind.Newline ? tokens.slice(0, -1) : tokens;
}

export function replacementList(macro: Macro): ReplacementList {
  macro.body ??= compileBody(macro);
  return macro.body;
}

function compileBody(macro: Macro): ReplacementList {
  const parts: ReplacementPart[] = [];
  const { parameters } = macro;
  const tokens = macroTokens(macro);
  let plain = true;
  for (let index = 0; index < tokens.length; index++) {
    const token = tokens[index]!;
    if (token.text === '##' && parts.length > 0 && index + 1 < tokens.length) {
      parts.at(-1)!.flags |= PASTE_LEFT;
      plain = false;
      continue;
    }
    const isName = token.kind === TokenKind.Identifier;
    const parameter = isName && parameters !== null ? parameters.indexOf(token.text) : -1;
    const optional = isName && macro.variadic && token.text === '__VA_OPT__' && tokens[index + 1]?.text === '(';
    if (parameter !== -1 || optional) plain = false;
    const hash = parts.at(-1);
    let flags = optional ? OPTIONAL : 0;
    let spelled = token;
    if ((parameter !== -1 || optional) && hash !== undefined && hash.token.text === '#' && hash.flags === 0) {
      // `#x`: the parameter takes the place and the spacing of its operator.
      parts.pop();
      flags |= STRINGIFY;
      spelled = { ...hash.token, text: token.text, kind: token.kind };
    }
    if (parts.length === 0) spelled = withSpace(spelled, false);
    parts.push({ token: spelled, flags, parameter, close: 0, padding: { kind: -1, source: spelled } });
  }
  if (!plain) matchOptionals(parts);
  return { parts, plain, pastes: parts.some(({ flags }) => (flags & PASTE_LEFT) !== 0) };
}

/** Finds the parentheses of each `__VA_OPT__ ( ... )`; without a partner it is an ordinary name. */
function matchOptionals(parts: ReplacementPart[]): void {
  for (let index = 0; index < parts.length; index++) {
    const part = parts[index]!;
    if ((part.flags & OPTIONAL) === 0) continue;
    let depth = 0;
    let close = index + 1;
    for (; close < parts.length; close++) {
      const { text } = parts[close]!.token;
      if (text === '(') depth++;
      else if (text === ')' && --depth === 0) break;
    }
    if (close === parts.length) part.flags &= ~OPTIONAL;
    else part.close = close;
  }
}

/** Whether two definitions are the same but for white space, as C11 6.10.3 asks of a redefinition. */
export function sameDefinition(one: Macro, other: Macro): boolean {
  if (one === other) return true;
  if (one.builtin !== null || other.builtin !== null || one.variadic !== other.variadic) return false;
  if ((one.parameters === null) !== (other.parameters === null) || one.parameters?.join() !== other.parameters?.join())
    return false;
  const left = macroTokens(one);
  const right = macroTokens(other);
  return (
    left.length === right.length &&
    left.every(
      (token, index) =>
        token.text === right[index]!.text && (index === 0 || token.spaceBefore === right[index]!.spaceBefore),
    )
  );
}

/** The text of the body of an object-like macro; undefined when the name is no such macro. */
export function definedAs(definition: MacroDefinition | undefined): string | undefined {
  if (definition === undefined || definition.parameters !== null) return undefined;
  return definition.file.text.slice(definition.bodyStart, definition.bodyEnd).trim();
}
