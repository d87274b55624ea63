/** grammar/classes.tsv: named sets of instruction forms. */
import classesText from '../../grammar/classes.tsv';
import { formIds } from './forms.ts';
import { cellWords, tableRows } from './tsv.ts';

/** The places of forms by their IDs, in the order of the table of instructions. */
let places: ReadonlyMap<string, number> | undefined;
let classes: ReadonlyMap<string, Uint8Array> | undefined;

/**
 * A set of forms, indexed as `allForms()`, from words: forms, classes, `x*` for all that begin with x, `*` for all, and
 * `-x` to take out; when words only take out, from all.
 */
export function formSet(words: readonly string[]): Uint8Array {
  places ??= new Map(formIds().map((id, index) => [id, index]));
  classes ??= readClasses(places);
  return setOf(words, places, classes);
}

/** True when the name is the pattern, or begins with a pattern that ends in `*`. */
export function matchesName(pattern: string, name: string): boolean {
  return pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern;
}

function readClasses(forms: ReadonlyMap<string, number>): ReadonlyMap<string, Uint8Array> {
  const known = new Map<string, Uint8Array>();
  for (const [name, members] of tableRows(classesText)) known.set(name!, setOf(cellWords(members!), forms, known));
  return known;
}

function setOf(
  words: readonly string[],
  forms: ReadonlyMap<string, number>,
  known: ReadonlyMap<string, Uint8Array>,
): Uint8Array {
  const set = new Uint8Array(forms.size);
  if (words.every((word) => word.startsWith('-'))) set.fill(1);
  for (const word of words) {
    const value = word.startsWith('-') ? 0 : 1;
    for (const place of membersOf(value === 0 ? word.slice(1) : word, forms, known)) set[place] = value;
  }
  return set;
}

/** The places of the forms that one word means. */
function membersOf(
  name: string,
  forms: ReadonlyMap<string, number>,
  known: ReadonlyMap<string, Uint8Array>,
): readonly number[] {
  const set = known.get(name);
  const form = forms.get(name);
  const members: number[] = [];
  if (set !== undefined) set.forEach((member, place) => member === 1 && members.push(place));
  else if (form !== undefined) members.push(form);
  else for (const [id, place] of forms) if (matchesName(name, id)) members.push(place);
  if (members.length === 0) throw new Error(`grammar: no instruction form is called ${name}`);
  return members;
}
