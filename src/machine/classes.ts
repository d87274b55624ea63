/** grammar/classes.tsv: named sets of instruction forms. */
import classesText from '../../grammar/classes.tsv';
import type { Form } from './effects.ts';
import { formIds } from './forms.ts';
import { cellWords, tableRows } from './tsv.ts';

let classes: ReadonlyMap<string, Uint8Array> | undefined;

/**
 * A set of forms, indexed as `allForms()`, from words: forms, classes, `x*` for all that begin with x, `*` for all, and
 * `-x` to take out; when words only take out, from all.
 */
export function formSet(words: readonly string[]): Uint8Array {
  classes ??= readClasses(formIds);
  return setOf(words, formIds, classes);
}

/** Whether a form is one of a named class; false where there is no form. */
export function isOfClass(form: Form | null, name: string): boolean {
  let members = membersOf.get(name);
  if (members === undefined) {
    const set = formSet([name]);
    members = new Set(formIds.filter((_, index) => set[index] === 1));
    membersOf.set(name, members);
  }
  return form !== null && members.has(form.id);
}

const membersOf = new Map<string, ReadonlySet<string>>();

/** True when the name is the pattern, or begins with a pattern that ends in `*`. */
export function matchesName(pattern: string, name: string): boolean {
  return pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern;
}

function readClasses(forms: readonly string[]): ReadonlyMap<string, Uint8Array> {
  const known = new Map<string, Uint8Array>();
  for (const [name, members] of tableRows(classesText)) known.set(name!, setOf(cellWords(members!), forms, known));
  return known;
}

function setOf(words: readonly string[], forms: readonly string[], known: ReadonlyMap<string, Uint8Array>): Uint8Array {
  const set = new Uint8Array(forms.length);
  if (words.every((word) => word.startsWith('-'))) set.fill(1);
  for (const word of words) {
    const value = word.startsWith('-') ? 0 : 1;
    const name = value === 0 ? word.slice(1) : word;
    const members = known.get(name) ?? formsNamed(name, forms);
    for (let place = 0; place < set.length; place++) if (members[place] === 1) set[place] = value;
  }
  return set;
}

/** The forms that a word means which is no class. */
function formsNamed(word: string, forms: readonly string[]): Uint8Array {
  const start = word.endsWith('*') ? word.slice(0, -1) : null;
  const set = new Uint8Array(forms.length);
  forms.forEach((id, place) => {
    set[place] = Number(start === null ? id === word : id.startsWith(start));
  });
  if (!set.includes(1)) throw new Error(`grammar: no instruction form is called ${word}`);
  return set;
}
