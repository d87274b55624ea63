/**
 * What is built for each file of a call by itself (separate-builds.ts), put together for those who tell of all of it at once:
 * report, audit, diff. What sources make alike of a header is told once, and what they make otherwise with their names.
 */
import { expansionLines } from './expand/listing.ts';
import type { FallenBack, Plan } from './expand/plan.ts';
import type { ChosenSite } from './expand/planned-site.ts';
import { isNew } from './expand/target-errors.ts';
import { type MergedListing, mergedListings } from './merged-listings.ts';
import { type Built, buildProject, type PipelineOptions, type Rewritten } from './pipeline.ts';
import { openProject } from './project/open.ts';
import type { Project } from './project/project.ts';
import type { Instance, Refusal, Site } from './rewrite/site.ts';
import { macroText } from './rewrite/spell.ts';
import type { Diagnostic } from './syntax/diagnostic.ts';
import type { SourceText } from './syntax/source.ts';

export interface MergedBuilt extends Built {
  readonly listings: readonly MergedListing[];
  /** What is built for each file of the call. */
  readonly parts: ReadonlyMap<SourceText, Built>;
  /** By a site of a part: the site that represents it here; none for code that only another part reaches. */
  readonly mergedSites: ReadonlyMap<Site, Site>;
  /** By a site, or a refusal: the files of the call that it is so for, where something else comes of the same place for others. */
  readonly builtFor: ReadonlyMap<Site | Refusal, readonly SourceText[]>;
}

/** Builds each file of a call as `buildSeparately` does, and keeps all of it. */
export function buildMerged(options: PipelineOptions): MergedBuilt {
  const { project, diagnostics } = openProject(options);
  const parts = new Map(
    [...new Set(project.editable())].map((file) => [
      file,
      buildProject({ project: project.part(file), diagnostics: [] }, options),
    ]),
  );
  const groups = siteGroups(project, parts);
  const refusals = refusalGroups(project, parts);
  const mergedSites = new Map(groups.flatMap(({ site, members }) => members.map((member) => [member.site, site])));
  const rewritten: Rewritten = {
    project,
    diagnostics: [...diagnostics, ...complaintsOf(parts.values())],
    sites: groups.map(({ site, members: [first] }) => ({ site, scratch: first!.scratch })),
    refusals: refusals.map(({ refusal }) => refusal),
    files: [],
  };
  const plans = options.targets.map((_, index) => mergedPlan([...parts.values()], index, groups, mergedSites));
  return {
    rewritten,
    plans,
    failures: plans.flatMap((plan) => plan.failures),
    listings: mergedListings(project, parts),
    errors: [...parts.values()].flatMap(({ errors }) => errors),
    parts,
    mergedSites,
    builtFor: variedPlaces([
      ...groups.map(({ site, files }) => ({ subject: site, end: (site.rest.at(-1) ?? site).end, files })),
      ...refusals.map(({ refusal, files }) => ({ subject: refusal, end: refusal.end, files })),
    ]),
  };
}

/** A site of one part, by its index there. */
interface Member extends ChosenSite {
  readonly part: Built;
  readonly file: SourceText;
  readonly index: number;
}

/** What parts make alike of one place. */
interface SiteGroup {
  readonly site: Site;
  readonly members: readonly Member[];
  readonly files: readonly SourceText[];
}

type Parts = ReadonlyMap<SourceText, Built>;

function siteGroups(project: Project, parts: Parts): SiteGroup[] {
  const all = [...parts].flatMap(([file, part]) =>
    part.rewritten.sites.map((chosen, index): Member => ({ ...chosen, part, file, index })),
  );
  const met = new Set(all.filter(({ site }) => site.instances.length > 0).map(({ site }) => placeOf(site)));
  const groups = new Map<string, Member[]>();
  for (const member of all) {
    const { site } = member;
    // Code that this source does not reach is reported for the sources that do.
    if (site.instances.length === 0 && met.has(placeOf(site))) continue;
    const key = parts.size === 1 ? `${member.index}` : `${placeOf(site)}\n${outcomeOf(member)}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [member]);
    else group.push(member);
  }
  const isSource = ({ file, part }: Member) => part.rewritten.project.units.some(({ source }) => source === file);
  return [...groups.values()]
    .map((members): SiteGroup => {
      const sources = members.filter(isSource);
      const { site } = members[0]!;
      const instances = instancesOf(sources.length > 0 ? sources : members);
      return {
        site: members.length === 1 ? site : { ...site, instances },
        members,
        files: members.map(({ file }) => file),
      };
    })
    .sort((a, b) => project.order(a.site.file) - project.order(b.site.file) || a.site.start - b.site.start);
}

function placeOf({ file, start, surroundings }: Site): string {
  return `${file.name}:${start}:${surroundings.place}`;
}

function instancesOf(members: readonly Member[]): readonly Instance[] {
  const instances = new Map<string, Instance>();
  for (const { site } of members)
    for (const each of site.instances) instances.set(`${each.unit.id}:${each.first}`, each);
  return [...instances.values()];
}

/** All that a reader sees of what becomes of a site: its macro, and what stands there for each target, and why. */
function outcomeOf({ site, scratch, part, index }: Member): string {
  const targets = part.plans.map(({ planned, failures, trapped }) => {
    const { expansion, stops } = planned[index]!;
    const failure = failures.find((each) => each.site === site)?.reason ?? trapped.get(site) ?? null;
    return [expansion.kind, expansionLines(planned[index]!), stops, expansion.routine?.label ?? null, failure];
  });
  return JSON.stringify([macroText(site, scratch), site.rest, scratch, targets]);
}

/** Refusals that are alike, once. */
function refusalGroups(project: Project, parts: Parts): { refusal: Refusal; files: SourceText[] }[] {
  const groups = new Map<string, { refusal: Refusal; files: SourceText[] }>();
  for (const [file, { rewritten }] of parts)
    for (const refusal of rewritten.refusals) {
      const key = `${refusal.file.name}:${refusal.start}:${refusal.operation.name}:${refusal.reason}`;
      const known = groups.get(key);
      if (known === undefined) groups.set(key, { refusal, files: [file] });
      else known.files.push(file);
    }
  return [...groups.values()].sort(
    ({ refusal: a }, { refusal: b }) => project.order(a.file) - project.order(b.file) || a.start - b.start,
  );
}

interface Outcome {
  readonly subject: Site | Refusal;
  readonly end: number;
  readonly files: readonly SourceText[];
}

/** The outcomes of places that have several, for different files of the call. */
function variedPlaces(outcomes: readonly Outcome[]): ReadonlyMap<Site | Refusal, readonly SourceText[]> {
  const varied = new Map<Site | Refusal, readonly SourceText[]>();
  const sorted = [...outcomes].sort(
    ({ subject: a }, { subject: b }) =>
      (a.file.name < b.file.name ? -1 : Number(a.file.name > b.file.name)) || a.start - b.start,
  );
  for (const [at, one] of sorted.entries())
    for (let next = at + 1; next < sorted.length; next++) {
      const other = sorted[next]!;
      if (other.subject.file.name !== one.subject.file.name || other.subject.start >= one.end) break;
      if (one.files.length === other.files.length && one.files.every((file) => other.files.includes(file))) continue;
      for (const { subject, files } of [one, other]) varied.set(subject, files);
    }
  return varied;
}

/** One plan of all parts for a target; what it has for the patcher stays with the parts. */
function mergedPlan(
  parts: readonly Built[],
  target: number,
  groups: readonly SiteGroup[],
  mergedSites: ReadonlyMap<Site, Site>,
): Plan {
  const plans = parts.map(({ plans: own }) => own[target]!);
  const meant = (site: Site) => mergedSites.get(site) ?? site;
  const byMeant = <T>(entries: Iterable<readonly [Site, T]>) =>
    new Map([...entries].map(([site, value]) => [meant(site), value] as const));
  return {
    choice: plans[0]!.choice,
    planned: groups.map(({ site, members: [first] }) => ({
      ...first!.part.plans[target]!.planned[first!.index]!,
      site,
    })),
    failures: plans.flatMap(({ failures }) => failures.map((each) => ({ ...each, site: meant(each.site) }))),
    trapped: byMeant(plans.flatMap(({ trapped }) => [...trapped])),
    fitted: [...new Set(plans.flatMap(({ fitted }) => fitted.map(meant)))],
    fallenBack: byMeant(plans.flatMap(({ fallenBack = new Map<Site, FallenBack>() }) => [...fallenBack])),
    moved: plans.flatMap(({ moved }) => moved),
    stuck: plans.flatMap(({ stuck }) => stuck),
  };
}

function complaintsOf(parts: Iterable<Built>): Diagnostic[] {
  const reported = new Set<string>();
  return [...parts].flatMap(({ rewritten }) => rewritten.diagnostics.filter((each) => isNew(each, reported)));
}
