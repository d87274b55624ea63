/** Words that a text must have for a site to be in it: most files of a kernel have none, and need not be parsed to know. */
import type { SourceText } from '../syntax/source.ts';
import type { Token } from '../syntax/token.ts';
import type { Operations } from './operations.ts';

const patterns = new WeakMap<Operations, RegExp>();

/** Whether a text, its comments included, spells a word that an instruction which is a site needs. */
export function maySpellSite({ text }: SourceText, operations: Operations): boolean {
  let pattern = patterns.get(operations);
  if (pattern === undefined) {
    pattern = patternOf(operations);
    patterns.set(operations, pattern);
  }
  return pattern.test(text);
}

function patternOf(operations: Operations): RegExp {
  return new RegExp(`\\b(?:${[...nativeWords(operations)].join('|')}|${BY_NUMBER})\\b`);
}

/** Control and application registers by number: `cr65` is cr.ivr. */
const BY_NUMBER = '[ac]r\\d+';
const byNumber = new RegExp(`^${BY_NUMBER}$`);

/** Mnemonics other than mov, and the registers that a mov must name. */
function nativeWords({ all }: Operations): Set<string> {
  const words = new Set(['k0', 'k1', 'k2', 'k3', 'k4', 'k5', 'k6', 'k7']);
  for (const { native } of all)
    for (const word of native.replace(/\{\w+\}/g, ' ').match(/[a-z]\w+/g) ?? [])
      if (word !== 'mov' && word !== 'ar') words.add(word);
  return words;
}

/** Words without which there is no site, be it an instruction or a macro already. */
export function siteWords(operations: Operations): ReadonlySet<string> {
  const words = nativeWords(operations);
  for (const { macro } of operations.all) words.add(macro).add(`${macro}_P`);
  return words;
}

export function mentionsSite(tokens: readonly Token[], words: ReadonlySet<string>): boolean {
  for (const { text } of tokens) if (words.has(text) || byNumber.test(text)) return true;
  return false;
}

export function spellsSite({ text }: SourceText, words: ReadonlySet<string>): boolean {
  for (const word of text.match(/[A-Za-z_]\w*/g) ?? []) if (words.has(word) || byNumber.test(word)) return true;
  return false;
}
