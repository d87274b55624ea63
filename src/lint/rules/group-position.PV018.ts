import type { DependencyViolation } from '../../dependencies/violations.ts';
import type { Unit } from '../../project/units.ts';
import type { Rule } from '../rule.ts';
import { violationReports } from '../violations.ts';

/**
 * Only what nobody repairs: between bundles GNU as puts the stop in by itself, and code relies on that (`itc.i` and
 * `itc.d` in a row, all over Linux).
 */
export const PV018: Rule = {
  id: 'PV018',
  name: 'group-position',
  severity: 'error',
  summary:
    'An instruction stands in a bundle where its group cannot begin or end, or has a predicate that it cannot have.',
  check: (context) =>
    violationReports(context, (violation, unit) => violation.kind === 'position' && !isRepaired(violation, unit)),
};

function isRepaired({ first, second }: DependencyViolation, { analysis: { instructions } }: Unit): boolean {
  const { bundle } = instructions[first]!;
  return first !== second && (bundle < 0 || bundle !== instructions[second]!.bundle);
}
