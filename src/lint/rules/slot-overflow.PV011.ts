import type { Unit } from '../../project/units.ts';
import type { RuleContext } from '../context.ts';
import type { DraftFinding } from '../finding.ts';
import type { Rule } from '../rule.ts';
import { type FilledSlot, slotUsage } from '../slots.ts';

/** The assembler would refuse the listing ("attempt to move .org backwards"), long after the source was changed. */
export const PV011: Rule = {
  id: 'PV011',
  name: 'slot-overflow',
  severity: 'error',
  summary: 'The code of an interruption vector does not fit its slot.',
  check: (context) => slotReports(context, ({ used, capacity }) => used > capacity),
};

/** One report for each slot and target that the test picks, with the fullest of the configurations. */
export function* slotReports(context: RuleContext, picks: (slot: FilledSlot) => boolean): Iterable<DraftFinding> {
  const found = new Map<string, FilledSlot[]>();
  for (const slot of slotUsage(context)) {
    if (!picks(slot)) continue;
    const key = `${slot.place.file.name}:${slot.place.start} ${slot.target}`;
    found.set(key, [...(found.get(key) ?? []), slot]);
  }
  for (const slots of found.values()) {
    const { place, name, used, capacity, target } = slots.reduce((a, b) => (b.used > a.used ? b : a));
    const where = target === null ? '' : ` in the listing for ${target}`;
    const message = `${name} takes ${used} of ${capacity} bundles${where}`;
    const units: readonly Unit[] = slots.map((slot) => slot.unit);
    yield { ...place, message, ...context.conditionOf(units) };
  }
}
