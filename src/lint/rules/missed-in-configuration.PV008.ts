import type { Rule } from '../rule.ts';
import { bareReport, bareSites } from './bare-instruction.PV001.ts';

/** What a conversion by hand, or by a tool that preprocesses, leaves behind: the branch nobody built. */
export const PV008: Rule = {
  id: 'PV008',
  name: 'missed-in-configuration',
  severity: 'warning',
  summary: 'A privileged or sensitive instruction stands bare in a branch that only some configurations compile.',
  *check(context) {
    for (const [site, { words }] of bareSites(context))
      if (words !== null) yield { ...bareReport(site), condition: words };
  },
};
