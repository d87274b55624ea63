/**
 * Moves tails of vectors that do not fit their slots out of line. A slot is divided at the last cut at which the rest fits and
 * control does not fall through, which costs nothing; else at the last cut at which the rest fits together with a branch.
 */
import { asGiven, type Unit } from '../project/units.ts';
import { withoutSplices } from '../syntax/splice.ts';
import { needsPredicateRelations } from './branching.ts';
import { type Cut, cutsOf, type SlotCuts } from './cuts.ts';
import { type LaidListing, laidListing } from './laid-listing.ts';
import type { MovedTail } from './moved-tail.ts';
import type { PlannedSite } from './planned-site.ts';
import { type FilledSlot, filledSlots } from './slots.ts';

export interface Room {
  /** By source and the order of its slots. */
  readonly moved: readonly MovedTail[];
  /** Slots that still do not fit, with advice. */
  readonly stuck: readonly StuckSlot[];
}

export interface StuckSlot {
  readonly unit: Unit;
  readonly opening: number;
  readonly advice: string;
}

export const ENOUGH_ROOM: Room = { moved: [], stuck: [] };

/** Moves tails, so that all vectors fit in the configuration as given. */
export function makeRoom(planned: readonly PlannedSite[]): Room {
  const units = unitsWithTables(planned);
  if (units.length === 0) return ENOUGH_ROOM;
  const rooms = units.map((unit) => roomIn(unit, planned));
  return { moved: rooms.flatMap(({ moved }) => moved), stuck: rooms.flatMap(({ stuck }) => stuck) };
}

/** The units as given, of the sources of the sites, that have a table of vectors. */
export function unitsWithTables(planned: readonly Pick<PlannedSite, 'site'>[]): readonly Unit[] {
  const units = new Set<Unit>();
  for (const { site } of planned)
    for (const { unit } of site.instances)
      if (unit.configuration === asGiven && unit.analysis.program.origins.length > 0) units.add(unit);
  return [...units].sort((a, b) => a.id - b.id);
}

function roomIn(unit: Unit, planned: readonly PlannedSite[]): Room {
  const listing = laidListing(unit, planned);
  const full = overflowing(unit, listing);
  if (full.length === 0) return ENOUGH_ROOM;
  const insides = insideSites(unit, planned);
  const ends = bundleEnds(unit, listing);
  const names = new Set<string>();
  const slots = full.map((slot) => new CrowdedSlot(slot, insides, ends, freshName(slot, names)));
  // The head was measured together with the tail. By itself its last bundles may be packed differently, so that it may still be too
  // long and has to be divided earlier.
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const moved = slots.flatMap(({ tail }) => tail ?? []);
    const still = new Map(overflowing(unit, laidListing(unit, planned, moved)).map((slot) => [slot.opening, slot]));
    const again = slots.filter(({ tail, slot: { opening } }) => tail !== null && still.has(opening));
    if (again.length === 0) break;
    for (const slot of again) slot.shorten(still.get(slot.slot.opening)!);
  }
  return {
    moved: slots.flatMap(({ tail }) => tail ?? []),
    stuck: slots.flatMap((slot) =>
      slot.tail === null ? [{ unit, opening: slot.slot.opening, advice: slot.advice() }] : [],
    ),
  };
}

const MOST_ROUNDS = 8;

function overflowing(unit: Unit, listing: LaidListing): FilledSlot[] {
  return filledSlots(unit, listing, null).filter(({ used, capacity }) => used > capacity);
}

/** A slot that overflows, and the cut that was chosen for it. */
class CrowdedSlot {
  tail: MovedTail | null = null;
  readonly #cuts: SlotCuts | string;
  #limit: number;

  /**
   * @param insides statements of sites but the first of each
   * @param ends by statement, how many bundles of its section are full in front of it
   * @param label for the tail
   */
  constructor(
    readonly slot: FilledSlot,
    insides: ReadonlySet<number>,
    readonly ends: Int32Array,
    readonly label: string,
  ) {
    const { unit, opening, capacity } = slot;
    const closing = unit.analysis.program.origins.find(({ statement }) => statement > opening)!.statement;
    this.#cuts = cutsOf({ unit, opening, closing }, (at) => insides.has(at));
    this.#limit = capacity;
    this.#choose();
  }

  /** Chooses an earlier cut, because the head was still too long. */
  shorten({ used, capacity }: FilledSlot): void {
    this.#limit -= used - capacity;
    this.#choose();
  }

  /** What would help, in words. */
  advice(): string {
    if (typeof this.#cuts === 'string') return `its tail cannot move out of line: ${this.#cuts}`;
    const [first] = this.#cuts.cuts;
    if (first === undefined) return `its tail cannot move out of line: ${HELP} would help`;
    const { line } = this.slot.unit.source.position(first.start);
    return `its tail cannot move out of line before line ${line}, behind bundle ${this.#headOf(first)}: ${HELP} before that would help`;
  }

  /** Bundles before a cut, including the branch to the tail. */
  #headOf({ statement, from }: Cut): number {
    return this.ends[statement]! - this.ends[this.slot.opening + 1]! + (from < 0 ? 0 : 1);
  }

  #choose(): void {
    this.tail = null;
    if (typeof this.#cuts === 'string') return;
    const { unit, name, used } = this.slot;
    const fitting = this.#cuts.cuts.filter((cut) => this.#headOf(cut) <= this.#limit);
    const cut =
      fitting.findLast(({ from }) => from < 0) ??
      fitting.findLast(({ from }) => !needsPredicateRelations({ unit, last: from }));
    if (cut === undefined) return;
    const falls = cut.from >= 0;
    this.tail = {
      ...{ file: unit.source, vector: name, label: this.label, falls, routine: cut.routine },
      start: cut.start,
      end: this.#cuts.end,
      bundles: used - this.#headOf(cut) + (falls ? 1 : 0),
    };
  }
}

/** What {@link cutsOf} looks for. */
const HELP = 'a line behind a stop, in no macro, no #if and no routine with unwind directives,';

/** The statements of sites but the first of each: no cut may be before them. */
function insideSites(unit: Unit, planned: readonly PlannedSite[]): ReadonlySet<number> {
  const { instructions } = unit.analysis;
  const insides = new Set<number>();
  for (const { site } of planned)
    for (const instance of site.instances) {
      if (instance.unit !== unit) continue;
      const last = instructions[instance.last]!.statementIndex;
      for (let at = instructions[instance.first]!.statementIndex + 1; at <= last; at++) insides.add(at);
    }
  return insides;
}

/** By statement of the unit: bundles of the section up to the end of the code before it, since the last `.org`. */
function bundleEnds(unit: Unit, { laid, origin, statements }: LaidListing): Int32Array {
  const ends = new Int32Array(unit.analysis.program.statements.length + 1);
  const origins = new Set(laid.origins.map(({ statement }) => statement));
  let section = -1;
  let reached = 0;
  let next = 0;
  origin.forEach((from, at) => {
    for (; next <= from; next++) ends[next] = reached;
    const offset = laid.offset[at]!;
    if (offset < 0) return;
    if (origins.has(at)) {
      section = laid.section[at]!;
      reached = Math.floor(offset / BUNDLE);
    } else if (laid.section[at] === section || section < 0)
      reached = Math.max(reached, Math.floor(offset / BUNDLE) + (statements[at]!.kind === 'label' ? 0 : 1));
  });
  for (; next < ends.length; next++) ends[next] = reached;
  return ends;
}

const BUNDLE = 16;

/** A label for a slot's tail that occurs nowhere in the source. */
function freshName({ unit, name }: FilledSlot, taken: Set<string>): string {
  const stem = /^[A-Za-z_]\w*$/.test(name) ? `${name}_tail` : `vector_${name.replace(/\W/g, '_')}_tail`;
  const isTaken = (label: string) =>
    taken.has(label) || unit.preprocessed.files.some(({ text }) => withoutSplices(text).includes(label));
  let label = stem;
  for (let number = 2; isTaken(label); number++) label = `${stem}${number}`;
  taken.add(label);
  return label;
}
