import { fileKey } from '../../project/files.ts';
import type { Site } from '../../rewrite/site.ts';
import type { Tree } from '../../syntax/tree.ts';
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
    for (const { report, condition } of bareReports(context)) if (condition.words === null) yield report;
  },
};

/** A bare instruction that some configuration compiles. */
export interface BareReport {
  readonly report: DraftFinding;
  readonly condition: StatedCondition;
  /** Null: a rewrite leaves it as it is. */
  readonly site: Site | null;
}

/** Of the sites spelled as instructions, outside the definitions of vocabulary macros, and of what no rewrite can change. */
export function* bareReports(context: RuleContext): Iterable<BareReport> {
  for (const site of context.sites) {
    if (site.spelling !== 'instruction') continue;
    if (isNativeBody(context, site.surroundings.define)) continue;
    const condition = context.conditionAt(site.file, site.start);
    if (!condition.never) yield { report: bareReport(site), condition, site };
  }
  const calls = new Set(context.calls.map(({ file, nameStart }) => `${fileKey(file)}:${nameStart}`));
  for (const refusal of context.refusals) {
    const { file, start, reason } = refusal;
    const condition = context.conditionAt(file, start);
    if (condition.never || calls.has(`${fileKey(file)}:${start}`)) continue;
    if (isNativeBody(context, definitionAround(context.project.tree(file).tree, start))) continue;
    const report = bareReport(refusal);
    yield { report: { ...report, message: `${report.message}; ${LEFT}${reason}` }, condition, site: null };
  }
}

/** In the definition of a vocabulary's macro it is what the macro is for. */
function isNativeBody({ vocabularies }: RuleContext, define: { readonly name: string } | null): boolean {
  return define !== null && findMacro(vocabularies, define.name) !== undefined;
}

function definitionAround({ statements, tokens }: Tree, offset: number): { readonly name: string } | null {
  for (const statement of statements) {
    if (statement.kind !== 'cpp' || statement.define === null) continue;
    if (tokens[statement.first]!.start <= offset && offset < tokens[statement.last]!.end) return statement.define;
  }
  return null;
}

/** In front of the reason why a bare instruction stays what it is. */
export const LEFT = 'a rewrite leaves it: ';

function bareReport({ file, start, end, operation }: Pick<Site, 'file' | 'start' | 'end' | 'operation'>): DraftFinding {
  const text = file.text.slice(start, end).replace(/\s+/g, ' ');
  const what = operation.sensitive
    ? `sensitive and does not trap: a guest gets the host's answer`
    : `privileged: a hypervisor can only trap it`;
  return { file, start, end, message: `'${text}' is ${what}; write it as ${operation.macro}` };
}
