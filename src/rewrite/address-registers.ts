/**
 * Names a register for an address that neighbouring sites share. A body that loads to its own address register leaves no address
 * behind; with one more register as an argument of its macro it does. Taken is one that is free at all sites of a row, and best the
 * one that a later site of it writes anyway.
 */
import { resourceName } from '../machine/resources.ts';
import { type CandidateTarget, pricer } from './choose.ts';
import { areLinkable, type ConstantAccess, canCarry } from './constant-access.ts';
import { freeAt } from './free-at.ts';
import { nearness } from './nearness.ts';
import { type NeighbourFinder, neighbourFinder } from './neighbours.ts';
import type { Scratch, Site } from './site.ts';

interface ChosenSite {
  readonly site: Site;
  readonly scratch: Scratch;
}

/** Neighbours whose addresses one register can carry. */
interface Row {
  /** The sites that leave an address, in order, and the last one, which does not. */
  readonly members: readonly (ChosenSite & { readonly access: ConstantAccess })[];
  /** The registers that can carry all addresses. */
  readonly carriers: readonly string[];
}

/** The same choices, with a register for an address where neighbours of some target can share one. */
export function shareAddressRegisters(
  chosen: readonly ChosenSite[],
  candidates: readonly CandidateTarget[],
): ChosenSite[] {
  const find = neighbourFinder(chosen.map(({ site }) => site));
  const scratchOf = new Map(chosen.map(({ site, scratch }) => [site, scratch]));
  for (const candidate of candidates)
    for (const row of rowsOf(chosen, scratchOf, candidate, find)) nameRegister(row, scratchOf, candidates);
  return chosen.map(({ site }) => ({ site, scratch: scratchOf.get(site)! }));
}

function rowsOf(
  chosen: readonly ChosenSite[],
  scratchOf: ReadonlyMap<Site, Scratch>,
  candidate: CandidateTarget,
  find: NeighbourFinder,
): readonly Row[] {
  const rows = new Map<Site, Row>();
  for (const { site } of chosen) {
    const scratch = scratchOf.get(site)!;
    const access = candidate.access(site, scratch);
    const neighbour = access === null ? null : find(site, (other) => candidate.isNative(other, scratchOf.get(other)!));
    const next = neighbour === null ? null : candidate.access(neighbour.next, scratchOf.get(neighbour.next)!);
    if (access === null || neighbour === null || next === null || !areLinkable(access, next, neighbour)) continue;
    const possible = registersAt(site, scratch).filter((name) => canCarry(name, access, next, neighbour));
    const row = rows.get(site) ?? { members: [{ site, scratch, access }], carriers: possible };
    const carriers = row.carriers.filter((name) => possible.includes(name));
    if (carriers.length === 0) continue;
    // By its last site: the next one may prolong it.
    rows.delete(site);
    const last = { site: neighbour.next, scratch: scratchOf.get(neighbour.next)!, access: next };
    rows.set(neighbour.next, { members: [...row.members, last], carriers });
  }
  return [...rows.values()];
}

/** The registers that the macro of a site names, or could name. */
function registersAt(site: Site, { general }: Scratch): readonly string[] {
  if (site.scratch !== null) return general;
  const distance = nearness(site);
  const free = freeAt(site).gr.toSorted((a, b) => distance(a) - distance(b) || a - b);
  return [...general, ...free.map((number) => `r${number}`).filter((name) => !general.includes(name))];
}

function nameRegister(
  { members, carriers }: Row,
  scratchOf: Map<Site, Scratch>,
  candidates: readonly CandidateTarget[],
): void {
  const givers = members.slice(0, -1);
  const named = (name: string) => givers.filter(({ site }) => scratchOf.get(site)!.general.includes(name)).length;
  const written = members.slice(1).map(({ access }) => resourceName(access.register));
  const preference = (name: string) => -givers.length * named(name) - (written.lastIndexOf(name) + 1);
  const [register] = carriers.toSorted((a, b) => preference(a) - preference(b));
  for (const { site, access } of givers) {
    const scratch = scratchOf.get(site)!;
    if (site.scratch === null && !scratch.general.includes(register!))
      scratchOf.set(site, withRegister(site, scratch, access, register!, candidates));
  }
}

/** The register in place of that which the body has the address in, if this costs nothing; else one more. */
function withRegister(
  site: Site,
  scratch: Scratch,
  { register }: ConstantAccess,
  name: string,
  candidates: readonly CandidateTarget[],
): Scratch {
  const { general } = scratch;
  const more = { ...scratch, general: [...general, name] };
  const place = general.indexOf(resourceName(register));
  if (place < 0) return more;
  const changed = { ...scratch, general: general.with(place, name) };
  const price = pricer(site, candidates);
  const isAsGood =
    price(changed) <= price(scratch) && candidates.every((each) => each.obstacle(site, changed) === null);
  return isAsGood ? changed : more;
}
