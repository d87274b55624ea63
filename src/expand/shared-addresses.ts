/**
 * Neighbouring sites share an address: where the bodies of both access memory at constant addresses, the first leaves the address
 * of the second in a register, by an access that adds to its base, and the second does not make one. The register is an argument of
 * the first site's macro, so it is free behind that site, and nobody reads it but the second.
 */
import { resourceNamed } from '../machine/resources.ts';
import { areLinkable, canCarry } from '../rewrite/constant-access.ts';
import type { Neighbour } from '../rewrite/neighbours.ts';
import type { Scratch, Site } from '../rewrite/site.ts';
import type { BodyItem } from './body-item.ts';
import type { Expansions } from './calls.ts';
import { derived, type Expansion, NOTHING_SHARED } from './expansion.ts';
import type { Hypercalls } from './hypercalls.ts';
import { type PageAccess, pageAccess, stepped, withBase, withResult } from './page-accesses.ts';
import { hasOneText, type Sharing } from './sharing.ts';

/** What a body leaves in its register: an address, and what the address is called. */
interface Left {
  readonly to: Site;
  readonly by: bigint;
  readonly name: string;
}

/** The expansions of a target, those of neighbours with their addresses shared. */
export function shareAddresses(expansions: Expansions, { sites, find, hypercalls, apart }: Sharing): Expansions {
  const accessOf = (site: Site): PageAccess | null =>
    apart.has(site) || !hasOneText(site) ? null : pageAccess(expansions.get(site)!, hypercalls);
  const isPlain = (site: Site) => expansions.get(site)!.kind === 'native';
  const scratchOf = new Map(sites.map(({ site, scratch }) => [site, scratch]));
  const shared = new Map<Site, { register: string; from: Site | null; left: Left | null }>();
  for (const { site, scratch } of sites) {
    const access = accessOf(site);
    const neighbour = access === null ? null : find(site, isPlain);
    const next = neighbour === null ? null : accessOf(neighbour.next);
    if (access === null || neighbour === null || next === null || !areLinkable(access, next, neighbour)) continue;
    const own = shared.get(site) ?? null;
    const by = next.address - access.address;
    const register = carrier(
      { scratch, access, held: own?.register ?? null, by },
      { scratch: scratchOf.get(neighbour.next)!, access: next },
      neighbour,
    );
    if (register === undefined) continue;
    const name = commentOf(expansions.get(neighbour.next)!.items[next.addressAt]!) || neighbour.next.operation.name;
    shared.set(site, { register, from: own?.from ?? null, left: { to: neighbour.next, by, name } });
    shared.set(neighbour.next, { register, from: site, left: null });
  }
  if (shared.size === 0) return expansions;
  const result = new Map(expansions);
  for (const [site, { register, from, left }] of shared) {
    const made = withShared(
      expansions.get(site)!,
      accessOf(site)!,
      { register, isGiven: from !== null, left },
      hypercalls,
    );
    const shared = { ...NOTHING_SHARED, address: register, from, to: left?.to ?? null };
    result.set(site, { ...made, shared: { ...shared, finds: from !== null, leaves: left !== null } });
  }
  return result;
}

/** A register for the address, one that the next site's macro names, too, if there is one; undefined where there is none. */
function carrier(
  first: { scratch: Scratch; access: PageAccess; held: string | null; by: bigint },
  next: { scratch: Scratch; access: PageAccess },
  neighbour: Neighbour,
): string | undefined {
  const { held, by } = first;
  const named = first.scratch.general;
  // A body may step an address that another one has left only in a register that its own macro names.
  const usable = held === null ? named : by === 0n || named.includes(held) ? [held] : [];
  const access =
    held === null
      ? first.access
      : { ...first.access, register: resourceNamed(held), isKept: !first.access.written.has(resourceNamed(held)) };
  const found = usable.filter((name) => canCarry(name, access, next.access, neighbour));
  return found.find((name) => next.scratch.general.includes(name)) ?? found[0];
}

function commentOf(item: BodyItem): string {
  return item.kind === 'instruction' ? item.comment : '';
}

function withShared(
  { items, canonical }: Expansion,
  access: PageAccess,
  sharing: { register: string; isGiven: boolean; left: Left | null },
  hypercalls: Hypercalls,
): Expansion {
  const change = (body: readonly BodyItem[]) => sharedItems(body, access, sharing);
  return { kind: 'inPlace', ...derived(change(items), change(canonical), hypercalls), routine: null };
}

function sharedItems(
  items: readonly BodyItem[],
  { addressAt, accessAt, register: own }: PageAccess,
  { register, isGiven, left }: { register: string; isGiven: boolean; left: Left | null },
): BodyItem[] {
  const isMoved = resourceNamed(register) !== own;
  const address = items[addressAt]!;
  return items.flatMap((item, at): BodyItem[] => {
    if (at === addressAt) return isGiven ? [] : [isMoved ? withResult(item, register) : item];
    // The stop behind the address goes with it.
    if (at === addressAt + 1 && isGiven) return [];
    if (at !== accessAt) return [item];
    const based = isMoved ? withBase(item, register) : item;
    const access = left === null || left.by === 0n ? based : stepped(based, left.by);
    const comments = [isGiven ? commentOf(address) : '', left === null || left.by === 0n ? '' : `then ${left.name}`];
    return [{ ...access, comment: comments.filter((each) => each !== '').join(', ') } as BodyItem];
  });
}
