/** One report for each place, whatever number of units and expansions it was found in. */
import { fileKey } from '../project/files.ts';
import type { Unit } from '../project/units.ts';
import type { RuleContext } from './context.ts';
import type { DraftFinding } from './finding.ts';

export interface FoundReport {
  readonly report: DraftFinding;
  /** Tells apart several reports at one place: a register's name. */
  readonly key: string;
}

/** Joins the reports of `find` for all units: the first of each place and key, with the condition under which it holds. */
export function* reportsByPlace(
  context: RuleContext,
  find: (unit: Unit) => Iterable<FoundReport>,
): Iterable<DraftFinding> {
  const found = new Map<string, { report: DraftFinding; units: Unit[] }>();
  for (const unit of context.project.units) {
    for (const { report, key } of find(unit)) {
      const place = `${fileKey(report.file)}:${report.start} ${key}`;
      const known = found.get(place);
      if (known === undefined) found.set(place, { report, units: [unit] });
      else known.units.push(unit);
    }
  }
  for (const { report, units } of found.values()) yield { ...report, ...context.conditionOf(units) };
}
