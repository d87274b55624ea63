/**
 * The listings of all files of a call, of which each is built by itself. What sources change of a header is put together in one
 * listing where they agree, and where they do not, those that do have one.
 */
import type { ListingEdit } from './expand/listing.ts';
import type { Built, Listing } from './pipeline.ts';
import type { Project } from './project/project.ts';
import type { Site } from './rewrite/site.ts';
import { applyEdits, type Edit } from './syntax/edits.ts';
import type { SourceText } from './syntax/source.ts';

export interface MergedListing extends Listing {
  /** The files of the call that have this listing of a header, where others of them have another one; else empty. */
  readonly builtFor: readonly SourceText[];
}

/** What some files of the call make of a header, in the order of the targets. */
interface Version {
  readonly builtFor: SourceText[];
  readonly targets: Variant[];
}

interface Variant {
  readonly choice: Listing['choice'];
  edits: readonly ListingEdit[];
  readonly tail: string;
  /** The texts by place, including those of the source. */
  claims: readonly Edit[];
}

/** By target and file, in the order of the project; of a file by version. */
export function mergedListings(project: Project, parts: ReadonlyMap<SourceText, Built>): MergedListing[] {
  const files = new Set([...parts.values()].flatMap(({ listings }) => listings.map(({ file }) => file)));
  const inOrder = [...files].sort((a, b) => project.order(a) - project.order(b));
  const versions = inOrder.flatMap((file) => {
    const all = versionsOf(file, parts);
    return all.map(({ builtFor, targets }) => ({ file, targets, builtFor: all.length > 1 ? builtFor : [] }));
  });
  const { plans } = [...parts.values()][0]!;
  return plans.flatMap((_, at) =>
    versions.map(({ file, targets, builtFor }): MergedListing => {
      const { choice, edits, tail } = targets[at]!;
      return { choice, file, edits, tail, builtFor, text: applyEdits(file.text, edits) + tail };
    }),
  );
}

function versionsOf(file: SourceText, parts: ReadonlyMap<SourceText, Built>): Version[] {
  const met = new Set<number>();
  for (const { rewritten } of parts.values())
    for (const { site } of rewritten.sites) if (site.file === file && isMet(site)) met.add(site.start);
  const involved = [...parts].filter(([, part]) => speaksOf(file, part));
  const versions: Version[] = [];
  for (const [source, part] of involved) {
    const targets = variantsOf(file, part, met, involved.length > 1);
    const same = versions.find((version) => version.targets.every((each, at) => agree(each, targets[at]!)));
    if (same === undefined) versions.push({ builtFor: [source], targets });
    else {
      same.builtFor.push(source);
      for (const [at, each] of same.targets.entries()) join(each, targets[at]!);
    }
  }
  return versions;
}

function isMet({ instances }: Site): boolean {
  return instances.length > 0;
}

/** Whether a part has something to say of a file. */
function speaksOf(file: SourceText, { listings, rewritten }: Built): boolean {
  return listings.some((each) => each.file === file) || rewritten.refusals.some((each) => each.file === file);
}

/**
 * What a part makes of a file. What it does not reach, and others do, is theirs.
 *
 * @param hasOthers whether other parts make something of it too
 */
function variantsOf(file: SourceText, part: Built, met: ReadonlySet<number>, hasOthers: boolean): Variant[] {
  const refused = part.rewritten.refusals.filter((each) => each.file === file);
  const own = new Map(part.listings.filter((each) => each.file === file).map((each) => [each.choice, each]));
  return part.plans.map(({ choice, planned }): Variant => {
    const listing = own.get(choice);
    const edits = (listing?.edits ?? []).filter(
      ({ planned: edited }) => edited === null || isMet(edited.site) || !met.has(edited.site.start),
    );
    const tail = listing?.tail ?? '';
    if (!hasOthers) return { choice, edits, tail, claims: [] };
    const kept = [
      ...refused,
      ...planned.map(({ site }) => site).filter((site) => site.file === file && isMet(site)),
    ].filter((span) => !edits.some((edit) => overlap(edit, span)));
    const native = kept.map(({ start, end }) => ({ start, end, text: file.text.slice(start, end) }));
    return { choice, edits, tail, claims: [...edits, ...native] };
  });
}

function overlap(a: Pick<Edit, 'start' | 'end'>, b: Pick<Edit, 'start' | 'end'>): boolean {
  return a.start < b.end && b.start < a.end;
}

function isSameEdit(a: Edit, b: Edit): boolean {
  return a.start === b.start && a.end === b.end && a.text === b.text;
}

function agree(a: Variant, b: Variant): boolean {
  const contradicts = (one: Edit, other: Edit) =>
    (overlap(one, other) || (one.start === other.start && one.end === other.end)) && !isSameEdit(one, other);
  return a.tail === b.tail && !a.claims.some((one) => b.claims.some((other) => contradicts(one, other)));
}

/** Takes along what only the other one changes. */
function join(into: Variant, { edits, claims }: Variant): void {
  const isNew = (edit: Edit) => !into.claims.some((each) => isSameEdit(each, edit));
  const added = edits.filter(isNew);
  into.claims = [...into.claims, ...claims.filter(isNew)];
  into.edits = [...into.edits, ...added].sort((a, b) => a.start - b.start || a.end - b.end);
}
