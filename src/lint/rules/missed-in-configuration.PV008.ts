import { fileKey } from '../../project/files.ts';
import type { Site } from '../../rewrite/site.ts';
import type { RuleContext } from '../context.ts';
import type { Rule } from '../rule.ts';
import { bareReports } from './bare-instruction.PV001.ts';

/** What a conversion by hand, or by a tool that preprocesses, leaves behind: the branch nobody built. */
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

/** Does a configuration of the tree compile it? Where the call names none, each branch is somebody's. */
function mayBeBuilt(
  { configurationsNamed, project }: RuleContext,
  { instances, surroundings, file, start }: Site,
): boolean {
  if (!configurationsNamed || instances.length > 0) return true;
  const { define } = surroundings;
  if (define === null) return false;
  // Nobody expands the macro; whoever reaches its definition may.
  return project.units.some(({ preprocessed }) => {
    const definition = preprocessed.macros.get(define.name);
    if (definition === undefined || fileKey(definition.file) !== fileKey(file)) return false;
    return definition.start <= start && start < definition.end;
  });
}
