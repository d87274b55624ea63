/** How nops are spelled: the forms of class `nops` in grammar/classes.tsv. */
import { formSet } from './classes.ts';
import { formSpellings } from './forms.ts';

const spelled = new Map<string, string>();

/** A nop for a unit (`m`, `i`, `f`, `b`): `nop.m 0`. @throws Error for a unit that has none */
export function nopFor(unit: string): string {
  if (spelled.size === 0) {
    const isNop = formSet(['nops']);
    for (const [index, form] of formSpellings.entries())
      if (isNop[index] === 1) spelled.set(form.unit.toLowerCase(), `${form.mnemonic} 0`);
  }
  const text = spelled.get(unit);
  if (text === undefined) throw new Error(`no nop for the unit ${unit}`);
  return text;
}
