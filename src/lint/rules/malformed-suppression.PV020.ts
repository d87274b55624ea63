import type { Rule } from '../rule.ts';

/** Its reports are made by `inlineSuppressions`, where comments are read. */
export const PV020: Rule = {
  id: 'PV020',
  name: 'malformed-suppression',
  severity: 'warning',
  summary: 'A suppression comment gives no reason, or names no rule.',
  check: null,
};
