/** Words that a text must have for a site to be in it: most files of a kernel have none, and need not be parsed to know. */

import table from '../../grammar/site-words.tsv';
import { cellWords, tableRows } from '../machine/tsv.ts';
import type { SourceText } from '../syntax/source.ts';
import { type Token, TokenKind } from '../syntax/token.ts';
import type { OperationRow } from './operation-table.ts';

/** Operations, parsed or as their table has them. */
export interface Known {
  readonly all: readonly OperationRow[];
}

const patterns = new WeakMap<Known['all'], RegExp>();

/** Whether a text, its comments included, spells a word that an instruction which is a site needs. */
export function maySpellSite({ text }: SourceText, operations: Known): boolean {
  let pattern = patterns.get(operations.all);
  if (pattern === undefined) {
    pattern = patternOf(operations);
    patterns.set(operations.all, pattern);
  }
  return pattern.test(text);
}

function patternOf(operations: Known): RegExp {
  return new RegExp(`\\b(?:${[...nativeWords(operations)].join('|')}|${BY_NUMBER})\\b`);
}

const uses = new Map(tableRows(table).map(([use, words]) => [use!, cellWords(words!)]));
const COMMON = new Set(uses.get('common'));
const NUMBERED = uses.get('numbered')!;

const CAPITAL = /[A-Z]/;
const BY_NUMBER = `(?:${NUMBERED.join('|')})\\d+`;
const byNumber = new RegExp(`^${BY_NUMBER}$`);

/** Mnemonics that few other instructions have, and the registers that a move must name. */
function nativeWords({ all }: Known): Set<string> {
  const words = new Set(uses.get('kernel'));
  for (const { native } of all)
    for (const word of native.replace(/\{\w+\}/g, ' ').match(/[a-z]\w+/g) ?? []) if (!COMMON.has(word)) words.add(word);
  return words;
}

/** Words without which there is no site, be it an instruction or a macro already. */
export function siteWords(operations: Known): ReadonlySet<string> {
  const words = nativeWords(operations);
  for (const { macro } of operations.all) words.add(macro).add(`${macro}_P`);
  return words;
}

/** A mnemonic may be in capitals: the assembler reads it in small letters. */
export function isSiteWord(text: string, words: ReadonlySet<string>): boolean {
  return words.has(text) || byNumber.test(text) || (CAPITAL.test(text) && words.has(text.toLowerCase()));
}

/** Whether one of the tokens is such a word, or a string that has one: as a macro's argument it is read without its quotes. */
export function mentionsSite(tokens: readonly Token[], words: ReadonlySet<string>): boolean {
  for (const { kind, text } of tokens) {
    if (isSiteWord(text, words) || (kind === TokenKind.String && hasWord(text, words))) return true;
  }
  return false;
}

/** The same where words may be put together of tokens without blanks between them, as the assembler's macros do. */
export function mentionsPasted(tokens: readonly Token[], words: ReadonlySet<string>): boolean {
  let word = '';
  for (const token of tokens) {
    const { text } = token;
    const part = isPart(token);
    const joined = word !== '' && part && !token.spaceBefore;
    word = joined ? word + text : part ? text : '';
    if (isSiteWord(text, words) || (joined && isSiteWord(word, words))) return true;
  }
  return false;
}

/**
 * Whether the assembler's macros may put together a word that a site needs: by a `\\name` that touches other words, unless what
 * it touches begins no such word (`__ksymtab_\\name`); under `.altmacro` by anything.
 */
export function pastesWords(tokens: readonly Token[], words: ReadonlySet<string>): boolean {
  for (let at = 0; at < tokens.length; at++) {
    const { text } = tokens[at]!;
    if (text === 'altmacro') return true;
    if (text === '\\' && mayJoin(tokens, at, words)) return true;
  }
  return false;
}

function mayJoin(tokens: readonly Token[], at: number, words: ReadonlySet<string>): boolean {
  const next = tokens[at + 2];
  if (next !== undefined && !next.spaceBefore && (next.text === '\\' || next.text === '(' || isPart(next))) return true;
  const before = at === 0 || tokens[at]!.spaceBefore ? undefined : tokens[at - 1]!;
  if (before === undefined || !isPart(before)) return before?.text === ')';
  if (at > 1 && !before.spaceBefore && /^[\\@]$/.test(tokens[at - 2]!.text)) return true;
  return beginsWord(before.text, words);
}

function isPart({ kind }: Token): boolean {
  return kind === TokenKind.Identifier || kind === TokenKind.Number;
}

function beginsWord(start: string, words: ReadonlySet<string>): boolean {
  if (NUMBERED.some((name) => name.startsWith(start) || (start.startsWith(name) && byNumber.test(`${start}0`))))
    return true;
  for (const word of words) if (word.startsWith(start)) return true;
  return false;
}

/** Whether macros that a text defines, of whichever language, may put words together. */
export function mayPaste({ text }: SourceText): boolean {
  return text.includes('##') || /\\[\w(@]/.test(text) || text.includes('.altmacro');
}

export function spellsSite({ text }: SourceText, words: ReadonlySet<string>): boolean {
  return hasWord(text, words);
}

function hasWord(text: string, words: ReadonlySet<string>): boolean {
  for (const word of text.match(/[A-Za-z_]\w*/g) ?? []) if (isSiteWord(word, words)) return true;
  return false;
}
