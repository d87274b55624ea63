/** Words that a text must have for a site to be in it: most files of a kernel have none, and need not be parsed to know. */
import type { SourceText } from '../syntax/index.ts';
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

/** Mnemonics other than mov, and the registers that a mov must name, also by number: `cr65` is cr.ivr. */
function patternOf({ all }: Operations): RegExp {
  const words = new Set<string>();
  for (const { native } of all)
    for (const word of native.replace(/\{\w+\}/g, ' ').match(/[a-z]\w+/g) ?? [])
      if (word !== 'mov' && word !== 'ar') words.add(word);
  return new RegExp(`\\b(?:${[...words].join('|')}|[ac]r\\d+|k[0-7])\\b`);
}
