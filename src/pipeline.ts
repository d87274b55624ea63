/** How files become macro-ised source, and macro-ised source becomes listings. Read the two functions top to bottom. */
import type { FreshLabels } from './expand/branching.ts';
import type { Addressing } from './expand/call-templates.ts';
import { targetCandidates } from './expand/candidates.ts';
import { freshLabels } from './expand/fresh-labels.ts';
import { guardLines, symbolGuardLines } from './expand/guards.ts';
import {
  type LineMarking,
  type ListingEdit,
  lineMarks,
  listingEdits,
  routinesText,
  sitesOf,
} from './expand/listing.ts';
import { patchTables } from './expand/patch-tables.ts';
import { makePlans, type Plan, type PlanFailure, type TargetChoice } from './expand/plan.ts';
import type { ChosenSite, PlannedSite } from './expand/planned-site.ts';
import type { TableOptions } from './expand/table-calls.ts';
import { targetErrors } from './expand/target-errors.ts';
import { listingErrors, unreadableMacros } from './expand/verify.ts';
import { type Opened, openProject, type ProjectOptions } from './project/open.ts';
import type { Operation } from './project/operations.ts';
import type { Project } from './project/project.ts';
import { type Assignment, chooser } from './rewrite/assign.ts';
import type { Match } from './rewrite/match.ts';
import { refusal } from './rewrite/refusal.ts';
import type { Refusal, Site, Sites } from './rewrite/site.ts';
import { placeKey, siteCollector, type Wishes } from './rewrite/sites.ts';
import { indentedMacro, replaceSite } from './rewrite/spell.ts';
import type { Diagnostic } from './syntax/diagnostic.ts';
import { applyEdits, type Edit } from './syntax/edits.ts';
import type { SourceText } from './syntax/source.ts';

export interface PipelineOptions extends ProjectOptions {
  /** What the scratch lists must serve. */
  readonly targets: readonly TargetChoice[];
  /** How code of a file is addressed when it runs. */
  readonly addressing: (file: SourceText) => Addressing;
  /** Whether a person has decided that an operation at a place is no site. */
  readonly staysNative?: Wishes['staysNative'];
  /** False: listings have no line markers, and messages about them name the listing. */
  readonly lineMarkers?: boolean;
  /** Whether registers that a macro call names are chosen again. Default: they are kept. */
  readonly choosesAnew?: (site: Site) => boolean;
}

/** A file that has sites, with what a rewrite makes of it. */
export interface RewrittenFile {
  readonly file: SourceText;
  readonly edits: readonly RewriteEdit[];
  readonly text: string;
}

/** An edit of a rewrite, with the site it comes from. */
export interface RewriteEdit extends Edit {
  readonly site: Site;
}

export interface Rewritten {
  readonly project: Project;
  readonly diagnostics: readonly Diagnostic[];
  readonly sites: readonly ChosenSite[];
  readonly refusals: readonly Refusal[];
  readonly files: readonly RewrittenFile[];
}

/** Plain (or macro-ised) source to macro-ised source. */
export function rewrite(options: PipelineOptions): Rewritten {
  return rewriteProject(openProject(options), options);
}

function rewriteProject(
  { project, diagnostics }: Pick<Opened, 'project' | 'diagnostics'>,
  options: PipelineOptions,
): Rewritten {
  const candidates = targetCandidates(options.targets, tableOptions(options));
  const wishes = {
    wants: (operation: Operation) =>
      operation.rewrite === 'yes' || candidates.some((candidate) => candidate.has(operation)),
    fuses: (match: Match) => candidates.some((candidate) => candidate.fuses(match)),
    staysNative: options.staysNative ?? (() => false),
  };
  const { found, chosen, refused } = chooseOrPart(
    siteCollector(project, options.operations, wishes),
    chooser(candidates, options.choosesAnew),
  );
  const files = filesWith(project, chosen).map((file) => {
    const edits = chosen
      .filter(({ site }) => site.file === file && site.spelling === 'instruction')
      .flatMap(({ site, scratch }) =>
        replaceSite(site, indentedMacro(site, scratch)).map((edit) => ({ ...edit, site })),
      );
    return { file, edits, text: applyEdits(file.text, edits) };
  });
  // Code that is never compiled is spelled as its macro if that takes no register; else it stays as it is.
  const missed = refused.filter(
    ({ site }) => site.instances.length > 0 || !project.decided.ruledOut(site.file, site.start),
  );
  const errors = [...unreadableMacros(project, found), ...targetErrors(options.targets, chosen)];
  return {
    project,
    diagnostics: [...diagnostics, ...errors],
    sites: chosen,
    refusals: [...found.refusals, ...missed.map((each) => refusal(each, candidates))],
    files,
  };
}

/** A fused run that finds no registers may still be two sites that do, or a shorter run and a site. */
function chooseOrPart(
  collect: (apart: ReadonlySet<string>) => Sites,
  choose: (sites: readonly Site[]) => Assignment,
): Assignment & { found: Sites } {
  const apart = new Set<string>();
  for (;;) {
    const found = collect(apart);
    const assignment = choose(found.sites);
    const runs = assignment.refused.map(({ site }) => site).filter(({ operation }) => operation.parts.length > 1);
    if (runs.length === 0) return { found, ...assignment };
    for (const run of runs) apart.add(placeKey(run, run.operation));
  }
}

export interface Listing {
  readonly choice: TargetChoice;
  readonly file: SourceText;
  readonly edits: readonly ListingEdit[];
  readonly text: string;
  /** The text after the source's own: the routines that it calls. */
  readonly tail: string;
}

export interface Built {
  readonly rewritten: Rewritten;
  readonly plans: readonly Plan[];
  readonly failures: readonly PlanFailure[];
  readonly listings: readonly Listing[];
  /** Why the listings are wrong, although every site could be expanded. */
  readonly errors: readonly Diagnostic[];
}

/** Source to one listing for each file and target. What is chosen for a header serves all sources of the call. */
export function build(options: PipelineOptions): Built {
  return buildProject(openProject(options), options);
}

/** Builds what was opened. */
export function buildProject(opened: Pick<Opened, 'project' | 'diagnostics'>, options: PipelineOptions): Built {
  const rewritten = rewriteProject(opened, options);
  const { project, sites } = rewritten;
  const labels = freshLabels(project.units);
  const plans = makePlans(options.targets, sites, { labels, ...tableOptions(options) });
  const files = filesWith(project, sites);
  const assembled = sitesBySource(project, sites);
  const marks = options.lineMarkers === false ? null : lineMarks;
  const { commands } = options;
  const listings = plans.flatMap((plan) =>
    files.map((file) =>
      makeListing(project, plan, file, { labels, marks, commands }, assembled.get(project.order(file))),
    ),
  );
  const failures = plans.flatMap((plan) => plan.failures);
  return { rewritten, plans, failures, listings, errors: listingErrors(project, plans) };
}

function tableOptions({ addressing, conventions }: PipelineOptions): TableOptions {
  return { addressing: (site) => addressing(site.file), isPinned: conventions.pinnedData };
}

/** What the listings of a call have in common. */
interface ListingSettings {
  readonly labels: FreshLabels;
  readonly marks: LineMarking;
  readonly commands: PipelineOptions['commands'];
}

/** @param assembled the sites whose code is assembled with the file */
function makeListing(
  project: Project,
  plan: Plan,
  file: SourceText,
  { labels, marks, commands }: ListingSettings,
  assembled: ReadonlySet<Site> = new Set(),
): Listing {
  const own = sitesOf(file, plan.planned);
  const calling = plan.planned.filter(({ site }) => assembled.has(site));
  const tables = plan.patches === undefined ? null : patchTables(file, plan.patches, calling, labels);
  const isNative = ({ expansion }: PlannedSite) => expansion.kind === 'native' || expansion.kind === 'trap';
  const guards = calling.every(isNative) ? [] : guardsOf(project, file, commands);
  const heads = [...guards, ...(tables === null ? [] : [tables.head])];
  const head = heads.length === 0 ? null : heads.join('\n');
  const moved = plan.moved.filter((tail) => tail.file === file);
  const stays = own.length === 0 && head === null && moved.length === 0;
  const edits = stays ? [] : listingEdits(project.tree(file).tree, own, marks, head, moved);
  const tail = routinesText(file, calling, marks) + (tables?.tail ?? '');
  return { choice: plan.choice, file, edits, text: applyEdits(file.text, edits) + tail, tail };
}

/** Lines that refuse a listing that is compiled otherwise than it was made for. */
function guardsOf({ decided }: Project, file: SourceText, commands: PipelineOptions['commands']): string[] {
  const undefinedNames = decided.undefinedIn(file);
  const symbols = undefinedNames === null ? [] : symbolGuardLines(commands, undefinedNames);
  return [...guardLines(decided.restsOn(file)), ...symbols];
}

/** By `order` of a source: the sites whose code, its own or its headers', is assembled with it. */
function sitesBySource(project: Project, sites: readonly ChosenSite[]): ReadonlyMap<number, ReadonlySet<Site>> {
  const bySource = new Map<number, Set<Site>>();
  for (const { site } of sites) {
    for (const source of new Set(site.instances.map(({ unit }) => unit.source))) {
      const order = project.order(source);
      const assembled = bySource.get(order);
      if (assembled === undefined) bySource.set(order, new Set([site]));
      else assembled.add(site);
    }
  }
  return bySource;
}

/** The call's own files, and the headers that have sites. */
export function filesWith(project: Project, sites: readonly ChosenSite[]): SourceText[] {
  const files = new Set(project.editable());
  for (const { site } of sites) files.add(site.file);
  return [...files];
}
