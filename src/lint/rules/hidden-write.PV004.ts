import { canonicalArguments } from '../../expand/expansion.ts';
import { visibleWrites } from '../../expand/problems.ts';
import type { RegisterClass } from '../../machine/register.ts';
import { registerByName } from '../../machine/register-table.ts';
import { resourceName } from '../../machine/resources.ts';
import { resolveRegister } from '../../machine/scope.ts';
import { anyFrame } from '../../project/operations.ts';
import type { Scratch, Site } from '../../rewrite/site.ts';
import { type SiteExpansion, siteExpansions } from '../expansions.ts';
import type { DraftFinding } from '../finding.ts';
import type { Rule } from '../rule.ts';
import { NOT_NEEDED } from '../sites.ts';

/**
 * Whoever reads a macro's call sees its arguments alone: a body may change what its instruction changes, and the registers
 * that it is given.
 */
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

function hiddenWrites({ site, scratch, target, expansion }: SiteExpansion): DraftFinding | null {
  if (expansion.kind === 'native' || expansion.kind === 'trap' || !scratch.general.every(isKnown)) return null;
  const known = visible(site, scratch);
  const hidden = expansion.clobbers.map(resourceName).filter((name) => isNumbered(name) && !known.has(name));
  if (hidden.length === 0) return null;
  const { file, start, end, operation } = site;
  const message = `${operation.macro} for ${target.name} changes ${hidden.join(', ')}, which no argument names`;
  return { file, start, end, message };
}

/** Of one of the four register files; what else a body changes, its instruction changes too. */
function isNumbered(name: string): boolean {
  return FILES.has(registerByName(name)?.class);
}

const FILES: ReadonlySet<RegisterClass | undefined> = new Set(['gr', 'pr', 'br', 'fr']);

/** A body with a name in it that is no register may do anything; PV022 is about that name. */
function isKnown(scratch: string): boolean {
  return scratch === NOT_NEEDED || resolveRegister(scratch, anyFrame.frame) !== undefined;
}

/** What a reader of the macro expects to change: its arguments, and what the instruction itself changes. */
function visible(site: Site, scratch: Scratch): ReadonlySet<string> {
  const names = new Set<string>([scratch.branch ?? '', scratch.through ?? '']);
  for (const operand of [...site.operands, ...scratch.general])
    names.add(resolveRegister(operand, anyFrame.frame)?.name ?? operand);
  for (const instance of site.instances) {
    for (const operand of instance.operands) names.add(operand);
    for (const name of visibleWrites(site.operation, canonicalArguments(instance, scratch))) names.add(name);
  }
  return names;
}
