/**
 * Sources that cannot hold a site, told by their words before anything is parsed: neither the source, nor a header beside it,
 * nor what the preprocessor makes of them has a word that a site needs, and no macro puts words together that are read later.
 */
import { posix } from 'node:path';
import { preprocess } from '../preprocess/preprocess.ts';
import type { Preprocessed, PreprocessOptions } from '../preprocess/types.ts';
import type { SourceText } from '../syntax/source.ts';
import { mayPaste, mentionsSite, pastesWords, spellsSite } from './words.ts';

/** Whether a file is beside a source, where other configurations of it may find other code. */
export function isBeside(source: SourceText): (file: SourceText) => boolean {
  const folder = posix.dirname(source.name);
  return (file) => posix.dirname(file.name) === folder;
}

/** Whether a run of a source, and all other runs of it, are without sites. */
export function isSiteless(source: SourceText, { tokens, files }: Preprocessed, words: ReadonlySet<string>): boolean {
  if (mentionsSite(tokens, words) || pastesWords(tokens, words)) return false;
  if (source.dialect === 'gas') return true;
  return !files.filter(isBeside(source)).some((file) => spellsSite(file, words) || mayPaste(file));
}

/** What the preprocessor makes of a source that cannot hold a site; null where it may hold one. */
export function sitelessRun(
  source: SourceText,
  options: PreprocessOptions,
  words: ReadonlySet<string>,
): Preprocessed | null {
  if (spellsSite(source, words) || mayPaste(source)) return null; // most that have sites spell one themselves
  const run = preprocess(source, options);
  return isSiteless(source, run, words) ? run : null;
}
