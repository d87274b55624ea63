/** Where a token comes from in the text of a file itself: the outermost of the macros that carried it. */
import type { SourceText } from '../syntax/source.ts';
import type { Token } from '../syntax/token.ts';

export interface SpelledPlace {
  readonly file: SourceText;
  readonly start: number;
  readonly end: number;
}

/** The token itself, or the invocation that it came by. */
export function spelledAt(token: Token): SpelledPlace {
  let place: SpelledPlace = token;
  for (let use = token.use; use !== null; use = use.parent) place = use;
  return place;
}
