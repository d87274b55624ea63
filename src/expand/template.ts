/**
 * Expands the macros of a target file to templates, in which arguments are still open: one template serves all sites between whose
 * registers the macro does not distinguish.
 */

import { equates } from '../machine/symbol-directives.ts';
import { type AssemblerMacro, diagnosticAt, type MacroState, type SymbolValue } from '../macros/definition-types.ts';
import { invokeMacro } from '../macros/expand.ts';
import { evaluateTokens } from '../macros/expression.ts';
import { statementEnd, textOf, wordAt } from '../macros/statements.ts';
import { withoutSpace } from '../macros/substitute.ts';
import type { Diagnostic } from '../syntax/diagnostic.ts';
import { SourceText } from '../syntax/source.ts';
import { type Token, TokenKind } from '../syntax/token.ts';
import { createToken, tokenize } from '../syntax/tokenize.ts';
import type { BodyProblem } from './problems.ts';

/** Text of a body, or the index of an argument whose text is to be inserted. */
export type TextPiece = string | number;

export type TemplateItem =
  /** `comment` spells the symbols that were replaced by numbers, or is empty. */
  | {
      readonly kind: 'instruction';
      readonly guard: TextPiece | null;
      readonly pieces: readonly TextPiece[];
      readonly comment: string;
      /** Offset in the target file. */
      readonly start: number;
      readonly end: number;
    }
  | { readonly kind: 'stop' }
  | { readonly kind: 'directive'; readonly pieces: readonly TextPiece[]; readonly start: number; readonly end: number };

export interface OpenBody {
  readonly kind: 'open';
  readonly items: readonly TemplateItem[];
  readonly instructions: number;
  readonly stops: number;
  /** Computed on demand; see facts.ts. */
  facts?: BodyFacts;
}

/** Properties of a body that are the same at all sites that share its template. */
export interface BodyFacts {
  /** Whether it is the native instruction. */
  readonly native: boolean;
  /** Index in `addressCandidates` of the first register that may hold the return address of a call; -1 if there is none. */
  readonly temporary: number;
  /** Its defects. */
  readonly problems: readonly BodyProblem[];
}

/** Why there is no body. */
export type NoBody =
  /** The target has none for this operation, or none for these operands: the site stays as it is. */
  | { readonly kind: 'missing' }
  /** The target's macro refuses these registers by `.error`. */
  | { readonly kind: 'refused'; readonly reason: string }
  /** The target file has errors. */
  | { readonly kind: 'broken'; readonly diagnostics: readonly Diagnostic[] };

export type BodyTemplate = OpenBody | NoBody;

/** The file of tokens from arguments; their offset is the argument's index. */
const ARGUMENTS = new SourceText('<arguments>', '');

/**
 * Expands a macro with canonical arguments.
 *
 * @param names by argument: its parameter, which the macro need not have
 * @param texts the arguments; empty where there is none
 */
export function expandTemplate(
  macro: AssemblerMacro,
  names: readonly string[],
  texts: readonly string[],
  known: MacroState,
): BodyTemplate {
  const values = new Map<string, readonly Token[]>(macro.parameters.map((each) => [each.name, each.defaultValue]));
  for (const [index, name] of names.entries()) {
    if (values.has(name)) values.set(name, argumentTokens(texts[index]!, index));
  }
  // Copies, so that definitions in one body do not affect others.
  const { macros, symbols } = known;
  const state = { ...known, macros: new Map(macros), symbols: new Map(symbols) };
  const result = invokeMacro(macro, values, macro.place, state);
  if (result.refusals.length > 0) return { kind: 'refused', reason: result.refusals[0]!.message };
  const atMacro = atHome(macro);
  if (result.diagnostics.length > 0) return { kind: 'broken', diagnostics: result.diagnostics.map(atMacro) };
  const diagnostics: Diagnostic[] = [];
  const items = templateItems(result.tokens, new Map(symbols), texts, diagnostics);
  if (diagnostics.length > 0) return { kind: 'broken', diagnostics: diagnostics.map(atMacro) };
  if (!items.some((item) => item.kind === 'instruction')) return { kind: 'missing' };
  const count = (kind: TemplateItem['kind']) => items.filter((item) => item.kind === kind).length;
  return { kind: 'open', items, instructions: count('instruction'), stops: count('stop') };
}

/** Moves a message about an argument to the macro's name. */
function atHome({ place }: AssemblerMacro): (diagnostic: Diagnostic) => Diagnostic {
  const { file, start, end } = place;
  return (diagnostic) => (diagnostic.file === ARGUMENTS ? { ...diagnostic, file, start, end } : diagnostic);
}

const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

function argumentTokens(text: string, index: number): readonly Token[] {
  if (text === '') return [];
  if (NAME.test(text)) return [createToken(TokenKind.Identifier, text, ARGUMENTS, index, index, false, null)];
  const tokens = withoutSpace(tokenize(new SourceText('', text)));
  return tokens.map((token) => createToken(token.kind, token.text, ARGUMENTS, index, index, token.spaceBefore, null));
}

function templateItems(
  tokens: readonly Token[],
  symbols: Map<string, SymbolValue>,
  texts: readonly string[],
  diagnostics: Diagnostic[],
): TemplateItem[] {
  const items: TemplateItem[] = [];
  for (let at = 0; at < tokens.length; at++) {
    const end = statementEnd(tokens, at);
    const symbol = definedSymbol(tokens, at, end);
    if (symbol !== null) symbols.set(symbol.name, evaluateTokens(tokens, symbol.from, end, symbols) ?? null);
    else if (end > at) items.push(statementItem(tokens, at, end, symbols, texts, diagnostics));
    at = end;
    if (tokens[at]?.text === ';' && tokens[at + 1]?.text === ';' && !tokens[at + 1]!.spaceBefore) {
      items.push({ kind: 'stop' });
      at++;
    }
  }
  return items;
}

/** The symbol that `name = value` or `.set name, value` defines, and the index of its value's first token. */
export function definedSymbol(
  tokens: readonly Token[],
  at: number,
  end: number,
): { name: string; from: number } | null {
  const word = wordAt(tokens, at, end);
  if (equates(word.text)) {
    const name = wordAt(tokens, word.next, end);
    return { name: name.text, from: name.next + 1 };
  }
  const assigns = word.next > at && word.next < end && /^==?$/.test(tokens[word.next]!.text);
  return assigns ? { name: word.text, from: word.next + 1 } : null;
}

function statementItem(
  tokens: readonly Token[],
  from: number,
  end: number,
  symbols: ReadonlyMap<string, SymbolValue>,
  texts: readonly string[],
  diagnostics: Diagnostic[],
): TemplateItem {
  if (tokens[from]!.text === '.')
    return { kind: 'directive', pieces: joined(pieces(tokens, from, end, texts)), ...placeOf(tokens, from, end) };
  let at = from;
  let guard: TextPiece | null = null;
  if (tokens[at]!.text === '(') {
    const close = at + 2;
    if (tokens[close]?.text !== ')')
      diagnostics.push(diagnosticAt('error', 'this is no qualifying predicate', tokens[at]!, tokens[end - 1]!));
    else guard = piece(tokens[at + 1]!, texts);
    at = Math.min(close + 1, end);
  }
  const word = wordAt(tokens, at, end);
  if (word.text === '' || tokens[word.next]?.text === ':') {
    diagnostics.push(
      diagnosticAt('error', 'a body holds instructions, stops and directives only', tokens[from]!, tokens[end - 1]!),
    );
    return { kind: 'stop' };
  }
  const line: TextPiece[] = [word.text];
  at = word.next;
  const comments: string[] = [];
  while (at < end) {
    let last = at;
    while (last < end && !isSeparator(tokens[last]!)) last++;
    if (at === word.next) line.push(' ');
    const number = foldedOperand(tokens, at, last, symbols);
    if (number === null) line.push(...pieces(tokens, at, last, texts));
    else {
      line.push(number);
      const spelling = textOf(tokens, at, last);
      if (/[A-Za-z_]{2}/.test(spelling)) comments.push(spelling);
    }
    if (last < end) line.push(tokens[last]!.text);
    at = last + 1;
  }
  const place = placeOf(tokens, from, end);
  return { kind: 'instruction', guard, pieces: joined(line), comment: comments.join(', '), ...place };
}

/** The range of a statement's tokens that are spelled in its file, without arguments. */
function placeOf(tokens: readonly Token[], from: number, end: number): { start: number; end: number } {
  const own = tokens.slice(from, end).filter(({ file }) => file !== ARGUMENTS);
  const first = own[0];
  if (first === undefined) return { start: 0, end: 0 };
  const last = own.findLast((token) => token.file === first.file && token.end > first.start) ?? first;
  return { start: first.start, end: last.end };
}

function isSeparator(token: Token): boolean {
  return token.kind === TokenKind.Punctuator && (token.text === ',' || token.text === '=');
}

/** The value of an operand that consists of symbols and operators; null for any other operand. */
function foldedOperand(
  tokens: readonly Token[],
  from: number,
  end: number,
  symbols: ReadonlyMap<string, SymbolValue>,
): string | null {
  const first = tokens[from];
  if (from >= end || first === undefined) return null;
  if (end - from === 1 && !(first.kind === TokenKind.Identifier && typeof symbols.get(first.text) === 'bigint'))
    return null;
  const value = evaluateTokens(tokens, from, end, symbols);
  if (typeof value !== 'bigint') return null;
  if (value > -4096n && value < 10n) return String(value);
  return `0x${BigInt.asUintN(64, value).toString(16)}`;
}

/** The pieces of tokens: their texts, and the indices of arguments. */
function pieces(tokens: readonly Token[], from: number, end: number, texts: readonly string[]): TextPiece[] {
  const result: TextPiece[] = [];
  for (let at = from; at < end; at++) {
    const token = tokens[at]!;
    if (at > from && token.spaceBefore) result.push(' ');
    result.push(piece(token, texts));
  }
  return result;
}

function piece(token: Token, texts: readonly string[]): TextPiece {
  return token.file === ARGUMENTS && token.text === texts[token.start] ? token.start : token.text;
}

/** Joins adjacent texts. */
function joined(list: readonly TextPiece[]): TextPiece[] {
  const result: TextPiece[] = [];
  for (const next of list) {
    const last = result.at(-1);
    if (typeof next === 'string' && typeof last === 'string') result[result.length - 1] = last + next;
    else result.push(next);
  }
  return result;
}
