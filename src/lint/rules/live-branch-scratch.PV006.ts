import type { Rule } from '../rule.ts';
import { takenScratch } from '../scratch-use.ts';

/** A target that branches to a shared routine leaves its return address in the branch scratch. */
export const PV006: Rule = {
  id: 'PV006',
  name: 'live-branch-scratch',
  severity: 'error',
  summary: 'The branch scratch of a macro holds an address that nobody has saved.',
  check: (context) => takenScratch(context, 'branch', 'the branch scratch'),
};
