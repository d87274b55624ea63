import type { Unit } from '../../project/units.ts';
import { placeOfInstruction } from '../calls.ts';
import type { RuleContext } from '../context.ts';
import type { Report } from '../finding.ts';
import { type LinkedUse, linkedUses } from '../physical.ts';
import type { Rule } from '../rule.ts';

/** Nothing is mapped there: the access ends in a machine check, long before anybody can report it. */
export const PV023: Rule = {
  id: 'PV023',
  name: 'linked-address',
  severity: 'error',
  summary: 'Code that runs in physical mode goes through an address as it was linked.',
  *check(context) {
    const { physicalMode } = context.conventions;
    if (physicalMode.entries.length === 0) return;
    const found = new Map<string, { unit: Unit; use: LinkedUse }[]>();
    for (const unit of context.project.units) {
      for (const use of linkedUses(unit, physicalMode)) {
        const { file, start } = placeOfInstruction(unit.analysis.instructions[use.instruction]!, context.vocabularies);
        const key = `${file.name}:${start} ${use.register}`;
        found.set(key, [...(found.get(key) ?? []), { unit, use }]);
      }
    }
    for (const list of found.values()) yield report(context, list);
  },
};

function report(context: RuleContext, found: readonly { unit: Unit; use: LinkedUse }[]): Report {
  const { unit, use } = found[0]!;
  const { instructions } = unit.analysis;
  const place = placeOfInstruction(instructions[use.instruction]!, context.vocabularies);
  const taken = placeOfInstruction(instructions[use.taken]!, context.vocabularies);
  return {
    ...place,
    message: `${use.register} holds an address as it was linked, and this code runs in physical mode`,
    related: [{ ...taken, message: 'taken here' }],
    ...context.conditionOf(found.map((each) => each.unit)),
  };
}
