/**
 * Makes vectors fit their slots when the user gives no alternative: sites of such a slot change from body to call, or back, to
 * whichever is shorter there; as few as needed, those first that gain most slots for each instruction executed in addition.
 */
import type { Site } from '../rewrite/site.ts';
import { type Expansions, paddedSlots } from './calls.ts';
import type { Expansion } from './expansion.ts';
import { laidListing } from './laid-listing.ts';
import { unitsWithTables } from './out-of-line.ts';
import type { PlannedSite } from './planned-site.ts';
import { type FilledSlot, filledSlots } from './slots.ts';

type Plan = (made: Expansions) => readonly PlannedSite[];

/** @param chosen the calls so far; returned unchanged when every vector fits, or no vector can be made to fit */
export function fittingCalls(inPlace: Expansions, calls: Expansions, chosen: Expansions, plan: Plan): Expansions {
  const full = fullSlots(plan(chosen));
  if (full.size === 0 || calls.size === 0) return chosen;
  const changes = [...full.values()].map((slot) => new Changes(slot, inPlace, calls, chosen));
  const changed = (): Expansions => {
    const made = new Map(chosen);
    for (const { taken } of changes)
      for (const site of taken)
        if (chosen.has(site)) made.delete(site);
        else made.set(site, calls.get(site)!);
    return made;
  };
  for (const each of changes) each.takeAll();
  const left = fullSlots(plan(changed()));
  for (const each of changes) if (left.has(keyOf(each.slot))) each.giveUp();
  // A binary search for the fewest changes that are enough, in all slots at once: each step is one layout.
  while (changes.some(({ isSettled }) => !isSettled)) {
    for (const each of changes) each.tryHalf();
    const overflowing = fullSlots(plan(changed()));
    for (const each of changes) each.learn(!overflowing.has(keyOf(each.slot)));
  }
  const made = changed();
  const fits = [...fullSlots(plan(made)).keys()].every((key) => full.has(key));
  return made.size === chosen.size && changes.every(({ taken }) => taken.length === 0) ? chosen : fits ? made : chosen;
}

/** The slots that overflow. */
function fullSlots(planned: readonly PlannedSite[]): ReadonlyMap<string, FilledSlot> {
  const slots = unitsWithTables(planned).flatMap((unit) => filledSlots(unit, laidListing(unit, planned), null));
  return new Map(slots.filter(({ used, capacity }) => used > capacity).map((slot) => [keyOf(slot), slot]));
}

function keyOf({ unit, opening }: FilledSlot): string {
  return `${unit.id} ${opening}`;
}

/** The possible changes of a slot, the best first, and the number of them that are made. */
class Changes {
  readonly #all: readonly Site[];
  /** The search interval: this many are enough, and that many are not. */
  #enough: number;
  #tooFew = 0;
  #count = 0;

  constructor(
    readonly slot: FilledSlot,
    inPlace: Expansions,
    calls: Expansions,
    chosen: Expansions,
  ) {
    this.#all = gains(slot, inPlace, calls, chosen);
    this.#enough = this.#all.length;
  }

  get taken(): readonly Site[] {
    return this.#all.slice(0, this.#count);
  }

  get isSettled(): boolean {
    return this.#enough - this.#tooFew <= 1;
  }

  takeAll(): void {
    this.#count = this.#all.length;
  }

  /** Called when all changes together are not enough: none is made. */
  giveUp(): void {
    this.#enough = 0;
    this.#count = 0;
  }

  tryHalf(): void {
    this.#count = this.isSettled ? this.#enough : (this.#enough + this.#tooFew) >> 1;
  }

  learn(fits: boolean): void {
    if (this.isSettled) return;
    if (fits) this.#enough = this.#count;
    else this.#tooFew = this.#count;
    this.#count = this.#enough;
  }
}

/** The sites of a slot that can be shorter, ordered by bundle slots gained for each instruction executed in addition. */
function gains(
  { unit, opening }: FilledSlot,
  inPlace: Expansions,
  calls: Expansions,
  chosen: Expansions,
): readonly Site[] {
  const { instructions, program } = unit.analysis;
  const closing = program.origins.find(({ statement }) => statement > opening)!.statement;
  const found: { site: Site; rate: number }[] = [];
  for (const [site, call] of calls) {
    const times = site.instances.filter((instance) => {
      const at = instance.unit === unit ? instructions[instance.first]!.statementIndex : -1;
      return at > opening && at < closing;
    }).length;
    const body = inPlace.get(site)!;
    const [now, other] = chosen.has(site) ? [call, body] : [body, call];
    const gained = (paddedSlots(now) - paddedSlots(other)) * times;
    if (gained > 0) found.push({ site, rate: gained / Math.max(1, executed(other) - executed(now)) });
  }
  return found.sort((a, b) => b.rate - a.rate).map(({ site }) => site);
}

function executed({ instructions, routine }: Expansion): number {
  return instructions + (routine?.instructions ?? 0);
}
