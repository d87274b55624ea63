/** grammar/semantics.tsv: the semantics of each instruction form, in the notation of notation.ts. */
import semanticsText from '../../grammar/semantics.tsv';
import type { FormLine } from '../machine/forms.ts';
import type { Pattern } from '../machine/pattern.ts';
import { cellWords, tableRows } from '../machine/tsv.ts';

let table: ReadonlyMap<string, string> | undefined;

/**
 * The semantics of an instruction, with the alternatives of its mnemonic filled in (`$1` is the text for the first braces of the
 * pattern); null when the table has no line for the form.
 */
export function semanticsOf(form: FormLine, mnemonic: string): string | null {
  table ??= readTable();
  const chosen = choices(form.pattern, mnemonic);
  const text = table.get([form.id, ...chosen].join(' ')) ?? table.get(form.id);
  return text === undefined ? null : filledIn(text, chosen);
}

/** The ids of all forms in the table. */
export function formsWithSemantics(): ReadonlySet<string> {
  table ??= readTable();
  return new Set([...table.keys()].map((key) => key.split(' ')[0]!));
}

function readTable(): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const [forms, does] of tableRows(semanticsText))
    for (const form of forms!.includes(':') ? [forms!.replaceAll(':', ' ')] : cellWords(forms!)) found.set(form, does!);
  return found;
}

export function filledIn(text: string, chosen: readonly string[]): string {
  return text.replace(/\$(\d)/g, (_, place: string) => chosen[Number(place) - 1] ?? '');
}

/** The text that a mnemonic has for each pair of braces of its pattern. */
export function choices(pattern: Pattern, mnemonic: string): string[] {
  return chosenFrom(pattern, mnemonic, 0, 0) ?? [];
}

function chosenFrom(pattern: Pattern, word: string, part: number, at: number): string[] | null {
  if (part === pattern.length) return at === word.length ? [] : null;
  for (const alternative of pattern[part]!) {
    if (!word.startsWith(alternative, at)) continue;
    const rest = chosenFrom(pattern, word, part + 1, at + alternative.length);
    if (rest !== null) return pattern[part]!.length > 1 ? [alternative, ...rest] : rest;
  }
  return null;
}
