import type { Rule } from '../rule.ts';
import { isSerialization, violationReports } from '../violations.ts';

/** Inside an instruction group the processor may do things in any order; what a violation gives is undefined. */
export const PV009: Rule = {
  id: 'PV009',
  name: 'dependency-violation',
  severity: 'error',
  summary: 'An instruction depends on another one in its own instruction group.',
  check: (context) =>
    violationReports(context, (violation) => !isSerialization(violation) && violation.kind !== 'position'),
};
