import type { Site } from '../../rewrite/site.ts';
import type { StatedCondition } from '../conditions.ts';
import type { RuleContext } from '../context.ts';
import type { DraftFinding } from '../finding.ts';
import type { Rule } from '../rule.ts';
import { findMacro } from '../vocabulary.ts';

/** A bare site that every configuration has. Those that only some have are PV008. */
export const PV001: Rule = {
  id: 'PV001',
  name: 'bare-instruction',
  severity: 'warning',
  summary: 'A privileged or sensitive instruction stands where a macro is due.',
  *check(context) {
    for (const [site, condition] of bareSites(context)) if (condition.words === null) yield bareReport(site);
  },
};

/** The sites spelled as instructions that somebody compiles, outside the definitions of vocabulary macros. */
export function* bareSites(context: RuleContext): Iterable<readonly [Site, StatedCondition]> {
  for (const site of context.sites) {
    if (site.spelling !== 'instruction') continue;
    const { define } = site.surroundings;
    if (define !== null && findMacro(context.vocabularies, define.name) !== undefined) continue;
    const condition = context.conditionAt(site.file, site.start);
    if (!condition.never) yield [site, condition];
  }
}

export function bareReport({ file, start, end, operation }: Site): DraftFinding {
  const text = file.text.slice(start, end).replace(/\s+/g, ' ');
  const what = operation.sensitive
    ? `sensitive and does not trap: a guest gets the host's answer`
    : `privileged: a hypervisor can only trap it`;
  return { file, start, end, message: `'${text}' is ${what}; write it as ${operation.macro}` };
}
