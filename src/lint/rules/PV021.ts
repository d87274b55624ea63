import type { Report } from '../finding.ts';
import type { Rule } from '../rule.ts';
import type { Suppression } from '../suppressions.ts';

export const PV021: Rule = {
  id: 'PV021',
  name: 'unused-suppression',
  severity: 'warning',
  summary: 'A suppression that no finding needs.',
  check: null,
};

/** The reports for suppressions that accepted nothing, in `check.ts`'s last step. */
export function unusedSuppressions(unused: readonly Suppression[]): readonly Report[] {
  return unused.map(({ rule, place }) => ({ ...place, message: `nothing needs the suppression of ${rule}` }));
}
