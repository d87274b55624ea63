/**
 * A site in a macro that is expanded with several immediates has one text in a listing. If a target's body depends on the value, that
 * text is wrong for all values but one, silently: this is an error.
 */
import type { Instance, Site } from '../rewrite/site.ts';
import type { Diagnostic } from '../syntax/diagnostic.ts';
import { canonicalFor, itemText } from './expansion.ts';
import type { Plan } from './plan.ts';
import type { PlannedSite } from './planned-site.ts';

/** Errors for sites whose bodies differ between immediates that occur in one configuration. */
export function unlikeImmediates({ choice, planned, patches }: Plan): Diagnostic[] {
  // Joint listings have a record for each value.
  if (patches !== undefined) return [];
  return planned.flatMap((each): Diagnostic[] => {
    const { kind } = each.expansion;
    if (kind !== 'inPlace' && kind !== 'branch') return [];
    const [first, ...others] = valuesMet(each.site);
    const other = others.find(
      (values) => bodyText(each, choice.target, values) !== bodyText(each, choice.target, first!),
    );
    if (other === undefined) return [];
    const { file, start, end, operation } = each.site;
    const values = `${inWords(each.site, first!)} and ${inWords(each.site, other)}`;
    const message = `${operation.name} is met with ${values}, for which ${choice.label} needs different code: one text cannot be both`;
    return [{ severity: 'error', message, file, start, end }];
  });
}

/** The operands of the first instance, with the immediates of each instance of the same configuration. */
function valuesMet(site: Site): readonly (readonly string[])[] {
  const immediates = immediateSlots(site);
  const [first] = site.instances;
  if (first === undefined || immediates.length === 0) return [];
  const found = new Map<string, readonly string[]>();
  for (const { unit, operands } of site.instances) {
    if (unit.configuration !== first.unit.configuration) continue;
    const values = first.operands.map((own, slot) => (immediates.includes(slot) ? operands[slot]! : own));
    found.set(values.join(), values);
  }
  return [...found.values()];
}

function immediateSlots({ operation }: Site): readonly number[] {
  return operation.slots.flatMap(({ kind }, slot) => (kind === 'immediate' ? [slot] : []));
}

function bodyText(
  { site, scratch, expansion }: PlannedSite,
  target: Plan['choice']['target'],
  operands: readonly string[],
): string {
  const { predicates }: Instance = site.instances[0]!;
  return canonicalFor(site, scratch, target, { ...expansion, kind: 'inPlace' }, { predicates, operands })
    .map(itemText)
    .join('\n');
}

function inWords(site: Site, operands: readonly string[]): string {
  return immediateSlots(site)
    .map((slot) => `0x${BigInt(operands[slot]!).toString(16)}`)
    .join(', ');
}
