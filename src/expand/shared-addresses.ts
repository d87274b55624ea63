/**
 * Neighbouring sites that reach memory at fixed addresses, through one address register: the first body loads the address, each
 * access moves the register on to the next one's. That saves the other loads, and the stops behind them. What the last body of
 * such a run uses as its register must be free from the first site on, and nothing between may touch it.
 */
import { bankSetBy } from '../analysis/flow/mode-table.ts';
import type { Effects } from '../machine/effects.ts';
import { resourceNamed } from '../machine/resources.ts';
import { distinctInstances } from '../rewrite/choose.ts';
import type { Instance, Site } from '../rewrite/site.ts';
import { type AddressUse, addressUse, movedOn } from './address-use.ts';
import type { BodyItem } from './body-item.ts';
import type { Expansions } from './calls.ts';
import { type Expansion, measured } from './expansion.ts';
import type { Hypercalls } from './hypercalls.ts';

/** A body that begins with a fixed address. */
interface Accessing {
  readonly site: Site;
  readonly expansion: Expansion;
  readonly use: AddressUse;
}

/** What a walk from one site to the next has passed. */
interface Link {
  readonly to: Accessing;
  readonly between: readonly Effects[];
}

/** The expansions of sites with addresses shared; the others as they are. */
export function withSharedAddresses(expansions: Expansions, hypercalls: Hypercalls): Expansions {
  const accessing = new Map<Site, Accessing>();
  for (const [site, expansion] of expansions) {
    const use = canShare(site, expansion) ? addressUse(expansion) : null;
    if (use !== null) accessing.set(site, { site, expansion, use });
  }
  if (accessing.size < 2) return expansions;
  const links = linksBetween(accessing, expansions);
  const shared = new Map(expansions);
  const done = new Set<Site>();
  for (const first of accessing.values()) {
    if (done.has(first.site)) continue;
    const run = longestRun(first, links);
    for (const [at, { site, expansion }] of run.entries()) {
      if (run.length > 1) shared.set(site, sharing(expansion, run, at, hypercalls));
      done.add(site);
    }
  }
  return shared;
}

/** Its text must be the same wherever it is met, and open to more than one instruction. */
function canShare(site: Site, { kind }: Expansion): boolean {
  const { place, bundle } = site.surroundings;
  if (kind !== 'inPlace' || place === 'argument' || bundle !== null) return false;
  return site.instances.length > 0 && distinctInstances(site).length === 1;
}

/** By site, the one that follows it wherever it stands. */
function linksBetween(accessing: ReadonlyMap<Site, Accessing>, expansions: Expansions): ReadonlyMap<Site, Link> {
  const starts = new Map<string, { site: Site; instance: Instance }>();
  for (const site of expansions.keys())
    for (const instance of site.instances) starts.set(`${instance.unit.id} ${instance.first}`, { site, instance });
  const links = new Map<Site, Link>();
  for (const { site, use } of accessing.values()) {
    if (use.access < 0) continue;
    const between: Effects[] = [];
    const found = site.instances.map((instance) => nextAccess(instance, starts, accessing, expansions, between));
    const [to] = found;
    if (to === undefined || to === null || to.site === site || found.some((each) => each?.site !== to.site)) continue;
    // Each place of the one must be behind a place of the other.
    if (to.site.instances.length === site.instances.length) links.set(site, { to, between });
  }
  return links;
}

/** How far apart neighbours may be: an address register is worth no more. */
const MOST_BETWEEN = 24;

function nextAccess(
  { unit, last }: Instance,
  starts: ReadonlyMap<string, { site: Site; instance: Instance }>,
  accessing: ReadonlyMap<Site, Accessing>,
  expansions: Expansions,
  between: Effects[],
): Accessing | null {
  const { instructions, program } = unit.analysis;
  let at = program.next[last]!;
  for (let passed = 0; at >= 0 && passed < MOST_BETWEEN; passed++) {
    if (unit.labelled.has(at)) return null;
    const start = starts.get(`${unit.id} ${at}`);
    if (start !== undefined) {
      const next = accessing.get(start.site);
      if (next !== undefined) return next;
      between.push(...expansions.get(start.site)!.groups.flat());
      if (start.instance.last > at) at = start.instance.last;
    }
    const { effects, statement } = instructions[at]!;
    const ends = !effects.known || (effects.branch !== null && effects.predicate === 0);
    const calls = effects.branch !== null && effects.branch.kind !== 'jump';
    const switches = statement.kind !== 'instruction' || bankSetBy(statement.mnemonic) !== null;
    if (ends || calls || switches) return null;
    between.push(effects);
    at = program.next[at]!;
  }
  return null;
}

/** The longest run from a site on whose last register is free all along. */
function longestRun(first: Accessing, links: ReadonlyMap<Site, Link>): readonly Accessing[] {
  const run = [first];
  const between: Effects[] = [];
  let best: readonly Accessing[] = run.slice();
  for (let link = links.get(first.site); link !== undefined; link = links.get(link.to.site)) {
    if (run.some(({ site }) => site === link!.to.site)) break;
    between.push(...link.between);
    run.push(link.to);
    if (isPossible(run, between)) best = run.slice();
  }
  return best;
}

function isPossible(run: readonly Accessing[], between: readonly Effects[]): boolean {
  const { register } = run.at(-1)!.use;
  const others = run.slice(0, -1);
  const resource = resourceNamed(register);
  const number = Number(register.slice(1));
  const touches = ({ reads, writes, mayWrites }: Effects) =>
    reads.includes(resource) || writes.includes(resource) || mayWrites.includes(resource);
  if (between.some(touches)) return false;
  const isFree = others.every(({ site, expansion, use }) => {
    if (use.register !== register && expansion.groups.flat().some(touches)) return false;
    return site.instances.every(({ unit, last }) => unit.analysis.freeAt(last).gr.includes(number));
  });
  return isFree && others.every((_, at) => accessText(run, at) !== null);
}

/** The access of a body as it is in a run. */
function accessText(run: readonly Accessing[], at: number): string | null {
  const { expansion, use } = run[at]!;
  const item = expansion.canonical[use.access];
  if (item?.kind !== 'instruction') return null;
  const next = run[at + 1];
  const distance = next === undefined ? null : next.use.address - use.address;
  return movedOn(item.text, use.register, run.at(-1)!.use.register, distance);
}

function sharing(expansion: Expansion, run: readonly Accessing[], at: number, hypercalls: Hypercalls): Expansion {
  const { use } = run[at]!;
  const next = run[at + 1];
  const change = (items: readonly BodyItem[]): BodyItem[] => {
    const changed = items.map((item, index): BodyItem => {
      if (item.kind !== 'instruction' || next === undefined) return item;
      if (index === use.load) return { ...item, text: item.text.replace(use.register, run.at(-1)!.use.register) };
      if (index !== use.access) return item;
      const comment = next.use.symbol === '' ? '' : `${next.use.symbol}-${use.symbol}`;
      return { ...item, text: accessText(run, at)!, comment };
    });
    return at === 0 ? changed : withoutLoad(changed, use.load);
  };
  return {
    ...expansion,
    ...measured(change(expansion.items), change(expansion.canonical), hypercalls),
  };
}

/** Without the load of an address, and the stop behind its group where nothing else is in it. */
function withoutLoad(items: readonly BodyItem[], load: number): BodyItem[] {
  const rest = items.filter((_, index) => index !== load);
  return rest[0]?.kind === 'stop' ? rest.slice(1) : rest;
}
