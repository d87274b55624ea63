/**
 * The stops and serializations that bodies need at the sites that are known when a header is made. Sites are identified by
 * operation and `__LINE__`. Any other site gets everything: a stop on either side, and the serialization of its run.
 */
import { expandInPlace } from '../expand/expansion.ts';
import type { TargetChoice } from '../expand/plan.ts';
import type { PlannedSite } from '../expand/planned-site.ts';
import type { Target } from '../expand/target.ts';
import { ownInvocation } from '../project/native.ts';
import type { Site } from '../rewrite/site.ts';
import type { SeparateBuild } from '../separate-builds.ts';
import type { Diagnostic } from '../syntax/diagnostic.ts';
import type { SourceRange } from '../syntax/source.ts';
import type { MacroUse } from '../syntax/token.ts';
import { type SharedForm, sharedForm } from './shared-forms.ts';

/** The needs of a site, as bits; `apart`: stops on either side of a body that shares no address, where one does as a rule. */
export const NEEDS = { stopBefore: 1, stopBehind: 2, serialize: 4, serialization: 8, native: 16, apart: 32 } as const;

/** By operation and line: the needs of the sites there, the union if there are several. */
export type KnownSites = Map<string, Map<number, KnownSite>>;

export interface KnownSite {
  readonly needs: number;
  /** The place of the first site. */
  readonly place: SourceRange;
  /** The bodies that share an address with a neighbour. */
  readonly forms: readonly SharedForm[];
}

/** Adds the sites of a source that was built for one target. The result has an error for each site that a header cannot serve. */
export function addKnownSites(
  { built, runs }: Pick<SeparateBuild, 'built' | 'runs'>,
  choice: TargetChoice,
  known: KnownSites,
): Diagnostic[] {
  const { planned } = built.plans.find((plan) => plan.choice === choice)!;
  const byPlace = new Map(planned.map((site) => [`${site.site.file.name}:${site.site.start}`, site]));
  const failed = new Set(built.plans.flatMap(({ failures }) => failures.map(({ site }) => site)));
  const instructions = new Set(planned.filter(({ expansion }) => expansion.kind === 'inPlace'));
  const opened = new Set<PlannedSite>();
  const alike = new Map<PlannedSite, SourceRange>();
  for (const { tokens } of runs)
    for (const { use, file } of tokens) {
      const invocation = ownInvocation(use, file);
      const site = invocation === null ? undefined : byPlace.get(`${invocation.file.name}:${invocation.start}`);
      if (invocation === null || site === undefined) continue;
      instructions.delete(site);
      if (!fitsBundleAsWritten(site)) opened.add(site);
      const needs = needsOf(site, choice.target, failed.has(site.site));
      for (const line of linesOf(invocation)) {
        const other = add(known, site, line, needs);
        if (other !== null) alike.set(site, other);
      }
    }
  return [
    ...[...alike].map(([{ site }, other]) => {
      const { line } = other.file.position(other.start);
      const both = `here and at ${other.file.name}:${line} cannot be told apart, and only one of them may be replaced`;
      return unserved(site, `${both}: make a header for each source`);
    }),
    ...[...opened].map(({ site }) =>
      unserved(site, 'stands in an explicit bundle that its body does not fit in: only pvasm build can open it'),
    ),
    ...[...instructions].map(({ site }) =>
      unserved(site, `is no macro here: a header leaves it as it is, where ${choice.label} has a body for it`),
    ),
  ];
}

function unserved({ file, start, end, operation }: Site, why: string): Diagnostic {
  return { severity: 'error', message: `${operation.name} ${why}`, file, start, end };
}

/** Whether a body fits: in an explicit bundle it must have as many instructions as the site, and no stops. */
function fitsBundleAsWritten({ site, expansion }: PlannedSite): boolean {
  if (site.surroundings.bundle === null || expansion.kind === 'native' || expansion.kind === 'trap') return true;
  return expansion.instructions === site.operation.parts.length && expansion.stops === 0;
}

function needsOf({ expansion, stops, site, scratch }: PlannedSite, target: Target, isLeft: boolean): number {
  if (expansion.kind === 'trap' || isLeft) return NEEDS.native;
  if (expansion.kind === 'native') return 0;
  // A serialization behind a body that shares an address is part of its form.
  const isLonger =
    expansion.shared === undefined &&
    expansion.instructions > expandInPlace(site, scratch, target).expansion.instructions;
  return (
    (stops.before ? NEEDS.stopBefore : 0) |
    (stops.behind ? NEEDS.stopBehind : 0) |
    (stops.serialize ? NEEDS.serialize : 0) |
    (isLonger ? NEEDS.serialization : 0) |
    (expansion.shared === undefined ? 0 : NEEDS.apart)
  );
}

/** The possible values of `__LINE__` in a macro: preprocessors differ in which line of a multi-line invocation they give. */
function linesOf(invocation: MacroUse): ReadonlySet<number> {
  let outermost = invocation;
  while (outermost.parent !== null) outermost = outermost.parent;
  const { file, start, end } = outermost;
  return new Set([file.position(start).line, file.position(Math.max(start, end - 1)).line]);
}

/**
 * Adds a site. The result is the place of another site with the same operation and line if one of them must stay native and the
 * other must not, as a header cannot tell them apart; else null.
 */
function add(known: KnownSites, planned: PlannedSite, line: number, needs: number): SourceRange | null {
  const { operation, file, start, end } = planned.site;
  const lines = known.get(operation.name) ?? new Map<number, KnownSite>();
  known.set(operation.name, lines);
  const other = lines.get(line) ?? { needs, place: { file, start, end }, forms: [] };
  const form = sharedForm(planned);
  const forms = form === null ? other.forms : [...other.forms, form];
  lines.set(line, { ...other, needs: other.needs | needs, forms });
  return (other.needs & NEEDS.native) === (needs & NEEDS.native) ? null : other.place;
}
