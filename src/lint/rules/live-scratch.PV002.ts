import type { Rule } from '../rule.ts';
import { takenScratch } from '../scratch-use.ts';

/**
 * The typical fault of conversions by hand: the native macro ignores its scratch registers, that of a hypervisor overwrites
 * them.
 */
export const PV002: Rule = {
  id: 'PV002',
  name: 'live-scratch',
  severity: 'error',
  summary: 'A scratch register of a macro holds a value that is still needed.',
  *check(context) {
    yield* takenScratch(context, 'scratch', 'the scratch register');
    yield* takenScratch(context, 'scratch-frame', 'the scratch register');
  },
};
