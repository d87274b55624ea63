/**
 * What the words of a source mean to whoever gives some of them other names by `#define`: that renames every token of the name,
 * whatever it stands for. Kept of each source until the names of all are known.
 */
import type { Preprocessed } from '../preprocess/types.ts';
import type { SourceRange, SourceText } from '../syntax/source.ts';
import { type Token, TokenKind } from '../syntax/token.ts';
import type { Statement } from '../syntax/tree.ts';
import { type Export, exportsOf } from './exports.ts';

/** Each by name, with the first place where it is met. */
type Places = Map<string, SourceRange>;

export interface SourceWords {
  /** For each configuration looked at: that of the call, then others. */
  readonly exports: readonly ReadonlyMap<string, Export>[];
  /** All that the assembler sees. */
  readonly seen: Places;
  /** Those that are a part of a longer one: of a section's name, a directive, a completer. */
  readonly glued: Places;
  readonly mnemonics: Places;
  /** What directives of the preprocessor define, or ask for. */
  readonly tested: Places;
  /** An `.include`, whose file the preprocessor does not see. */
  readonly unseen: SourceRange | null;
}

/** One configuration of a source: as preprocessed, and as the assembler has it. */
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
    // Where the assembler reads the text as it is, nothing but the symbol is renamed.
    if (token.file.dialect === 'cpp' && isPartOfWord(tokens, at)) add(glued, token);
  }
}

/** Whether a token is only a part of a word: of `.text.entry`, `ld8.fill`, `@function`. */
export function isPartOfWord(tokens: readonly Token[], at: number): boolean {
  const next = tokens[at + 1];
  return (
    (!tokens[at]!.spaceBefore && at > 0 && joins(tokens[at - 1]!)) ||
    (next !== undefined && !next.spaceBefore && next.text !== '@' && joins(next))
  );
}

/** Whether a token is a part of a word that goes on beside it. */
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
/** The word behind #define and #undef, and the whole line of a condition. */
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
