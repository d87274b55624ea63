import type { Rule } from '../rule.ts';
import { slotReports } from './slot-overflow.PV011.ts';

/** The share from which a slot counts as nearly full, as a fraction of whole numbers. */
const NEARLY = { used: 10, capacity: 9 };

/** A small change more, and PV011 has an error. */
export const PV012: Rule = {
  id: 'PV012',
  name: 'slot-nearly-full',
  severity: 'warning',
  summary: 'The slot of an interruption vector is 90 % full or more.',
  check: (context) =>
    slotReports(context, ({ used, capacity }) => used <= capacity && used * NEARLY.used >= capacity * NEARLY.capacity),
};
