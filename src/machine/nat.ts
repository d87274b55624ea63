/** grammar/nat.tsv: which operands of an instruction form must be no NaT, and which results are or may be one. */
import natText from '../../grammar/nat.tsv';
import { formSet } from './classes.ts';
import { formIds } from './forms.ts';
import { cellWords, tableRows } from './tsv.ts';

/** Operands, by the words of grammar/instructions.tsv. */
export interface NatRule {
  /** The instruction faults on a NaT in them, or branches away. */
  readonly checks: readonly string[];
  /** Results that are no NaT whatever the other operands are. */
  readonly never: readonly string[];
  /** Results that may be a NaT whatever the operands are. */
  readonly any: readonly string[];
}

let rules: ReadonlyMap<string, NatRule> | undefined;

/** What the table says of a form; null: nothing, a NaT then propagates from what it reads to what it writes. */
export function natRuleOf(form: string): NatRule | null {
  rules ??= readRules();
  return rules.get(form) ?? null;
}

/** @throws Error where two lines speak of one form */
function readRules(): ReadonlyMap<string, NatRule> {
  const found = new Map<string, NatRule>();
  for (const [forms, checks, never, any] of tableRows(natText)) {
    const rule = { checks: cellWords(checks!), never: cellWords(never!), any: cellWords(any!) };
    formSet(cellWords(forms!)).forEach((member, place) => {
      if (member === 0) return;
      if (found.has(formIds[place]!)) throw new Error(`grammar/nat.tsv: two lines speak of ${formIds[place]}`);
      found.set(formIds[place]!, rule);
    });
  }
  return found;
}
