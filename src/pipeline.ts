/** How files become macro-ised source, and macro-ised source becomes listings. Read the two functions top to bottom. */
import type { Addressing, FreshLabels } from './expand/branching.ts';
import { type TargetCandidate, targetCandidates } from './expand/candidates.ts';
import { type ListingEdit, listingEdits, routinesOf, sitesOf, writeListing } from './expand/listing.ts';
import { type ChosenSite, makePlans, type Plan, type PlanFailure, type TargetChoice } from './expand/plan.ts';
import { type Assignment, chooseForSites, refusal } from './rewrite/assign.ts';
import type { Match } from './rewrite/match.ts';
import { openProject, type ProjectOptions } from './rewrite/open.ts';
import type { Operation } from './rewrite/operations.ts';
import type { Project } from './rewrite/project.ts';
import type { Refusal, Sites } from './rewrite/site.ts';
import { collectSites, placeKey } from './rewrite/sites.ts';
import { indentedMacro, replaceSite } from './rewrite/spell.ts';
import { applyEdits, type Diagnostic, type Edit, type SourceText } from './syntax/index.ts';

export interface PipelineOptions extends ProjectOptions {
  /** What the scratch lists must serve. */
  readonly targets: readonly TargetChoice[];
  /** How code of a file is addressed when it runs. */
  readonly addressing: (file: SourceText) => Addressing;
}

/** A file that has sites, with what a rewrite makes of it. */
export interface RewrittenFile {
  readonly file: SourceText;
  readonly edits: readonly Edit[];
  readonly text: string;
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
  const { project, diagnostics } = openProject(options);
  const candidates = targetCandidates(options.targets);
  const wishes = {
    wants: (operation: Operation) =>
      operation.rewrite === 'yes' || candidates.some((candidate) => candidate.has(operation)),
    fuses: (match: Match) => candidates.some((candidate) => candidate.fuses(match)),
  };
  const collect = (apart: ReadonlySet<string>) => collectSites(project, options.operations, wishes, apart);
  const { found, chosen, refused } = chooseOrPart(collect, candidates);
  const files = filesWith(project, chosen).map((file) => {
    const edits = chosen
      .filter(({ site }) => site.file === file && site.spelling === 'instruction')
      .flatMap(({ site, scratch }) => replaceSite(site, indentedMacro(site, scratch)));
    return { file, edits, text: applyEdits(file.text, edits) };
  });
  return { project, diagnostics, sites: chosen, refusals: [...found.refusals, ...refused.map(refusal)], files };
}

/** A fused run that finds no registers may still be two sites that do, or a shorter run and a site. */
function chooseOrPart(
  collect: (apart: ReadonlySet<string>) => Sites,
  candidates: readonly TargetCandidate[],
): Assignment & { found: Sites } {
  const apart = new Set<string>();
  for (;;) {
    const found = collect(apart);
    const assignment = chooseForSites(found.sites, candidates);
    const runs = assignment.refused.filter(({ operation }) => operation.parts.length > 1);
    if (runs.length === 0) return { found, ...assignment };
    for (const run of runs) apart.add(placeKey(run, run.operation));
  }
}

export interface Listing {
  readonly choice: TargetChoice;
  readonly file: SourceText;
  readonly edits: readonly ListingEdit[];
  readonly text: string;
}

export interface Built {
  readonly rewritten: Rewritten;
  readonly plans: readonly Plan[];
  readonly failures: readonly PlanFailure[];
  readonly listings: readonly Listing[];
}

/** Source to one listing for each file and target. */
export function build(options: PipelineOptions): Built {
  const rewritten = rewrite(options);
  const { project, sites } = rewritten;
  const labels = freshLabels(project);
  const plans = makePlans(options.targets, sites, { labels, addressing: (site) => options.addressing(site.file) });
  const listings = plans.flatMap((plan) => filesWith(project, sites).map((file) => makeListing(project, plan, file)));
  return { rewritten, plans, failures: plans.flatMap((plan) => plan.failures), listings };
}

function makeListing(project: Project, plan: Plan, file: SourceText): Listing {
  const { tree } = project.tree(file);
  const edits = listingEdits(tree, sitesOf(file, plan.planned), file.name);
  const text = writeListing(
    tree,
    edits,
    routinesOf(plan.planned.filter(({ site }) => standsIn(project, site.instances, file))),
  );
  return { choice: plan.choice, file, edits, text };
}

/** Whether code of a site, its own or its header's, is assembled with a source. */
function standsIn(project: Project, instances: ChosenSite['site']['instances'], file: SourceText): boolean {
  return instances.some(({ unit }) => project.order(unit.source) === project.order(file));
}

/** The call's own files, and the headers that have sites. */
export function filesWith(project: Project, sites: readonly ChosenSite[]): SourceText[] {
  const files = new Set(project.editable());
  for (const { site } of sites) files.add(site.file);
  return [...files];
}

/** Two numeric labels that no file of the project uses. */
function freshLabels(project: Project): FreshLabels {
  const texts = project.units.flatMap((unit) => unit.preprocessed.files.map((file) => file.text));
  let number = 7700;
  while (texts.some((text) => text.includes(String(number)) || text.includes(String(number + 1)))) number += 2;
  return { here: String(number), back: String(number + 1) };
}
