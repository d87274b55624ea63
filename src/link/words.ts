/**
 * The words of a source, by their uses. A `#define` that renames a symbol renames every token of that name, so uses for which this
 * would be wrong must be known. They are collected for each source before the names of all sources are known.
 */
import type { Preprocessed } from '../preprocess/types.ts';
import type { SourceRange, SourceText } from '../syntax/source.ts';
import { type Token, TokenKind } from '../syntax/token.ts';
import type { Statement } from '../syntax/tree.ts';
import { type Export, exportsOf } from './exports.ts';

/** Words, each with the place of its first occurrence. */
type Places = Map<string, SourceRange>;

export interface SourceWords {
  /** By analysed configuration, that of the call first. */
  readonly exports: readonly ReadonlyMap<string, Export>[];
  /** Words in the preprocessed text. */
  readonly seen: Places;
  /** Words that are part of a longer one: of a section name, a directive, an instruction's completers. */
  readonly glued: Places;
  readonly mnemonics: Places;
  /** Words that cpp directives define or test. */
  readonly tested: Places;
  /** The place of an `.include`, whose file cpp does not see; null when there is none. */
  readonly unseen: SourceRange | null;
}

/** One configuration of a source: the preprocessed text, and the code after gas's macros. */
export interface ReadRun {
  readonly run: Pick<Preprocessed, 'tokens' | 'files'>;
  readonly code: { readonly statements: readonly Statement[]; readonly tokens: readonly Token[] };
}

export function wordsOf(runs: readonly ReadRun[]): SourceWords {
  const words = { seen: new Map(), glued: new Map(), mnemonics: new Map(), tested: new Map() } satisfies Record<
    string,
    Places
  >;
  let unseen: SourceRange | null = null;
  for (const { run, code } of runs) {
    addTokens(run.tokens, words);
    for (const statement of code.statements) {
      if (statement.kind === 'instruction') add(words.mnemonics, code.tokens[statement.mnemonicFirst]!);
      else if (statement.kind === 'directive' && /^\.?include$/.test(statement.name))
        unseen ??= code.tokens[statement.first]!;
    }
    for (const file of run.files) for (const [name, place] of testedIn(file)) set(words.tested, name, place);
  }
  return { exports: runs.map(({ code }) => exportsOf(code)), ...words, unseen };
}

function addTokens(tokens: readonly Token[], { seen, glued }: Record<'seen' | 'glued', Places>): void {
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at]!;
    if (token.kind !== TokenKind.Identifier) continue;
    add(seen, token);
    // Only in files that cpp reads: in a `.s` file whole words are edited, so that parts of words stay as they are.
    if (token.file.dialect === 'cpp' && isPartOfWord(tokens, at)) add(glued, token);
  }
}

/** Whether a token is only part of a word such as `.text.entry`, `ld8.fill` or `@function`. */
export function isPartOfWord(tokens: readonly Token[], at: number): boolean {
  const next = tokens[at + 1];
  return (
    (!tokens[at]!.spaceBefore && at > 0 && joins(tokens[at - 1]!)) ||
    (next !== undefined && !next.spaceBefore && next.text !== '@' && joins(next))
  );
}

/** Whether a token joins the words beside it to one word of gas. */
function joins({ text }: Token): boolean {
  return text === '.' || text === '$' || text === '@';
}

function add(places: Places, token: Token): void {
  set(places, token.text, token);
}

function set(places: Places, name: string, { file, start, end }: SourceRange): void {
  if (!places.has(name)) places.set(name, { file, start, end });
}

const known = new WeakMap<SourceText, Places>();
/** Matches the name after #define and #undef, and the text of a condition. */
const DIRECTIVE = /^[ \t]*#[ \t]*(?:(?:define|undef)[ \t]+(\w+)|(?:el)?if(?:n?def)?\b((?:[^\n\\]|\\[\s\S])*))/gm;

function testedIn(file: SourceText): Places {
  let places = known.get(file);
  if (places !== undefined) return places;
  places = new Map();
  known.set(file, places);
  if (file.dialect === 'gas') return places;
  for (const { 0: text, 1: name, 2: condition, index } of file.text.matchAll(DIRECTIVE))
    for (const word of name === undefined ? (condition!.match(/[A-Za-z_]\w*/g) ?? []) : [name]) {
      const start = index + text.lastIndexOf(word);
      set(places, word, { file, start, end: start + word.length });
    }
  return places;
}
