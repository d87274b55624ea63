/** Labels for generated code that occur nowhere in the source. */
import type { Unit } from '../project/units.ts';
import { withoutSplices } from '../syntax/splice.ts';
import type { FreshLabels } from './branching.ts';

const FIRST_NUMBER = 7700;
const DOT = 46;
const CAPITAL_L = 76;

/**
 * Two numeric labels, and a prefix of names, that the units use nowhere: neither as their files spell them, nor as cpp gives
 * them (-D, `##`), nor as the assembler's own macros put them together.
 */
export function freshLabels(units: readonly Unit[]): FreshLabels {
  const files = new Set(units.flatMap((unit) => unit.preprocessed.files));
  const texts = [...files].map(({ text }) => withoutSplices(text));
  const { numbers, names } = wordsOf(units);
  const isUsed = (number: number) => numbers.has(number) || texts.some((text) => text.includes(String(number)));
  let number = FIRST_NUMBER;
  while (isUsed(number) || isUsed(number + 1)) number += 2;
  let prefix = '.Lpvasm';
  const isTaken = (start: string) => names.some((name) => name.startsWith(start));
  for (let next = 2; isTaken(`${prefix}_`) || texts.some((text) => text.includes(`${prefix}_`)); next++)
    prefix = `.Lpvasm${next}`;
  return { here: String(number), back: String(number + 1), prefix };
}

/** The words of the expanded code that could collide: numbers from our first one on, and names with our prefix. */
function wordsOf(units: readonly Unit[]): { numbers: ReadonlySet<number>; names: readonly string[] } {
  const numbers = new Set<number>();
  const names = new Set<string>();
  const add = (text: string): void => {
    const code = text.charCodeAt(0);
    if (code >= 48 && code <= 57) {
      if (text.length >= 4) numbers.add(Number.parseInt(text, 10));
    } else if ((code === DOT || code === CAPITAL_L) && /^\.?Lpvasm/.test(text))
      names.add(text.startsWith('.') ? text : `.${text}`);
  };
  for (const { preprocessed, analysis } of units) {
    for (const { text } of preprocessed.tokens) add(text);
    const { local, named, aliases, computed } = analysis.program.symbols;
    for (const symbols of [local, named, aliases, computed]) for (const name of symbols.keys()) add(name);
  }
  return { numbers, names: [...names] };
}
