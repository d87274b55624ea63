/** From tokens to trees: the entries of the parser. Parsing never throws; what it cannot read it keeps and reports. */

import { EOF } from 'chevrotain';
import type { Diagnostic } from './diagnostic.ts';
import { type Conditionals, directiveEnd, enterDirective, newConditionals, regionEnd } from './directives.ts';
import type { Pending, Problem } from './expression-grammar.ts';
import { cppDirective, Grammar } from './grammar.ts';
import { type Lexeme, type LexemeList, lexemes } from './lexeme.ts';
import { addAfterModels } from './model.ts';
import { pieceAt, Shapes, units } from './shape.ts';
import { SourceText } from './source.ts';
import { type Token, TokenKind } from './token.ts';
import { type Dialect, tokenize } from './tokenize.ts';
import type { Expression, Statement, Tree } from './tree.ts';

export interface ParseOptions {
  /** `gas` for `.s` files that no preprocessor reads; `cpp` (the default) for all others. */
  readonly dialect?: Dialect;
  /** Keep what is no statement without reporting it: for headers, where C may stand unguarded. */
  readonly lenient?: boolean;
}

const HASH = 35;

/** Macro calls in arguments of macro calls: deeper ones are kept as tokens only. */
const ARGUMENT_DEPTH_LIMIT = 50;

let instance: Grammar | undefined;
function grammar(): Grammar {
  instance ??= new Grammar();
  return instance;
}

/** Parses a file as it is written, with its preprocessor directives and macro calls. */
export function parseSource(file: SourceText, options?: ParseOptions): Tree {
  const dialect = options?.dialect ?? 'cpp';
  const tokens = tokenize(file, { dialect });
  const raw = dialect === 'cpp';
  const { statements, problems } = readAll(tokens, { raw, directives: raw });
  return {
    file,
    tokens,
    statements,
    errors: options?.lenient === true ? [] : diagnostics(inOrder(problems, tokens), tokens, file),
  };
}

/** Parses preprocessed tokens. Line ends must be in the list; blanks need not: `spaceBefore` tells of them. */
export function parseTokens(tokens: readonly Token[]): {
  statements: readonly Statement[];
  errors: readonly Diagnostic[];
} {
  const { statements, problems } = readAll(tokens, { raw: false, directives: true });
  return {
    statements,
    errors: diagnostics(inOrder(problems, tokens), tokens, tokens[0]?.file ?? new SourceText('', '')),
  };
}

/** Parses `tokens[first..last]` as one expression; null, with the errors, when they are none. */
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

/** How a text is read. */
interface Manner {
  /** As written, before cpp: there are macro calls, directives, and C code between them. */
  readonly raw: boolean;
  /** A `#` at the start of a statement begins a directive, or a comment of gas. */
  readonly directives: boolean;
  /** In the body of a `#define`. */
  readonly inDefine?: boolean;
}

/** The shapes of the process. In text as written, a name in capitals may be a macro that stands for statements. */
const tables = { plain: new Shapes(), written: new Shapes() };

/** The reading of one file. */
interface Reading {
  /** The gas macros defined so far. */
  readonly gasMacros: Set<string>;
  readonly problems: Problem[];
  /** Bodies of `#define`, read when all else is. */
  readonly bodies: Pending[];
  /** Branches of `#if 0`. */
  readonly quiet: { readonly first: number; readonly last: number }[];
}

function readAll(tokens: readonly Token[], manner: Manner): { statements: Statement[]; problems: Problem[] } {
  const reading: Reading = { gasMacros: new Set(), problems: [], bodies: [], quiet: [] };
  const statements: Statement[] = [];
  readPieces(tokens, 0, tokens.length - 1, manner, reading, statements);
  const problems = reading.problems.sort((a, b) => a.first - b.first);
  // Without errors: what a body is only its use can tell.
  const inBodies = { ...reading, problems: [] };
  for (const { from, to, statements: body } of reading.bodies)
    readPieces(tokens, from, to, { raw: true, directives: false, inDefine: true }, inBodies, body);
  return { statements, problems: outside(problems, reading.quiet) };
}

/** Reads the statements of `tokens[first..last]` piece by piece. */
function readPieces(
  tokens: readonly Token[],
  first: number,
  last: number,
  manner: Manner,
  reading: Reading,
  statements: Statement[],
): void {
  const conditionals = newConditionals();
  let lineStart = true;
  for (let at = first; at <= last; ) {
    const { kind, text } = tokens[at]!;
    if (kind === TokenKind.Newline) {
      lineStart = true;
      at++;
    } else if (kind === TokenKind.Space || kind === TokenKind.Comment) at++;
    else if (lineStart && manner.directives && text.charCodeAt(0) === HASH) {
      const end = directiveEnd(tokens, at, last);
      const directive = cppDirective(tokens, at, end, reading.bodies);
      statements.push(directive);
      if (manner.raw) enterDirective(conditionals, directive.name, tokens, at, end);
      at = behindDirective(tokens, end + 1, last, conditionals, reading, statements);
    } else {
      const part = { first: at, last, lineStart };
      at = readPiece(tokens, part, manner, conditionals, reading, statements) + 1;
      lineStart = endsLine(tokens, at - 1);
    }
  }
}

function endsLine(tokens: readonly Token[], last: number): boolean {
  let at = last;
  while (at > 0 && (tokens[at]!.kind === TokenKind.Space || tokens[at]!.kind === TokenKind.Comment)) at--;
  return tokens[at]!.kind === TokenKind.Newline;
}

/** Takes the C code behind a directive as one statement, and notes a dead branch. Returns where reading goes on. */
function behindDirective(
  tokens: readonly Token[],
  at: number,
  last: number,
  conditionals: Conditionals,
  reading: Reading,
  statements: Statement[],
): number {
  const region = regionEnd(tokens, at, last, conditionals);
  if (region.kind === 'dead') reading.quiet.push({ first: at, last: region.last });
  if (region.kind !== 'foreign') return at;
  statements.push({ kind: 'unparsed', first: at + 1, last: region.last - 1 });
  return region.last;
}

/** A part of a token list, both ends inclusive. */
interface Part {
  readonly first: number;
  readonly last: number;
  /** A line may begin with it. */
  readonly lineStart: boolean;
}

/** Reads the piece that a part begins with, after a model where there is one; returns its last token. */
function readPiece(
  tokens: readonly Token[],
  part: Part,
  manner: Manner,
  conditionals: Conditionals,
  reading: Reading,
  statements: Statement[],
): number {
  const piece = pieceAt(tokens, part.first, part.last, reading.gasMacros);
  const { last, count } = piece;
  if (count === 0) return last;
  if (count > 0) {
    const shapes = manner.raw && piece.capitals ? tables.written : tables.plain;
    let model = shapes.find(piece);
    if (model === undefined) {
      model = readModel(tokens, count, manner, reading.gasMacros);
      shapes.keep(piece, model);
    }
    addAfterModels(model, tokens, statements);
    if (model !== UNREADABLE) return last;
  }
  const read = readPart(tokens, { ...part, last }, manner, conditionals, reading.gasMacros);
  for (const statement of read.statements) statements.push(statement);
  for (const problem of read.problems) reading.problems.push(problem);
  for (const range of read.quiet) reading.quiet.push(range);
  return last;
}

/** The model of shapes in which there is an error: it must be told of each time. */
const UNREADABLE: readonly Statement[] = [];

/** Reads the piece at hand with its units, which are lexemes, for tokens. */
function readModel(
  tokens: readonly Token[],
  count: number,
  { raw, directives }: Manner,
  gasMacros: Set<string>,
): readonly Statement[] {
  const options = { directives, inDefine: false, lineStart: false };
  const list = lexemes(tokens, units.first[0]!, units.last[count - 1]!, options).lexemes.map((lexeme, unit) =>
    lexeme.tokenType === EOF ? { ...lexeme, first: unit, last: unit - 1 } : { ...lexeme, first: unit, last: unit },
  );
  const { statements, problems } = readLexemes(tokens, list, raw, gasMacros);
  return problems.length === 0 && list.length === count + 1 ? statements : UNREADABLE;
}

/** Reads statements by the grammar; `gasMacros` takes in those that are defined here. */
function readPart(
  tokens: readonly Token[],
  { first, last, lineStart }: Part,
  { raw, directives, inDefine = false }: Manner,
  conditionals: Conditionals,
  gasMacros: Set<string>,
): { statements: Statement[]; problems: Problem[]; quiet: LexemeList['quiet'] } {
  const { lexemes: list, quiet } = lexemes(tokens, first, last, { directives, inDefine, conditionals, lineStart });
  return { ...readLexemes(tokens, list, raw, gasMacros), quiet };
}

function readLexemes(
  tokens: readonly Token[],
  list: readonly Lexeme[],
  raw: boolean,
  gasMacros: Set<string>,
): { statements: Statement[]; problems: Problem[] } {
  const problems: Problem[] = [];
  const pending: Pending[] = [];
  const around = { tokens, list, from: 0, to: list.length - 2, raw, gasMacros, pending, problems };
  const statements = grammar().readStatements(around);
  readPending(tokens, list, pending, gasMacros, 1);
  return { statements, problems };
}

/** Problems by their place, with what is wrong with the list as a whole. */
function inOrder(problems: Problem[], tokens: readonly Token[]): Problem[] {
  return [...problems, ...unterminated(tokens)].sort((a, b) => a.first - b.first);
}

/** Reads macro arguments and bodies of `#define`: without errors, for what they are only their use can tell. */
function readPending(
  tokens: readonly Token[],
  list: readonly Lexeme[],
  pending: readonly Pending[],
  gasMacros: Set<string>,
  depth: number,
): void {
  if (depth > ARGUMENT_DEPTH_LIMIT) return;
  for (const { of, from, to, statements } of pending) {
    const inner: Pending[] = [];
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

/** The problems that lie in none of the ranges; both are in order. */
function outside(problems: readonly Problem[], quiet: readonly { first: number; last: number }[]): Problem[] {
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
