/** The table of costs: what each alternative costs over native. */
import type { Plan } from '../expand/plan.ts';
import type { PlannedSite } from '../expand/planned-site.ts';
import { isBranchRegister, isGeneralRegister, isPredicateRegister } from '../machine/register-classes.ts';
import { sortRegisters } from '../machine/register-runs.ts';
import { countedAgain, jointRoutines } from './joint-routines.ts';
import type { Measurement } from './measure.ts';
import type { Clobbers, CostReport, SiteKind, SiteTargetReport, Size } from './model.ts';

interface CostedSite {
  readonly report: SiteTargetReport;
  readonly planned: PlannedSite;
}

/** @param measured the listing by itself: the routines that calls of joint targets go to are added here, as native executes them */
export function costReport(
  plan: Plan,
  native: Size,
  measured: Pick<Measurement, 'apart' | keyof Size>,
  sites: readonly CostedSite[],
): CostReport {
  const { size, data } = withRoutines(measured, plan);
  const routines = new Map(
    sites.flatMap(({ planned: { expansion } }) =>
      expansion.routine === null ? [] : [[expansion.routine.label, expansion.routine]],
    ),
  );
  const more = sites.map(({ report }) => byKind(report.clobbersMore));
  return {
    target: plan.choice.label,
    ...size,
    data,
    added: {
      bytes: size.bytes - native.bytes,
      instructions: size.instructions - native.instructions,
      stops: size.stops - native.stops,
    },
    sites: countKinds(sites.map(({ report }) => report.kind)),
    routines: routines.size,
    routineInstructions: [...routines.values()].reduce((sum, { instructions }) => sum + instructions, 0),
    clobbers: union(more),
    mostAtOneSite: {
      branch: Math.max(0, ...more.map(({ branch }) => branch.length)),
      general: Math.max(0, ...more.map(({ general }) => general.length)),
      predicate: Math.max(0, ...more.map(({ predicate }) => predicate.length)),
    },
  };
}

function withRoutines(
  { bytes, instructions, stops, apart }: Pick<Measurement, 'apart' | keyof Size>,
  plan: Plan,
): { size: Size; data: number } {
  if (plan.choice.joined === undefined) return { size: { bytes, instructions, stops }, data: 0 };
  const routines = jointRoutines(plan);
  const executed = routines.counts.get(plan.choice.target.name)!;
  return {
    size: {
      bytes: bytes + routines.bytes,
      instructions: instructions + executed.instructions,
      stops: stops + executed.stops,
    },
    data: apart - routines.apart + routines.words,
  };
}

/**
 * The sum over files, for one target.
 *
 * @param plans those of the files: what is linked once for all of them counts once
 */
export function totalCost(costs: readonly CostReport[], plans: readonly Plan[]): CostReport {
  const sum = (pick: (cost: CostReport) => number) => costs.reduce((total, cost) => total + pick(cost), 0);
  const again = countedAgain(plans);
  const most = (pick: (cost: CostReport) => number) => Math.max(0, ...costs.map(pick));
  const kinds = ['native', 'trap', 'inPlace', 'branch', 'patched'] as const;
  return {
    target: costs[0]?.target ?? '',
    bytes: sum(({ bytes }) => bytes) - again.bytes,
    instructions: sum(({ instructions }) => instructions) - again.instructions,
    stops: sum(({ stops }) => stops) - again.stops,
    data: sum(({ data }) => data) - again.data,
    added: {
      bytes: sum(({ added }) => added.bytes) - again.bytes,
      instructions: sum(({ added }) => added.instructions) - again.instructions,
      stops: sum(({ added }) => added.stops) - again.stops,
    },
    sites: Object.fromEntries(kinds.map((kind) => [kind, sum(({ sites }) => sites[kind])])) as Record<SiteKind, number>,
    routines: sum(({ routines }) => routines),
    routineInstructions: sum(({ routineInstructions }) => routineInstructions),
    clobbers: union(costs.map(({ clobbers }) => clobbers)),
    mostAtOneSite: {
      branch: most(({ mostAtOneSite }) => mostAtOneSite.branch),
      general: most(({ mostAtOneSite }) => mostAtOneSite.general),
      predicate: most(({ mostAtOneSite }) => mostAtOneSite.predicate),
    },
  };
}

function byKind(names: readonly string[]): Clobbers {
  return {
    branch: names.filter(isBranchRegister),
    general: names.filter(isGeneralRegister),
    predicate: names.filter(isPredicateRegister),
  };
}

function union(all: readonly Clobbers[]): Clobbers {
  const of = (pick: (clobbers: Clobbers) => readonly string[]) => sortRegisters(all.flatMap(pick));
  return {
    branch: of(({ branch }) => branch),
    general: of(({ general }) => general),
    predicate: of(({ predicate }) => predicate),
  };
}

function countKinds(kinds: readonly SiteKind[]): Record<SiteKind, number> {
  const counts = { native: 0, trap: 0, inPlace: 0, branch: 0, patched: 0 };
  for (const kind of kinds) counts[kind]++;
  return counts;
}
