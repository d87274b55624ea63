/** How full the slots of the vector tables are, in the source as it stands and in the listing of each target. */
import { layout, vectorSlots } from '../analysis/bundles.ts';
import type { BodyItem } from '../expand/body.ts';
import { bodyInstruction } from '../expand/instructions.ts';
import { makePlan, type Plan, type PlannedSite } from '../expand/plan.ts';
import type { Effects } from '../machine/index.ts';
import type { Unit } from '../rewrite/units.ts';
import type { Statement } from '../syntax/tree.ts';
import type { RuleContext } from './context.ts';
import type { Place } from './finding.ts';

export interface FilledSlot {
  readonly unit: Unit;
  /** The target's label (`xen:a`); null: the source as it stands, on the bare machine. */
  readonly target: string | null;
  /** The directive that opens the slot. */
  readonly place: Place;
  /** The slot's label, or its offset in hexadecimal where it has none. */
  readonly name: string;
  readonly used: number;
  readonly capacity: number;
}

const known = new WeakMap<RuleContext, readonly FilledSlot[]>();

/** All slots of all units, for the source as it stands and for each target that changes it. */
export function filledSlots(context: RuleContext): readonly FilledSlot[] {
  let slots = known.get(context);
  if (slots === undefined) {
    const plans = makePlans(context);
    slots = context.project.units.flatMap((unit) => {
      if (unit.analysis.program.origins.length === 0) return [];
      return [slotsOf(unit, null), ...plans.map((plan) => slotsOf(unit, plan))].flat();
    });
    known.set(context, slots);
  }
  return slots;
}

/** The targets' expansions of the sites that are macros; a target that leaves them all as they are needs no plan. */
function makePlans({ sites, targets, addressing }: RuleContext): readonly Plan[] {
  const chosen = sites.flatMap((site) => (site.scratch === null ? [] : [{ site, scratch: site.scratch }]));
  // Nothing refers to them here; only that they are labels counts.
  const labels = { here: '1', back: '2' };
  return targets
    .map((choice) => makePlan(choice, chosen, { labels, addressing: (site) => addressing(site.file) }))
    .filter(({ planned }) =>
      planned.some(({ expansion }) => expansion.kind === 'inPlace' || expansion.kind === 'branch'),
    );
}

function slotsOf(unit: Unit, plan: Plan | null): readonly FilledSlot[] {
  const { program } = unit.analysis;
  const { statements, effects, origin } = plan === null ? asItStands(unit) : expanded(unit, plan);
  const laid = layout({ tree: { tokens: program.tokens, statements }, effects: (at) => effects[at]! });
  return vectorSlots(laid, statements).flatMap(({ statement, name, offset, used, capacity }) => {
    if (capacity === null) return [];
    const at = program.statements[origin[statement]!]!;
    const first = program.tokens[at.first]!;
    const last = program.tokens[at.last]!;
    const place = { file: first.file, start: first.start, end: last.file === first.file ? last.end : first.end };
    const target = plan?.choice.label ?? null;
    return [{ unit, target, place, name: name ?? `0x${offset.toString(16)}`, used, capacity }];
  });
}

/** A program as the layout wants it, and for each statement the one of the unit it stands for. */
interface Code {
  readonly statements: readonly Statement[];
  readonly effects: readonly (Effects | null)[];
  readonly origin: readonly number[];
}

function asItStands({ analysis }: Unit): Code {
  const { statements } = analysis.program;
  return {
    statements,
    effects: statements.map((_, at) => analysis.instructions[analysis.instructionOf(at)]?.effects ?? null),
    origin: statements.map((_, at) => at),
  };
}

function expanded(unit: Unit, plan: Plan): Code {
  const { analysis } = unit;
  const starts = new Map<number, PlannedSite>();
  const inside = new Set<number>();
  for (const planned of plan.planned) {
    const { kind } = planned.expansion;
    if (kind === 'native' || kind === 'trap') continue;
    for (const instance of planned.site.instances) {
      if (instance.unit !== unit) continue;
      const first = analysis.instructions[instance.first]!.statementIndex;
      const last = analysis.instructions[instance.last]!.statementIndex;
      starts.set(first, planned);
      for (let at = first; at <= last; at++) inside.add(at);
    }
  }
  const statements: Statement[] = [];
  const effects: (Effects | null)[] = [];
  const origin: number[] = [];
  const add = (statement: Statement, does: Effects | null, from: number): void => {
    statements.push(statement);
    effects.push(does);
    origin.push(from);
  };
  analysis.program.statements.forEach((statement, at) => {
    const planned = starts.get(at);
    if (planned !== undefined)
      for (const item of itemsOf(planned)) addItem(item, statement, (made, does) => add(made, does, at));
    if (!inside.has(at)) add(statement, analysis.instructions[analysis.instructionOf(at)]?.effects ?? null, at);
  });
  return { statements, effects, origin };
}

function itemsOf({ expansion, stops }: PlannedSite): readonly BodyItem[] {
  const stop: BodyItem = { kind: 'stop' };
  return [...(stops.before ? [stop] : []), ...expansion.items, ...(stops.behind ? [stop] : [])];
}

/** `at` lends its place in the source to what stands there in the listing. */
function addItem(item: BodyItem, at: Statement, add: (statement: Statement, effects: Effects | null) => void): void {
  const { first, last } = at;
  if (item.kind === 'stop') add({ kind: 'stop', first, last }, null);
  else if (item.kind === 'instruction') {
    const { instruction, effects } = bodyInstruction(item.text);
    add({ ...instruction, first, last }, effects);
  } else if (item.text.endsWith(':'))
    add({ kind: 'label', name: item.text.slice(0, -1), global: false, first, last }, null);
}
