import type { Rule } from '../rule.ts';
import { takenScratch } from '../scratch-use.ts';

/** The fault of 2008: on the bare machine all is well, on the hypervisor a value is gone. */
export const PV002: Rule = {
  id: 'PV002',
  name: 'live-scratch',
  severity: 'error',
  summary: 'A scratch register of a macro holds a value that is still needed.',
  check: (context) => takenScratch(context, 'scratch', 'the scratch register'),
};
