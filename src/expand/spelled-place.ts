/** The place in a file's text that a token comes from: that of its outermost macro invocation. */
import type { SourceText } from '../syntax/source.ts';
import type { Token } from '../syntax/token.ts';

export interface SpelledPlace {
  readonly file: SourceText;
  readonly start: number;
  readonly end: number;
}

/** The place of the token itself, or of the outermost invocation that it comes from. */
export function spelledAt(token: Token): SpelledPlace {
  let place: SpelledPlace = token;
  for (let use = token.use; use !== null; use = use.parent) place = use;
  return place;
}
