import type { Rule } from '../rule.ts';
import { isSerialization, violationReports } from '../violations.ts';

/** A stop is not enough behind a write of system state: later instructions may still use the old value. */
export const PV010: Rule = {
  id: 'PV010',
  name: 'missing-serialization',
  severity: 'error',
  summary: 'An instruction depends on a write of system state that no srlz.d or srlz.i has made visible.',
  check: (context) => violationReports(context, isSerialization),
};
