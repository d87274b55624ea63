/** Makes the report: measures sources and listings, asks the analysis for its reasons. Requires: what `build` made. */
import type { Program } from '../analysis/program/program.ts';
import type { Built, PipelineOptions } from '../pipeline.ts';
import { fileKey } from '../project/files.ts';
import type { Project } from '../project/project.ts';
import type { SourceText } from '../syntax/source.ts';
import { type Audit, type AuditedInstruction, auditModel, type InterceptPoint } from './audit.ts';
import { costReport, totalCost } from './costs.ts';
import { groupBy } from './group.ts';
import { handlersOfLines } from './handlers.ts';
import { type Measure, type Measurement, measurer } from './measure.ts';
import type { FileReport, LeftReport, RefusedReport, Report, SiteReport, Size, VectorReport } from './model.ts';
import { conditionFinder, oneLine, placeOf } from './places.ts';
import { roomReports } from './room.ts';
import { routineReports } from './routines.ts';
import { siteReport } from './sites.ts';

export function reportModel(built: Built, options: PipelineOptions): Report {
  const { plans, rewritten } = built;
  const conditions = conditionFinder();
  const measure = measurer(options);
  const sites = rewritten.sites.map((chosen, index) =>
    siteReport(
      chosen,
      plans,
      plans.map(({ planned }) => planned[index]!),
      conditions,
    ),
  );
  const handlersOf = handlersOfLines(rewritten.project.units);
  const files = sourcesOf(rewritten.project).map((source) => fileReport(source, built, sites, measure));
  return {
    version: 1,
    tool: 'pvasm',
    targets: plans.map(({ choice: { label, alternative } }) => ({ label, alternative })),
    files,
    total: plans.map((_, index) => totalCost(files.map(({ costs }) => costs[index]!))),
    sites,
    refused: rewritten.refusals.map(
      ({ operation, reason, ...span }): RefusedReport => ({
        ...placeOf(span),
        handler: handlersOf(span.file.name, span.file.position(span.start).line)[0] ?? null,
        text: oneLine(span.file.text.slice(span.start, span.end)),
        operation: operation.name,
        reason,
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

function fileReport(source: SourceText, built: Built, sites: readonly SiteReport[], measure: Measure): FileReport {
  const { project } = built.rewritten;
  const native = measure(source, new Map(project.inputs.map((input) => [fileKey(input), input.text])));
  const measured = built.plans.map((plan) => {
    const listings = built.listings.filter(({ choice }) => choice === plan.choice);
    if (listings.every(({ file, text }) => text === file.text)) return native;
    return measure(source, new Map(listings.map(({ file, text }) => [fileKey(file), text])));
  });
  const own = sites.map((site, index) => ({ site, index })).filter(({ site }) => site.sources.includes(source.name));
  return {
    file: source.name,
    native: sizeOf(native),
    costs: built.plans.map((plan, index) =>
      costReport(
        plan,
        sizeOf(native),
        measured[index]!,
        own.map(({ site, index: at }) => ({ report: site.targets[index]!, planned: plan.planned[at]! })),
      ),
    ),
    routines: routineReports(project, source, built.plans),
    vectors: vectorReports(native, measured, architectedRoom(project, source)),
    room: roomReports(source, built.plans),
  };
}

function sizeOf({ bytes, instructions, stops }: Size): Size {
  return { bytes, instructions, stops };
}

/** Slots of the native code with those of the listings, which are at the same offsets. */
function vectorReports(
  { program, slots: native }: Measurement,
  measured: readonly Measurement[],
  roomAt: ReadonlyMap<number, number>,
): VectorReport[] {
  const place = (section: string, offset: number) => `${offset} ${section}`;
  const usedAt = measured.map(
    ({ slots }) => new Map(slots.map(({ section, offset, used }) => [place(section, offset), used])),
  );
  return native.map(({ section, offset, statement, capacity, used }) => ({
    offset,
    section,
    name: labelAt(program, statement),
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

/** The last label between the opening of a slot and its first instruction. */
function labelAt({ statements }: Program, opening: number): string | null {
  let name: string | null = null;
  for (let at = opening; at < statements.length && statements[at]!.kind !== 'instruction'; at++) {
    const statement = statements[at]!;
    if (statement.kind === 'label' && !/^\d/.test(statement.name)) name = statement.name;
    if (statement.kind === 'directive' && statement.name === '.org' && at > opening) break;
  }
  return name;
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
        places: group.map(({ file, line, column }) => ({ file, line, column })),
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
          places: group.map(({ file, line, column }) => ({ file, line, column })),
        }),
      );
    });
    return [...ofSites, ...others];
  });
}

/** Why an instruction is no site although a hypervisor should see it. */
function leftReason({ rewrite, without }: InterceptPoint, { expanded }: AuditedInstruction): string {
  if (rewrite === 'audit') return without;
  return expanded === 0
    ? 'Nothing in this call expands the macro that it stands in.'
    : `No operation has this form of it. ${without}`;
}
