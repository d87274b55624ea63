/**
 * Shapes: what of a text decides how it is parsed. `mov r1=r2` and `ld8 r9=r10` are of one shape: the grammar reads the
 * first, and the statements of the second are made after its model (model.ts). A kernel is a few hundred shapes.
 */
import { localReference, numberValue } from './number.ts';
import { type Token, TokenKind } from './token.ts';
import type { Statement } from './tree.ts';
import { wordEnd } from './word.ts';

/** A run of tokens on whose statements no other token has a part in. */
export interface Piece {
  /** Its last token. */
  readonly last: number;
  /** How many units it has, the end of its last statement not counted; -1 where they do not tell all. */
  readonly count: number;
  readonly hash: number;
  /** There is a word in capitals in it. */
  readonly capitals: boolean;
}

/** Pieces of more units are parsed each time. */
const LONGEST = 2048;
/** Units in all shapes beyond which no more are kept. */
const MOST_UNITS = 4_000_000;

/**
 * The units (words, numbers, marks: what is one lexeme to the grammar) of the piece that `pieceAt` found last: the first and
 * the last token of each.
 */
export const units = { first: new Int32Array(LONGEST), last: new Int32Array(LONGEST) };
/** What the grammar can tell of each of them. */
const symbols = new Int32Array(LONGEST);

interface Shape {
  readonly symbols: Int32Array;
  readonly model: readonly Statement[];
  /** Another one of the same hash. */
  readonly other: Shape | undefined;
}

/** The shapes read so far, with their models. */
export class Shapes {
  readonly #byHash = new Map<number, Shape>();
  #kept = 0;

  /** The model of the piece that `pieceAt` found last. */
  find({ hash, count }: Piece): readonly Statement[] | undefined {
    let shape = this.#byHash.get(hash);
    while (shape !== undefined && !isOfUnits(shape, count)) shape = shape.other;
    return shape?.model;
  }

  /** Keeps the model of that piece. */
  keep({ hash, count }: Piece, model: readonly Statement[]): void {
    if (this.#kept > MOST_UNITS) return;
    this.#kept += count;
    this.#byHash.set(hash, { symbols: symbols.slice(0, count), model, other: this.#byHash.get(hash) });
  }
}

function isOfUnits(shape: Shape, count: number): boolean {
  if (shape.symbols.length !== count) return false;
  for (let at = 0; at < count; at++) if (shape.symbols[at] !== symbols[at]) return false;
  return true;
}

const HASH = 35;
const OPEN_PAREN = 40;
const CLOSE_PAREN = 41;
const DOT = 46;
const COLON = 58;
const SEMICOLON = 59;
const AT = 64;
const OPEN_BRACE = 123;
const CLOSE_BRACE = 125;

/**
 * The shortest piece from the significant token `first` on: up to a line end, a semicolon or a stop outside of parentheses. A
 * `{` has with it what its template may stand behind. Behind a `#` that may begin a comment of gas, only a line end counts.
 *
 * @param gasMacros names whose operands may be anything
 */
export function pieceAt(tokens: readonly Token[], first: number, last: number, gasMacros: ReadonlySet<string>): Piece {
  let count = 0;
  let hash = 0;
  let shaped = true;
  let nesting = 0;
  let awaitsTemplate = false;
  let wholeLine = false;
  let ends = false;
  let capitals = false;
  let at = first;
  for (; at <= last && !ends; at++) {
    const { kind, text } = tokens[at]!;
    if (kind === TokenKind.Space) {
      // Of a spliced line, the grammar sees where the line began.
      if (text.length > 1 && text.includes('\n')) shaped = false;
      continue;
    }
    if (kind === TokenKind.Comment) continue;
    if (kind === TokenKind.Newline) {
      if (nesting === 0 && !awaitsTemplate) break;
      wholeLine = false;
    } else if (kind === TokenKind.Punctuator) {
      const code = text.charCodeAt(0);
      if (code === HASH) {
        // No template follows.
        if (awaitsTemplate && nesting === 0 && !wholeLine) {
          at--;
          break;
        }
        shaped = false;
        // A directive among arguments may hide a parenthesis: whatever follows may belong to them.
        if (nesting > 0) {
          at = last;
          break;
        }
        wholeLine = true;
      } else if (code === OPEN_PAREN) nesting++;
      else if (code === CLOSE_PAREN && nesting > 0) nesting--;
      if (code !== SEMICOLON) awaitsTemplate = code === OPEN_BRACE;
      else if (nesting === 0 && !awaitsTemplate && !wholeLine) {
        ends = isStop(tokens, at);
        if (!ends) break;
      }
    } else awaitsTemplate = false;
    const symbol = symbolAt(tokens, at, last, count, gasMacros);
    if (symbol === -1 || count === LONGEST) shaped = false;
    if (shaped) {
      if (symbol < NUMBER && (symbol & UPPER_CASE) !== 0) capitals = true;
      symbols[count] = symbol;
      units.first[count] = at;
      units.last[count++] = unitLast;
      hash = Math.imul(hash ^ symbol, 0x01000193);
    }
    at = unitLast;
  }
  return { last: Math.min(ends ? at - 1 : at, last), count: shaped ? count : -1, hash, capitals };
}

/** Whether the semicolon at `at` and the next token are one stop. */
function isStop(tokens: readonly Token[], at: number): boolean {
  const next = tokens[at + 1];
  return next !== undefined && !next.spaceBefore && next.text === ';';
}

// Symbols of words: what kind of word, and flags. Behind them come those of numbers, of strings, and of marks.
const UPPER_CASE = 1;
const TEMPLATE = 2;
const GAS_MACRO = 4;
const LONG = 8;
const DOTTED = 16;
const DOT_WORD = 32;
const AT_WORD = 64;
const NUMBER = 128;
/** `.1` */
const FRACTION = 134;
const STRING = 136;
const CHARACTER = 138;
const NEWLINE = 139;
const STOP = 140;
const MARK = 142;

/** The last token of the unit that `symbolAt` has looked at. */
let unitLast = 0;

/** All that the grammar can tell of the unit that begins with the token at `at`; -1 where that is more than a number can say. */
function symbolAt(
  tokens: readonly Token[],
  at: number,
  last: number,
  count: number,
  gasMacros: ReadonlySet<string>,
): number {
  const token = tokens[at]!;
  const { text } = token;
  unitLast = at;
  switch (token.kind) {
    case TokenKind.Identifier:
      if (isContinued(tokens, at, last)) unitLast = wordEnd(tokens, at, last);
      return wordSymbol(tokens, at, gasMacros);
    case TokenKind.Number:
      if (!isContinued(tokens, at, last)) return numberSymbol(text);
      unitLast = wordEnd(tokens, at, last);
      return unitLast === at ? numberSymbol(text) : -1;
    case TokenKind.String:
      return isClosed(text) ? STRING + 1 : STRING;
    case TokenKind.Character:
      return CHARACTER;
    case TokenKind.Newline:
      return NEWLINE;
  }
  if (BEGIN_WORDS.has(text)) {
    const end = wordEnd(tokens, at, last);
    if (end >= at) {
      unitLast = end;
      return wordSymbol(tokens, at, gasMacros);
    }
  }
  if (text === ';' && isStop(tokens, at)) {
    unitLast = at + 1;
    return STOP;
  }
  return markSymbol(token, count);
}

/** What else than a letter words begin with. */
const BEGIN_WORDS = new Set(['.', '@', '?', '$', '...', '\\']);

/** Whether more of a word may stand behind a name or a number: a quick look. */
function isContinued(tokens: readonly Token[], at: number, last: number): boolean {
  if (at === last) return false;
  const next = tokens[at + 1]!;
  if (next.spaceBefore) return false;
  return next.kind === TokenKind.Punctuator
    ? next.text === '.' || !PLAIN_MARKS.has(next.text)
    : next.kind !== TokenKind.Newline;
}

/** Marks that are never part of a word. */
const PLAIN_MARKS = new Set('= , ; : ( ) [ ] + - * / { }'.split(' '));

/** A word from the token at `at` to `unitLast`. */
function wordSymbol(tokens: readonly Token[], at: number, gasMacros: ReadonlySet<string>): number {
  const { text } = tokens[at]!;
  const first = text.charCodeAt(0);
  let symbol = first === DOT ? DOT_WORD : first === AT ? AT_WORD : 0;
  if (unitLast > at) symbol |= LONG;
  let upper = true;
  for (let piece = at; piece <= unitLast; piece++) {
    const { kind, text: part } = tokens[piece]!;
    upper &&= isUpperCase(part);
    if (part.charCodeAt(0) === DOT) symbol |= DOTTED;
    // A splice, a name that what follows will know, a name that is pasted.
    if (kind === TokenKind.Space || (part.length === 5 && part.toLowerCase() === 'macro') || part === '##') return -1;
  }
  if (upper) symbol |= UPPER_CASE;
  if (first === DOT && isTemplate(tokens, at)) symbol |= TEMPLATE;
  if (gasMacros.size > 0 && gasMacros.has(text)) symbol |= GAS_MACRO;
  return symbol;
}

/** `.mii`, which is a template behind a brace, perhaps with the `#` that gas allows behind a name. */
function isTemplate(tokens: readonly Token[], at: number): boolean {
  const { length } = tokens[at + 1]!.text;
  const alone = unitLast === at + 1 || (unitLast === at + 2 && tokens[unitLast]!.text === '#');
  return length === 3 && alone && /^[bfilmx]{3}$/i.test(tokens[at + 1]!.text);
}

export function isUpperCase(name: string): boolean {
  for (let at = 0; at < name.length; at++) {
    const code = name.charCodeAt(at);
    if (code >= 97 && code <= 122) return false;
  }
  return true;
}

/** An integer, a local label, or neither; a number with a sign in it may be more than one unit. */
function numberSymbol(text: string): number {
  const first = text.charCodeAt(0);
  if (text.length === 1 && first !== DOT) return NUMBER + 1;
  if (first === DOT) return /^\.[0-9]+$/.test(text) ? FRACTION : -1;
  if (/[+-]/.test(text)) return -1;
  const kind = numberValue(text) !== null ? 0 : localReference(text) !== null ? 2 : 4;
  return NUMBER + kind + (isUpperCase(text) ? 1 : 0);
}

/** A mark of up to two characters; space before it counts where it may be one with what is before it. */
function markSymbol({ text, spaceBefore }: Token, count: number): number {
  const code = text.charCodeAt(0);
  if (code > 255 || text.length > 2 || text === '##' || text === '++' || text === '--') return -1;
  if (text === '&' && !spaceBefore && beginsStatement(count - 1)) return -1;
  if (text === '>' && !spaceBefore) return -1;
  const symbol = MARK + 2 * (text.length === 1 ? code : code + 256 * text.charCodeAt(1));
  return code === OPEN_PAREN && spaceBefore ? symbol + 1 : symbol;
}

/** Whether the unit of that number is the first one of a statement. */
function beginsStatement(unit: number): boolean {
  if (unit <= 0) return true;
  const code = (symbols[unit - 1]! - MARK) / 2;
  return (
    symbols[unit - 1] === NEWLINE ||
    code === COLON ||
    code === SEMICOLON ||
    code === OPEN_BRACE ||
    code === CLOSE_BRACE ||
    symbols[unit - 1] === STOP
  );
}

/** Whether a string ends with a quote of its own, not with one behind a backslash; `#x` of cpp is whole. */
export function isClosed(text: string): boolean {
  if (text.charCodeAt(0) !== 34) return true;
  let at = text.length - 2;
  while (text[at] === '\\') at--;
  return text.length > 1 && text.endsWith('"') && (text.length - at) % 2 === 0;
}
