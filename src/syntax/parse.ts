/** The parser's entry points, from tokens to trees. They never throw: text that cannot be parsed is kept, and reported. */
import type { Diagnostic } from './diagnostic.ts';
import { newConditionals } from './directives.ts';
import type { DeferredPart, ParseContext, Problem } from './expression-grammar.ts';
import { takeWhole } from './file-tokens.ts';
import { Grammar } from './grammar.ts';
import { type Lexeme, lexemes } from './lexeme.ts';
import { SourceText } from './source.ts';
import { type Token, TokenKind } from './token.ts';
import { type Dialect, tokenize } from './tokenize.ts';
import type { Expression, Statement, Tree } from './tree.ts';

export interface ParseOptions {
  /** `gas` for `.s` files that no preprocessor reads; `cpp` (the default) for all others. */
  readonly dialect?: Dialect;
  /** Report no errors: for headers, which may hold C code without a conditional around it. */
  readonly lenient?: boolean;
}

/** Most nested macro calls in arguments whose statements are parsed; deeper arguments are kept as tokens only. */
const ARGUMENT_DEPTH_LIMIT = 50;

/**
 * Lexemes that are parsed at a time, in whole lines. The parser needs more room for them than the tree that it makes: of a
 * listing with a hundred thousand sites they would be half of what is kept.
 */
const PIECE = 20_000;

const NOTHING: ParseContext = {
  ...{ tokens: [], list: [], from: 0, to: -2, raw: false },
  ...{ gasMacros: new Set(), pending: [], problems: [] },
};

let instance: Grammar | undefined;
function grammar(): Grammar {
  instance ??= new Grammar();
  return instance;
}

/** Parses a file before preprocessing, with its directives and macro calls. */
export function parseSource(file: SourceText, options?: ParseOptions): Tree {
  const dialect = options?.dialect ?? 'cpp';
  const tokens = dialect === 'cpp' ? takeWhole(file) : tokenize(file, { dialect });
  const raw = dialect === 'cpp';
  const { statements, problems } = readAll(tokens, { raw, directives: raw });
  return {
    file,
    tokens,
    statements,
    errors: options?.lenient === true ? [] : diagnostics(inOrder(problems, tokens), tokens, file),
  };
}

/**
 * Parses preprocessed tokens. The list must have the line ends; it needs no blanks, which `spaceBefore` stands for.
 *
 * @param first the token to begin at, the first one of a line
 */
export function parseTokens(
  tokens: readonly Token[],
  first = 0,
): {
  statements: readonly Statement[];
  errors: readonly Diagnostic[];
} {
  const { statements, problems } = readAll(tokens, { raw: false, directives: true }, first);
  return {
    statements,
    errors: diagnostics(inOrder(problems, tokens), tokens, tokens[0]?.file ?? new SourceText('', '')),
  };
}

/** Parses `tokens[first..last]` as one expression; null, with the errors, when they form none. */
export function parseExpression(
  tokens: readonly Token[],
  first = 0,
  last = tokens.length - 1,
): { expression: Expression | null; errors: readonly Diagnostic[] } {
  const { lexemes: list } = lexemes(tokens, first, last, { directives: false, inDefine: false });
  const problems: Problem[] = [];
  const around = {
    tokens,
    list,
    from: 0,
    to: list.length - 2,
    raw: false,
    gasMacros: new Set<string>(),
    pending: [],
    problems,
  };
  const expression = grammar().readExpression(around);
  return { expression, errors: diagnostics(problems, tokens, tokens[0]?.file ?? new SourceText('', '')) };
}

/** How a text is parsed. */
interface Manner {
  /** Before preprocessing: the text has macro calls, directives, and C code between them. */
  readonly raw: boolean;
  /** A `#` at the start of a statement begins a directive, or a comment of gas. */
  readonly directives: boolean;
}

function readAll(
  tokens: readonly Token[],
  { raw, directives }: Manner,
  first = 0,
): { statements: Statement[]; problems: Problem[] } {
  const statements: Statement[] = [];
  const problems: Problem[] = [];
  const quiet: { first: number; last: number }[] = [];
  const gasMacros = new Set<string>();
  const later: { list: readonly Lexeme[]; pending: readonly DeferredPart[] }[] = [];
  const common = { directives, inDefine: false, conditionals: newConditionals(), enough: PIECE };
  let at = first;
  do {
    const { lexemes: list, next, quiet: dead } = lexemes(tokens, at, tokens.length - 1, common);
    const pending: DeferredPart[] = [];
    const around = { tokens, list, from: 0, to: list.length - 2, raw, gasMacros, pending, problems };
    for (const statement of grammar().readStatements(around)) statements.push(statement);
    quiet.push(...dead);
    if (pending.length > 0) later.push({ list, pending });
    at = next;
  } while (at < tokens.length);
  problems.sort((a, b) => a.first - b.first);
  // A macro may be called before it is defined.
  for (const { list, pending } of later) readPending(tokens, list, pending, gasMacros, 1);
  grammar().readStatements(NOTHING); // so that the parser, which stays, lets go of the text
  return { statements, problems: notWithin(problems, quiet) };
}

/** The problems of statements and of the whole list (unterminated comments and strings), by place. */
function inOrder(problems: Problem[], tokens: readonly Token[]): Problem[] {
  return [...problems, ...unterminated(tokens)].sort((a, b) => a.first - b.first);
}

/** Parses macro arguments and bodies of `#define`. Errors are not reported: only their use tells what they should be. */
function readPending(
  tokens: readonly Token[],
  list: readonly Lexeme[],
  pending: readonly DeferredPart[],
  gasMacros: Set<string>,
  depth: number,
): void {
  if (depth > ARGUMENT_DEPTH_LIMIT) return;
  for (const { of, from, to, statements } of pending) {
    const inner: DeferredPart[] = [];
    const body = of === 'lexemes' ? list : lexemes(tokens, from, to, { directives: false, inDefine: true }).lexemes;
    const range = of === 'lexemes' ? { from, to } : { from: 0, to: body.length - 2 };
    const around = { tokens, list: body, ...range, raw: true, gasMacros, pending: inner, problems: [] };
    for (const statement of grammar().readStatements(around)) statements.push(statement);
    readPending(tokens, body, inner, gasMacros, depth + 1);
  }
}

/** Block comments and strings that are never closed. */
function unterminated(tokens: readonly Token[]): Problem[] {
  const problems: Problem[] = [];
  const at = tokens.length - 1;
  const last = tokens[at];
  if (
    last?.kind === TokenKind.Comment &&
    last.text.startsWith('/*') &&
    (last.text.length < 4 || !last.text.endsWith('*/'))
  ) {
    problems.push({ message: 'the comment is not closed', first: at, last: at });
  }
  return problems;
}

/** The problems that are in none of the ranges; both lists are in order. */
function notWithin(problems: readonly Problem[], quiet: readonly { first: number; last: number }[]): Problem[] {
  let at = 0;
  return problems.filter(({ first }) => {
    while (at < quiet.length && quiet[at]!.last < first) at++;
    return at >= quiet.length || first < quiet[at]!.first;
  });
}

function diagnostics(problems: readonly Problem[], tokens: readonly Token[], file: SourceText): Diagnostic[] {
  return problems.map(({ message, first, last }): Diagnostic => {
    const from = tokens[Math.min(first, tokens.length - 1)];
    const to = tokens[last];
    if (from === undefined) return { severity: 'error', message, file, start: 0, end: 0 };
    const start = first >= tokens.length ? from.end : from.start;
    const end = to !== undefined && to.file === from.file && to.end > start ? to.end : Math.max(start, from.end);
    return { severity: 'error', message, file: from.file, start, end };
  });
}
