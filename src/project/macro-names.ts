/** The macros that change what a line of a source says: cpp's, and those of the assembler, for which they may stand in a part only. */
import type { MacroDefinition } from '../preprocess/definition.ts';
import type { Preprocessed } from '../preprocess/types.ts';
import type { Token } from '../syntax/token.ts';

/** The definition that cpp knows of a name somewhere in a run: at its end, or for a part of it. */
export function* definitionsOf(
  { macros, formerMacros }: Pick<Preprocessed, 'macros' | 'formerMacros'>,
  name: string,
): Iterable<MacroDefinition> {
  for (const known of [macros, formerMacros]) {
    const definition = known.get(name);
    if (definition !== undefined) yield definition;
  }
}

const known = new WeakMap<readonly Token[], ReadonlyMap<string, Token>>();

/** The names of the assembler's macros that a run defines, in small letters, as the assembler reads them, and where. */
export function assemblerMacros({ tokens }: Pick<Preprocessed, 'tokens'>): ReadonlyMap<string, Token> {
  let names = known.get(tokens);
  if (names === undefined) {
    const found = new Map<string, Token>();
    for (let at = 2; at < tokens.length; at++) {
      const isDefined = tokens[at - 1]!.text.toLowerCase() === 'macro' && tokens[at - 2]!.text === '.';
      if (isDefined) found.set(nameAt(tokens, at), tokens[at]!);
    }
    names = found;
    known.set(tokens, names);
  }
  return names;
}

/** A name with the dots in it. */
function nameAt(tokens: readonly Token[], first: number): string {
  let name = tokens[first]!.text;
  for (let at = first + 1; at < tokens.length && /^[\w.$]+$/.test(tokens[at]!.text) && !tokens[at]!.spaceBefore; at++)
    name += tokens[at]!.text;
  return name.toLowerCase();
}
