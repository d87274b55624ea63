/** The layout of a unit's listing with the routines that it calls, as the assembler makes it. */
import { layout } from '../bundles/layout.ts';
import type { Layout } from '../bundles/run.ts';
import type { Unit } from '../project/units.ts';
import type { Statement } from '../syntax/tree.ts';
import { expanded, routineCode } from './code.ts';
import { demandedSlot } from './demanded-slots.ts';
import { type Hypercalls, hypercallOf } from './hypercalls.ts';
import { routinesOf } from './listing.ts';
import type { MovedTail } from './moved-tail.ts';
import type { PlannedSite } from './planned-site.ts';

export interface LaidListing {
  readonly statements: readonly Statement[];
  readonly laid: Layout;
  /** By statement: that of the unit which it comes from; none for routines, which are after the unit's statements. */
  readonly origin: readonly number[];
  /** The statements of expansions and routines: by index, the statement of the unit that each comes from. */
  readonly made: ReadonlyMap<number, Statement>;
}

/** A layout, with the tails that are moved in it. */
interface KnownListing {
  readonly moved: readonly MovedTail[];
  readonly listing: LaidListing;
}

/** Cache of the last layout, by plan and unit: a plan is measured first, and checked in several ways at the end. */
const known = new WeakMap<readonly PlannedSite[], Map<Unit, KnownListing>>();
const NOTHING_MOVED: readonly MovedTail[] = [];

/** @param planned the sites of the plan; those of other units are ignored */
export function laidListing(
  unit: Unit,
  planned: readonly PlannedSite[],
  tails: readonly MovedTail[] = NOTHING_MOVED,
): LaidListing {
  const moved = tails.length === 0 ? NOTHING_MOVED : tails;
  const ofPlan = known.get(planned) ?? new Map<Unit, KnownListing>();
  known.set(planned, ofPlan);
  const last = ofPlan.get(unit);
  if (last?.moved === moved) return last.listing;
  const listing = layListing(unit, planned, moved);
  ofPlan.set(unit, { moved, listing });
  return listing;
}

function layListing(unit: Unit, planned: readonly PlannedSite[], moved: readonly MovedTail[]): LaidListing {
  const { tokens, statements: own } = unit.analysis.program;
  const here = planned.filter(({ site }) => site.instances.some((instance) => instance.unit.id === unit.id));
  const code = expanded(unit, here, moved);
  const behind = routineCode(routinesOf(here), own.at(-1)!);
  const statements = [...code.statements, ...behind.statements];
  const effects = [...code.effects, ...behind.effects];
  const laid = layout({ tree: { tokens, statements }, effects: (at) => effects[at]! });
  const made = new Map<number, Statement>();
  statements.forEach((statement, at) => {
    const from = code.origin[at];
    if (from === undefined) made.set(at, own.at(-1)!);
    else if (code.made.has(statement)) made.set(at, own[from]!);
  });
  return { statements, laid, origin: code.origin, made };
}

/** A hypercall that is not in the slot that it demands. */
export interface MisplacedHypercall {
  readonly name: string;
  readonly slot: number;
  readonly demanded: number;
  /** The statement of the unit whose expansion it belongs to. */
  readonly origin: Statement;
}

/** The hypercalls of expansions and routines that are not in the slot that the target's table demands. */
export function misplacedHypercalls(
  { statements, laid, made }: LaidListing,
  hypercalls: Hypercalls,
): MisplacedHypercall[] {
  const found: MisplacedHypercall[] = [];
  for (const [at, origin] of made) {
    const instruction = statements[at]!;
    if (instruction.kind !== 'instruction') continue;
    const demanded = demandedSlot({ instruction }, hypercalls);
    // The two lowest bits of an instruction's address are its slot.
    const slot = laid.offset[at]! & 3;
    if (demanded === null || slot === demanded) continue;
    found.push({ name: hypercallOf(instruction, hypercalls)!.name, slot, demanded, origin });
  }
  return found;
}
