import { resourceName } from '../../machine/index.ts';
import { type SiteExpansion, siteExpansions } from '../expansions.ts';
import type { Report } from '../finding.ts';
import type { Rule } from '../rule.ts';

/** What is hit is what you read: a body may change what its instruction changes, and the registers it is given. */
export const PV004: Rule = {
  id: 'PV004',
  name: 'hidden-write',
  severity: 'error',
  summary: 'A macro changes a register that none of its arguments names.',
  *check(context) {
    for (const each of siteExpansions(context)) {
      const report = hiddenWrites(each);
      if (report !== null) yield report;
    }
    const declared = new Set(context.conventions.macros.map((macro) => macro.name));
    for (const call of context.calls) {
      const { hides, name } = call.macro;
      if (hides.length === 0 || call.insideOwnDefinition || declared.has(name)) continue;
      const { file, start, end } = call;
      yield { file, start, end, message: `${name} changes ${hides.join(', ')}, which no argument names` };
    }
  },
};

function hiddenWrites({ site, scratch, target, expansion }: SiteExpansion): Report | null {
  if (expansion.kind === 'native' || expansion.kind === 'trap') return null;
  const named = new Set<string>([...scratch.general, ...scratch.predicates, scratch.branch ?? '']);
  for (const { operands } of site.instances) for (const operand of operands) named.add(operand);
  const hidden = expansion.clobbers.map(resourceName).filter((name) => /^[rpbf]\d+$/.test(name) && !named.has(name));
  if (hidden.length === 0) return null;
  const { file, start, end, operation } = site;
  return {
    file,
    start,
    end,
    message: `${operation.macro} for ${target.name} changes ${hidden.join(', ')}, which no argument names`,
  };
}
