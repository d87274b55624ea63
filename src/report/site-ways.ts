/**
 * What every way to serve the bare machine and a hypervisor makes of single sites, whether the call asked for it or not: why not A,
 * why not C, why not D. Requires: what `build` makes for the ways.
 */
import type { MergedBuilt } from '../merged-builds.ts';
import type { SiteReport, SiteTargetReport, SiteWayReport } from './model.ts';
import { conditionFinder } from './places.ts';
import { siteReport } from './sites.ts';

/**
 * The listings that the answer is made of, by the name of the hypervisor's target as the call gives it. They are built in several
 * calls: what calls through a table need, or what they fall back to, would be among the registers of all sites.
 */
export function wayLabels(target: string): readonly (readonly string[])[] {
  const joint = (letters: string) => `native+${target}:${letters}`;
  return [[`${target}:a`, `${target}:b`, target, joint('d'), joint('e')], [joint('c'), joint('ct')], [joint('ce')]];
}

/** In the order of the labels: the ways, and in what a site of `c` can be in place of it, by its letters. */
const WAYS = ['a', 'b', 'dual', 'd', 'e', 'c', 'ct', 'ce'] as const;
const ORDER: readonly SiteWayReport['way'][] = ['dual', 'a', 'b', 'c', 'd', 'e'];

/** Where a way does what it is for, that is what becomes of the site. */
const MEANT: Readonly<Record<SiteWayReport['way'], readonly SiteTargetReport['kind'][]>> = {
  dual: ['inPlace', 'branch'],
  a: ['branch'],
  b: ['inPlace'],
  c: ['branch'],
  d: ['patched'],
  e: ['branch'],
};

/**
 * Asks for the ways of a site of a report.
 *
 * @param on the hypervisor's target, as the call names it
 * @param built for the labels of {@link wayLabels}
 */
export function waysOfSites(on: string, built: readonly MergedBuilt[]): (site: SiteReport) => readonly SiteWayReport[] {
  const conditions = conditionFinder();
  const known = built.map((each) => {
    const byPlace = new Map<string, { files: readonly string[]; targets: () => readonly SiteTargetReport[] }[]>();
    each.rewritten.sites.forEach((chosen, index) => {
      const targets = () => {
        const planned = each.plans.map((plan) => plan.planned[index]!);
        return siteReport(chosen, each.plans, planned, conditions).targets;
      };
      const { line, column } = chosen.site.file.position(chosen.site.start);
      const key = `${chosen.site.file.name}:${line}:${column}:${chosen.site.surroundings.place}`;
      const files = each.builtFor.get(chosen.site)?.map(({ name }) => name) ?? [];
      byPlace.set(key, [...(byPlace.get(key) ?? []), { files, targets }]);
    });
    return byPlace;
  });
  return (site) => {
    const key = `${site.file}:${site.line}:${site.column}:${site.place.kind}`;
    const targets = known.flatMap((byPlace) => {
      const all = byPlace.get(key) ?? [];
      // Of a place in a header with several outcomes, that for the same source.
      const same = all.find(({ files }) => files.some((file) => site.builtFor?.includes(file) ?? true));
      return (same ?? all[0])?.targets() ?? [];
    });
    if (targets.length < WAYS.length) return [];
    const byWay = new Map(WAYS.map((way, index) => [way, targets[index]!]));
    return ORDER.map((way): SiteWayReport => {
      const target = byWay.get(way)!;
      const possible = MEANT[way].includes(target.kind);
      if (way !== 'c' || target.notCalled === null) return { ...target, way, on, possible };
      const instead = (letters: 'c' | 'ce' | 'ct') => byWay.get(letters)!.fallback?.instead ?? null;
      return {
        ...{ ...target, way, on, possible },
        inPlaceOfCall: { c: instead('c'), ce: instead('ce'), ct: instead('ct') },
      };
    });
  };
}
