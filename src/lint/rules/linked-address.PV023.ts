import type { Unit } from '../../project/units.ts';
import { placeOfInstruction } from '../calls.ts';
import type { RuleContext } from '../context.ts';
import type { DraftFinding } from '../finding.ts';
import { type LinkedUse, linkedUses } from '../physical.ts';
import { reportsByPlace } from '../reports.ts';
import type { Rule } from '../rule.ts';

/** Nothing is mapped there: the access ends in a machine check, long before anybody can report it. */
export const PV023: Rule = {
  id: 'PV023',
  name: 'linked-address',
  severity: 'error',
  summary: 'Code that runs in physical mode goes through an address as it was linked.',
  check: (context) =>
    reportsByPlace(context, function* (unit) {
      const { physicalMode } = context.conventions;
      if (physicalMode.entries.length === 0) return;
      for (const use of linkedUses(unit, physicalMode))
        yield { report: reportOf(context, unit, use), key: use.register };
    }),
};

function reportOf(
  { vocabularies }: RuleContext,
  { analysis }: Unit,
  { instruction, register, taken }: LinkedUse,
): DraftFinding {
  const placeOf = (index: number) => placeOfInstruction(analysis.instructions[index]!, vocabularies);
  return {
    ...placeOf(instruction),
    message: `${register} holds an address as it was linked, and this code runs in physical mode`,
    related: [{ ...placeOf(taken), message: 'taken here' }],
  };
}
