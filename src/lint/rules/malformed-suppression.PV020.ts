import type { Rule } from '../rule.ts';

/** Reported by `inlineSuppressions` while it reads the comments. */
export const PV020: Rule = {
  id: 'PV020',
  name: 'malformed-suppression',
  severity: 'warning',
  summary: 'A suppression comment gives no reason, or names no rule.',
  check: null,
};
