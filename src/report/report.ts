/** Makes the report: measures sources and listings, asks the analysis for its reasons. Requires: what `build` made. */
import type { MergedBuilt } from '../merged-builds.ts';
import type { PipelineOptions } from '../pipeline.ts';
import { fileKey } from '../project/files.ts';
import type { Project } from '../project/project.ts';
import type { Site } from '../rewrite/site.ts';
import type { SourceText } from '../syntax/source.ts';
import { type Audit, type AuditedInstruction, auditModel, type InterceptPoint } from './audit.ts';
import { costReport, totalCost } from './costs.ts';
import { groupBy } from './group.ts';
import { handlersOfLines } from './handlers.ts';
import { type Measure, type Measurement, measurer } from './measure.ts';
import type {
  FileReport,
  LeftReport,
  RefusedReport,
  Report,
  SiteReport,
  Size,
  SourceLocation,
  VectorReport,
} from './model.ts';
import { conditionFinder, oneLine, placeOf } from './places.ts';
import { roomReports } from './room.ts';
import { routineReports } from './routines.ts';
import { siteReport } from './sites.ts';

export function reportModel(built: MergedBuilt, options: PipelineOptions): Report {
  const { plans, rewritten, builtFor } = built;
  const conditions = conditionFinder();
  const measure = measurer(options);
  const sites = rewritten.sites.map((chosen, index) => ({
    ...siteReport(
      chosen,
      plans,
      plans.map(({ planned }) => planned[index]!),
      conditions,
    ),
    ...namesOf(builtFor.get(chosen.site)),
  }));
  const reportOf = new Map(rewritten.sites.map(({ site }, index) => [site, sites[index]!]));
  const handlersOf = handlersOfLines(rewritten.project.units);
  const sources = sourcesOf(rewritten.project);
  const files = sources.map((source) => fileReport(source, built, reportOf, measure));
  return {
    version: 2,
    tool: 'pvasm',
    targets: plans.map(({ choice: { label, alternative } }) => ({ label, alternative })),
    files,
    total: plans.map((_, index) =>
      totalCost(
        files.map(({ costs }) => costs[index]!),
        sources.map((source) => built.parts.get(source)!.plans[index]!),
      ),
    ),
    sites,
    refused: rewritten.refusals.map(
      (refusal): RefusedReport => ({
        ...placeOf(refusal),
        handler: handlersOf(refusal.file.name, refusal.file.position(refusal.start).line)[0] ?? null,
        text: oneLine(refusal.file.text.slice(refusal.start, refusal.end)),
        operation: refusal.operation.name,
        reason: refusal.reason,
        ...namesOf(builtFor.get(refusal)),
      }),
    ),
    left: leftReports(sites, auditModel(built, options.operations)),
    missingHeaders: missingHeaders(rewritten.project),
  };
}

function missingHeaders({ units }: Project): string[] {
  const missing = units.flatMap(({ preprocessed }) =>
    preprocessed.includes.flatMap(({ path, resolved }) => (resolved === undefined ? [path] : [])),
  );
  return [...new Set(missing)].sort();
}

/** The files of the call that are assembled: headers of other files of the call are not. */
function sourcesOf(project: Project): SourceText[] {
  const headers = new Set(
    project.units.flatMap(({ source, preprocessed }) =>
      preprocessed.files.map(fileKey).filter((key) => key !== fileKey(source)),
    ),
  );
  return project.inputs.filter((input) => !headers.has(fileKey(input)));
}

function namesOf(files: readonly SourceText[] | undefined): { builtFor?: readonly string[] } {
  return files === undefined ? {} : { builtFor: files.map(({ name }) => name) };
}

/** A file as it is built: by itself. */
function fileReport(
  source: SourceText,
  { rewritten, parts, mergedSites }: MergedBuilt,
  reportOf: ReadonlyMap<Site, SiteReport>,
  measure: Measure,
): FileReport {
  const { project } = rewritten;
  const { plans, listings: own, rewritten: chosen } = parts.get(source)!;
  const native = measure(source, new Map(project.inputs.map((input) => [fileKey(input), input.text])));
  const measured = plans.map((plan) => {
    const listings = own.filter(({ choice }) => choice === plan.choice);
    if (listings.every(({ file, text }) => text === file.text)) return native;
    return measure(source, new Map(listings.map(({ file, text }) => [fileKey(file), text])));
  });
  const assembled = chosen.sites.flatMap(({ site }, index) =>
    site.instances.some(({ unit }) => unit.source === source)
      ? [{ report: reportOf.get(mergedSites.get(site)!)!, index }]
      : [],
  );
  return {
    file: source.name,
    native: sizeOf(native),
    costs: plans.map((plan, index) =>
      costReport(
        plan,
        sizeOf(native),
        measured[index]!,
        assembled.map(({ report, index: at }) => ({ report: report.targets[index]!, planned: plan.planned[at]! })),
      ),
    ),
    routines: routineReports(project, source, plans),
    vectors: vectorReports(native, measured, architectedRoom(project, source)),
    room: roomReports(source, plans),
  };
}

function sizeOf({ bytes, instructions, stops }: Size): Size {
  return { bytes, instructions, stops };
}

/** Slots of the native code with those of the listings, which are at the same offsets. */
function vectorReports(
  { slots: native }: Measurement,
  measured: readonly Measurement[],
  roomAt: ReadonlyMap<number, number>,
): VectorReport[] {
  const place = (section: string, offset: number) => `${offset} ${section}`;
  const usedAt = measured.map(
    ({ slots }) => new Map(slots.map(({ section, offset, used }) => [place(section, offset), used])),
  );
  return native.map(({ section, offset, label, capacity, used }) => ({
    offset,
    section,
    name: label,
    room: capacity === null ? null : Math.min(capacity, roomAt.get(offset) ?? capacity),
    native: used,
    used: usedAt.map((slots) => slots.get(place(section, offset)) ?? used),
  }));
}

/** Bundles that the architecture gives each vector of a source, by its offset in the table. */
function architectedRoom(project: Project, source: SourceText): Map<number, number> {
  const unit = project.units.find((each) => fileKey(each.source) === fileKey(source));
  return new Map(
    unit?.analysis.vectors().flatMap(({ offset, bundles }) => (offset === null ? [] : [[offset, bundles]])),
  );
}

/** What each target leaves as it is: sites without a body, and what is sensitive but no site. */
function leftReports(sites: readonly SiteReport[], audit: Audit): LeftReport[] {
  return audit.targets.flatMap((target, index) => {
    // A target that does all as the real machine does it has nothing to answer for.
    if (sites.every(({ sources, targets }) => sources.length === 0 || targets[index]!.kind === 'native')) return [];
    const trapped = sites.filter((site) => site.targets[index]!.kind === 'trap');
    const groups = groupBy(trapped, (site) => `${site.operation}\n${site.targets[index]!.reason}`);
    const ofSites = [...groups.values()].map((group): LeftReport => {
      const [first] = group as [SiteReport];
      return {
        target,
        what: first.operation,
        class: first.class,
        reason: first.targets[index]!.reason!,
        places: distinctPlaces(group),
      };
    });
    const others = audit.points.flatMap((point) => {
      const left = point.instructions.filter(({ operation, refused }) => operation === null && refused === null);
      return [...groupBy(left, (instruction) => leftReason(point, instruction))].map(
        ([reason, group]): LeftReport => ({
          target,
          what: point.title,
          class: point.class,
          reason,
          places: distinctPlaces(group),
        }),
      );
    });
    return [...ofSites, ...others];
  });
}

/** A place that several sources have outcomes of their own for is there once. */
function distinctPlaces(all: readonly SourceLocation[]): SourceLocation[] {
  return [...groupBy(all, ({ file, line, column }) => `${file}:${line}:${column}`).values()].map((group) => {
    const { file, line, column } = group[0]!;
    return { file, line, column };
  });
}

/** Why an instruction is no site although a hypervisor should see it. */
function leftReason({ rewrite, without }: InterceptPoint, { expanded }: AuditedInstruction): string {
  if (rewrite === 'audit') return without;
  return expanded === 0
    ? 'Nothing in this call expands the macro that it stands in.'
    : `No operation has this form of it. ${without}`;
}
