/** What routines need, clobber and preserve: as the source has them, and what each target's code adds. */
import type { Plan } from '../expand/plan.ts';

import { sortRegisters } from '../machine/register-runs.ts';
import { fileKey } from '../project/files.ts';
import type { Project } from '../project/project.ts';
import type { Unit } from '../project/units.ts';
import type { SourceText } from '../syntax/source.ts';
import type { RoutineReport } from './model.ts';
import { placeOf } from './places.ts';
import { registerNames } from './registers.ts';

/** The routines of a source under the configuration as given; none for a source without sites. */
export function routineReports(project: Project, source: SourceText, plans: readonly Plan[]): RoutineReport[] {
  const unit = project.units.find((each) => fileKey(each.source) === fileKey(source));
  if (unit === undefined) return [];
  const { program } = unit.analysis;
  const added = plans.map((plan) => addedByRoutine(plan, unit));
  return unit.analysis.routines().map(({ routine, needs, clobbers, preserves }) => {
    const label = program.symbols.named.get(routine.name);
    const token = label === undefined ? undefined : program.tokens[program.statements[label.statement]!.first];
    const { file, line } = token === undefined ? { file: source.name, line: 0 } : placeOf(calledAt(token));
    const known = new Set(clobbers);
    return {
      name: routine.name,
      file,
      line,
      needs,
      clobbers,
      preserves,
      more: plans.map((plan, index) => ({
        target: plan.choice.label,
        clobbers: sortRegisters(added[index]!.get(routine.index) ?? []).filter((name) => !known.has(name)),
      })),
    };
  });
}

/** A label that a macro defines (`ENTRY(name)`) is at the place of the macro call. */
function calledAt(token: {
  readonly file: SourceText;
  readonly start: number;
  readonly use: { readonly file: SourceText; readonly start: number; readonly parent: unknown } | null;
}): { file: SourceText; start: number } {
  type Use = NonNullable<typeof token.use>;
  let use = token.use;
  while (use !== null && use.parent !== null) use = use.parent as Use;
  return use ?? token;
}

/** By routine: the registers that a target's expansions change and the native instructions do not. */
function addedByRoutine({ planned }: Plan, { id, analysis }: Unit): Map<number, string[]> {
  const added = new Map<number, string[]>();
  for (const { site, expansion } of planned) {
    for (const { unit, first, last } of site.instances) {
      if (unit.id !== id) continue;
      const { routine } = analysis.instructions[first]!;
      const own = new Set(analysis.instructions.slice(first, last + 1).flatMap(({ effects }) => effects.writes));
      const names = added.get(routine) ?? [];
      names.push(...registerNames(expansion.clobbers.filter((resource) => !own.has(resource))));
      added.set(routine, names);
    }
  }
  return added;
}
