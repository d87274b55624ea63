/**
 * Neighbouring sites save a register once: where a body ends with a register restored from its copy, and the next one begins with
 * the same copy, that is there already, unless something between has written one of the two. The restore stays, as every body
 * leaves what is no argument of its macro as it was.
 */
import { PR, resourceName } from '../machine/resources.ts';
import type { Neighbour } from '../rewrite/neighbours.ts';
import type { Site } from '../rewrite/site.ts';
import type { BodyItem } from './body-item.ts';
import type { Expansions } from './calls.ts';
import { type Copy, generalCopy } from './clobbers.ts';
import { derived, type Expansion, NOTHING_SHARED } from './expansion.ts';
import type { Hypercalls } from './hypercalls.ts';
import { bodyInstruction } from './instructions.ts';
import { hasOneText, type Sharing } from './sharing.ts';

/** Registers that hold the same values in front of a site, as its neighbour has left them. */
interface Left {
  readonly from: Site;
  readonly copies: readonly Copy[];
  /** The qualifying predicate that this is true under. */
  readonly predicate: number;
}

/** The expansions of a target, without saves of what a neighbour has saved. */
export function shareSaves(expansions: Expansions, { sites, find, hypercalls, apart }: Sharing): Expansions {
  const result = new Map(expansions);
  const isOpen = (site: Site) =>
    result.get(site)!.kind === 'inPlace' &&
    !apart.has(site) &&
    hasOneText(site) &&
    site.operation.predicates.length < 2;
  const isPlain = (site: Site) => result.get(site)!.kind === 'native';
  const leftFor = new Map<Site, Left>();
  for (const { site } of sites) {
    if (!isOpen(site)) continue;
    const left = leftFor.get(site) ?? null;
    const read = readBody(result.get(site)!.canonical, predicateOf(site), left, hypercalls);
    const shorter = left === null ? null : withoutSaves(result.get(site)!, read.saves, left, hypercalls);
    if (left !== null && shorter !== null) {
      const before = result.get(left.from)!;
      const relied = read.saves.map(({ copy }) => copy);
      result.set(site, {
        ...shorter,
        shared: { ...NOTHING_SHARED, ...shorter.shared, from: left.from, saved: relied },
      });
      result.set(left.from, {
        ...before,
        shared: { ...NOTHING_SHARED, ...before.shared, to: site, left: relied },
      });
    }
    const neighbour = read.copies.length === 0 ? null : find(site, isPlain);
    if (neighbour === null || !isOpen(neighbour.next)) continue;
    const copies = copiesLeft(site, read, neighbour);
    if (copies.length > 0) leftFor.set(neighbour.next, { from: site, copies, predicate: predicateOf(site) });
  }
  return result;
}

/** What is the same behind a site is so in front of the next, if nothing between writes it, and the next is executed only if this one was. */
function copiesLeft(site: Site, read: ReadBody, { next, written }: Neighbour): readonly Copy[] {
  const predicate = predicateOf(site);
  const isChanged = written.has(PR(predicate)) || read.written.has(PR(predicate));
  if (predicate !== 0 && (predicate !== predicateOf(next) || isChanged)) return [];
  return read.copies.filter(({ of, to }) => !written.has(of) && !written.has(to));
}

/** The number of the one predicate of a site; 0 where it has none. */
function predicateOf({ instances: [first] }: Site): number {
  return Number(first!.predicates[0]?.slice(1) ?? 0);
}

interface ReadBody {
  /** The instructions that copy what is copied already. */
  readonly saves: readonly { readonly at: number; readonly copy: Copy }[];
  /** The copies that there are behind the body. */
  readonly copies: readonly Copy[];
  readonly written: ReadonlySet<number>;
}

/** Follows values through a body. A value is called by the register that had it in front of the body, or by a number of its own. */
function readBody(items: readonly BodyItem[], predicate: number, left: Left | null, hypercalls: Hypercalls): ReadBody {
  const values = new Map<number, number>((left?.copies ?? []).map(({ of, to }) => [to, of]));
  const valueIn = (register: number) => values.get(register) ?? register;
  const saves: { at: number; copy: Copy }[] = [];
  const written = new Set<number>();
  let fresh = -1;
  items.forEach((item, at) => {
    if (item.kind !== 'instruction') return;
    const { effects } = bodyInstruction(item.text, hypercalls);
    const always = effects.predicate === 0 || effects.predicate === predicate;
    const copy = always ? generalCopy(item, hypercalls) : null;
    const isGiven = left !== null && effects.predicate === predicate;
    if (copy !== null && isGiven && valueIn(copy.to) === valueIn(copy.of)) saves.push({ at, copy });
    else for (const register of effects.writes) values.set(register, copy === null ? fresh-- : valueIn(copy.of));
    for (const register of effects.writes) written.add(register);
  });
  const copies = [...values].flatMap(([to, of]) => (of >= 0 && to !== of && valueIn(of) === of ? [{ of, to }] : []));
  return { saves, copies, written };
}

/** A body without these instructions; null where there is none to leave out, or its bundles are explicit. */
function withoutSaves(
  { items, canonical, ...whole }: Expansion,
  saves: ReadBody['saves'],
  { copies }: Left,
  hypercalls: Hypercalls,
): Expansion | null {
  if (saves.length === 0 || canonical.some(({ kind }) => kind === 'directive')) return null;
  const isLeftOut = new Set(saves.map(({ at }) => at));
  const rest = (body: readonly BodyItem[]) => {
    const kept = body.filter((_, at) => !isLeftOut.has(at));
    return kept.filter(({ kind }, at) => kind !== 'stop' || (at > 0 && kept[at - 1]!.kind !== 'stop'));
  };
  return { ...whole, ...derived(rest(items), rest(canonical), hypercalls, copies) };
}

/** In words: `r8 in r18`. */
export function copyText({ of, to }: Copy): string {
  return `${resourceName(of)} in ${resourceName(to)}`;
}
