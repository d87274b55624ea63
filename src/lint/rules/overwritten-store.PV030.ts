import type { Unit } from '../../project/units.ts';
import { placeOfInstruction } from '../calls.ts';
import type { RuleContext } from '../context.ts';
import { type FoundReport, reportsByPlace } from '../reports.ts';
import type { Rule } from '../rule.ts';

/** One of two address registers was meant, and the other was written twice. */
export const PV030: Rule = {
  id: 'PV030',
  name: 'overwritten-store',
  severity: 'warning',
  summary: 'A store is overwritten by the next one to the same address.',
  check: (context) => reportsByPlace(context, (unit) => overwritten(context, unit)),
};

function* overwritten({ vocabularies }: RuleContext, { analysis }: Unit): Iterable<FoundReport> {
  const placeOf = (instruction: number) => placeOfInstruction(analysis.instructions[instruction]!, vocabularies);
  for (const { first, second, base } of analysis.overwrittenStores()) {
    const message = `what this stores through ${base} is overwritten by the next store through ${base}`;
    yield {
      report: { ...placeOf(first), message, related: [{ ...placeOf(second), message: 'overwritten here' }] },
      key: base,
    };
  }
}
