/**
 * Alternative C: a site loads the address of its routine from a table, and branches to it through a second branch register. Each
 * target has its own routine for each slot of the table; the words in the table select the target.
 */
import { TRUE_PREDICATE } from '../machine/purposes.ts';
import { resourceName } from '../machine/resources.ts';
import type { Operation } from '../project/operations.ts';
import { distinctInstances, type InstanceOperands, type SpareRegisters } from '../rewrite/choose.ts';
import { freeAt } from '../rewrite/free-at.ts';
import type { Scratch, Site } from '../rewrite/site.ts';
import type { BodyItem } from './body-item.ts';
import { callObstacle, type FreshLabels, guardItem, lackOfBranch } from './branching.ts';
import { type Addressing, returnItems, tableCallItems } from './call-templates.ts';
import { clobberedResources } from './clobbers.ts';
import { canonicalFor, derived, type Expansion, expandInPlace, itemText } from './expansion.ts';
import { NO_HYPERCALLS } from './hypercalls.ts';
import { bodyInstruction } from './instructions.ts';
import { bodiesInRoutines, insideRoutine, type JoinedExpansions, temporariesFor, withReturn } from './joint-calls.ts';
import type { ChosenSite } from './planned-site.ts';
import { loadObstacle } from './table-load.ts';
import type { Target } from './target.ts';

/** A word of the table. */
export interface TableSlot {
  /** For example `read_ivr_b6_r24`; it does not depend on the source. */
  readonly name: string;
  readonly operation: Operation;
  /** The registers and numbers that the routine is for. */
  readonly assignment: string;
  readonly addressing: Addressing;
  /** By target, in the order of the joined targets. */
  readonly routines: readonly (readonly BodyItem[])[];
}

export interface TableCall {
  readonly expansion: Expansion;
  readonly slot: TableSlot;
}

export interface TableCalls {
  readonly made: ReadonlyMap<Site, TableCall>;
  /** By site that is no such call: why, in words. */
  readonly refused: ReadonlyMap<Site, string>;
}

export interface TableOptions {
  readonly addressing: (site: Site) => Addressing;
  /** Whether the table can be read without a fault while psr.ic is 0. */
  readonly isPinned: boolean;
}

/** The symbol of a slot. */
export function slotSymbol({ name }: Pick<TableSlot, 'name'>): string {
  return `pv_slot_${name}`;
}

/** The sites that are calls through the table. @param joined in the order of the listing's targets */
export function tableCalls(
  joined: readonly JoinedExpansions[],
  sites: readonly ChosenSite[],
  options: TableOptions & { readonly labels: FreshLabels },
): TableCalls {
  const made = new Map<Site, TableCall>();
  const refused = new Map<Site, string>();
  for (const chosen of sites) {
    const kinds = joined.map(({ inPlace }) => inPlace.get(chosen.site)!.kind);
    if (kinds.every((kind) => kind === 'native' || kind === 'trap')) continue;
    const call = tableCall(joined, chosen, options);
    if (typeof call === 'string') refused.set(chosen.site, call);
    else made.set(chosen.site, call);
  }
  return { made, refused };
}

/** The scratch registers and those that the call also needs; null when the site cannot be such a call. */
export function tableScratch(
  joined: readonly Target[],
  site: Site,
  scratch: Scratch,
  spare: SpareRegisters,
  options: TableOptions,
): Scratch | null {
  const [branch, through] = spare.branches;
  if (branch === undefined || through === undefined || siteObstacle(site, options) !== null) return null;
  const bodies = bodiesInRoutines(joined, site, scratch);
  if (bodies === null) return null;
  const { operands } = distinctInstances(site)[0]!;
  const missing = temporariesNeeded(site, options) - temporariesFor(scratch, operands, bodies).length;
  if (missing > 0 && missing > spare.general.length) return null;
  const more = missing > 0 ? spare.general.slice(0, missing) : [];
  return { ...scratch, branch, through, general: [...scratch.general, ...more] };
}

function siteObstacle(site: Site, { addressing, isPinned }: TableOptions): string | null {
  return callObstacle(site) ?? loadObstacle(site, addressing(site), isPinned);
}

function temporariesNeeded(site: Site, { addressing }: TableOptions): number {
  return addressing(site) === 'absolute' ? 1 : 2;
}

function tableCall(
  joined: readonly JoinedExpansions[],
  { site, scratch }: ChosenSite,
  options: TableOptions & { readonly labels: FreshLabels },
): TableCall | string {
  const obstacle = siteObstacle(site, options);
  if (obstacle !== null) return obstacle;
  const { branch, through } = scratch;
  const instance = distinctInstances(site)[0]!;
  const guarded = site.operation.predicates.length === 1;
  const inside = insideRoutine(site);
  const bodies = joined.map(({ target, inPlace }) => canonicalFor(site, scratch, target, inPlace.get(site)!, inside));
  const [temporary, second] = temporariesFor(scratch, inside.operands, bodies);
  const isShort = temporary === undefined || (second === undefined && temporariesNeeded(site, options) > 1);
  if (branch === null || through === undefined || isShort) return lackOf(site, scratch);
  const way = options.addressing(site);
  const slot: TableSlot = {
    ...namedSlot(joined, { site, scratch }, inside, bodies, way),
    operation: site.operation,
    addressing: way,
    routines: bodies.map((body) => withReturn(body, returnItems(way, branch))),
  };
  const call = tableCallItems(way, {
    ...{ temporary: temporary!, second: second ?? '', branch, through, slot: slotSymbol(slot) },
    ...{ here: options.labels.here, back: options.labels.back },
  });
  const guards = [
    site.predicates[0] ?? null,
    instance.predicates[0] === TRUE_PREDICATE ? null : (instance.predicates[0] ?? null),
  ];
  const [spelled, plain] = guards.map((guard) => call.map((item) => guardItem(item, guarded ? guard : null)));
  const cost = derived(spelled!, plain!, NO_HYPERCALLS);
  const changed = bodies.flatMap((body, index) => clobberedResources(body, joined[index]!.target.hypercalls));
  const clobbers = [...new Set([...cost.clobbers, ...changed])];
  return { expansion: { kind: 'branch', ...cost, clobbers, routine: null }, slot };
}

/** Which registers are missing. The report adds what holds the branch registers. */
function lackOf(site: Site, scratch: Scratch): string {
  const { branch, through } = scratch;
  if (branch !== null && through !== undefined) return NO_GENERAL_REGISTER;
  if (site.scratch !== null) return lackOfBranch(site, scratch) ?? NO_SECOND_REGISTER;
  return freeAt(site).br.length < 2 ? NO_TWO_REGISTERS : NO_GENERAL_REGISTER;
}

const NO_SECOND_REGISTER = 'its macro names no second branch register, behind its other scratch registers';
export const NO_TWO_REGISTERS = 'no two branch registers are free, for the return address and for that of the routine';
export const NO_GENERAL_REGISTER =
  'there are not enough general registers for the addresses: results, or scratch that no body reads';

/** A slot named by everything that its routines depend on: slots with the same name, also of different sources, are the same. */
function namedSlot(
  joined: readonly JoinedExpansions[],
  { site, scratch }: ChosenSite,
  inside: InstanceOperands,
  bodies: readonly (readonly BodyItem[])[],
  addressing: Addressing,
): Pick<TableSlot, 'name' | 'assignment'> {
  const used = new Set(bodies.flatMap(registersOf));
  const guards = inside.predicates.filter((name) => name !== TRUE_PREDICATE);
  const own = [...scratch.general, ...scratch.predicates].filter((name) => used.has(name));
  const names = [scratch.branch!, ...guards, ...inside.operands, ...own];
  // A serialization that is kept after the body is part of the routine.
  const kept = joined.flatMap(({ target }, index) => {
    const { expansion } = expandInPlace(site, scratch, target);
    const plain = canonicalFor(site, scratch, target, expansion, inside);
    const tail = bodies[index]!.slice(plain.length);
    return tail.length === 0 ? [] : [`${target.name} ${tail.map(itemText).join(' ')}`];
  });
  return {
    name: [site.operation.name.toLowerCase(), ...names, ...kept, ...(addressing === 'absolute' ? [] : [addressing])]
      .join('_')
      .replace(/\W+/g, '_'),
    assignment: [...names, ...kept].join(', '),
  };
}

/** General and predicate registers that a body names. */
function registersOf(body: readonly BodyItem[]): string[] {
  return body.flatMap((item) => {
    if (item.kind !== 'instruction') return [];
    const { reads, writes, predicate } = bodyInstruction(item.text).effects;
    return [...reads, ...writes].map(resourceName).concat(predicate > 0 ? [`p${predicate}`] : []);
  });
}
