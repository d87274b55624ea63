import { fileKey } from '../../project/files.ts';
import type { Site } from '../../rewrite/site.ts';
import type { RuleContext } from '../context.ts';
import type { Rule } from '../rule.ts';
import { bareReports } from './bare-instruction.PV001.ts';

/**
 * Who converts a source sees the configuration that he builds: bare instructions stay in branches that only others compile.
 */
export const PV008: Rule = {
  id: 'PV008',
  name: 'missed-in-configuration',
  severity: 'warning',
  summary: 'A privileged or sensitive instruction stands bare in a branch that only some configurations compile.',
  *check(context) {
    for (const { report, condition, site } of bareReports(context))
      if (condition.words !== null && (site === null || mayBeBuilt(context, site)))
        yield { ...report, condition: condition.words };
  },
};

/** Whether some configuration of the tree compiles it; if the call lists none, every branch counts as compiled. */
function mayBeBuilt(
  { configurationsNamed, project }: RuleContext,
  { instances, surroundings, file, start }: Site,
): boolean {
  if (!configurationsNamed || instances.length > 0) return true;
  const { define } = surroundings;
  if (define === null) return false;
  // No source of the call expands the macro; every source that has its definition may.
  return project.units.some(({ preprocessed }) => {
    const definition = preprocessed.macros.get(define.name);
    if (definition === undefined || fileKey(definition.file) !== fileKey(file)) return false;
    return definition.start <= start && start < definition.end;
  });
}
