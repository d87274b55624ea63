/**
 * Sources that cannot hold a site, told by their words before anything is parsed: neither the source, nor a header beside it,
 * nor what the preprocessor makes of them has a word that a site needs, and no macro puts words together that are read later.
 */
import { posix } from 'node:path';
import type { PreprocessCache } from '../preprocess/cache.ts';
import { decidedConditions, isInclude } from '../preprocess/fixed-conditions.ts';
import { preprocess } from '../preprocess/preprocess.ts';
import type { Preprocessed, PreprocessOptions } from '../preprocess/types.ts';
import type { SourceText } from '../syntax/source.ts';
import { hasAssemblerInclude } from './assembler-includes.ts';
import { mayPaste, mentionsSite, pastesWords, spellsSite } from './words.ts';

/** Whether a file is beside a source, where other configurations of it may find other code. */
export function isBeside(source: SourceText): (file: SourceText) => boolean {
  const folder = posix.dirname(source.name);
  return (file) => posix.dirname(file.name) === folder;
}

/** A source and the headers beside it that a run has read, or another run may: one that took other branches. */
export function filesBeside(
  source: SourceText,
  { files, includes }: Preprocessed,
  options: PreprocessOptions & { readonly cache: PreprocessCache },
): readonly SourceText[] {
  const isLocal = isBeside(source);
  const read = files.filter(isLocal);
  const followed = new Set(includes.map(({ file, start }) => `${file.name}:${start}`));
  const isFollowed = (file: SourceText): boolean =>
    options.cache
      .structure(file)
      .segments.every(
        (segment) =>
          segment.kind === 'text' || !isInclude(segment.keyword) || followed.has(`${file.name}:${segment.start}`),
      );
  if (read.every(isFollowed)) return read;
  return [...new Set([...read, ...decidedConditions(source, options, files, isLocal).files])];
}

/** Whether a run of a source, and all other runs of it, are without sites. */
function isSiteless(
  source: SourceText,
  run: Preprocessed,
  options: PreprocessOptions & { readonly cache: PreprocessCache },
  words: ReadonlySet<string>,
): boolean {
  if (mentionsSite(run.tokens, words) || pastesWords(run.tokens, words)) return false;
  if (hasAssemblerInclude(run.tokens)) return false;
  if (source.dialect === 'gas') return true;
  return !filesBeside(source, run, options).some((file) => spellsSite(file, words) || mayPaste(file));
}

/** What the preprocessor makes of a source that cannot hold a site; null where it may hold one. */
export function sitelessRun(
  source: SourceText,
  options: PreprocessOptions & { readonly cache: PreprocessCache },
  words: ReadonlySet<string>,
): Preprocessed | null {
  if (spellsSite(source, words) || mayPaste(source)) return null; // most that have sites spell one themselves
  const run = preprocess(source, options);
  return isSiteless(source, run, options, words) ? run : null;
}
