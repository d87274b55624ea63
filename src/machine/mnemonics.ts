/** Every word that is a mnemonic, completers included: what a misspelt one is compared with. */
import { allForms } from './forms.ts';
import { expandPattern } from './pattern.ts';

let known: readonly string[] | undefined;

export function mnemonics(): readonly string[] {
  known ??= [...new Set(allForms().flatMap(({ pattern }) => expandPattern(pattern)))];
  return known;
}
