/** The code of a unit as it stands in the listing of a target, without writing the listing. */
import type { BodyItem } from '../expand/body.ts';
import { bodyInstruction } from '../expand/instructions.ts';
import { makePlan, type Plan, type PlannedSite } from '../expand/plan.ts';
import type { Effects } from '../machine/index.ts';
import type { Unit } from '../rewrite/units.ts';
import { parseTokens, SourceText, type Statement, tokenize } from '../syntax/index.ts';
import type { RuleContext } from './context.ts';

const known = new WeakMap<RuleContext, readonly Plan[]>();

/** The targets' expansions of the sites that are macros; a target that leaves them all as they are needs no plan. */
export function makePlans(context: RuleContext): readonly Plan[] {
  let plans = known.get(context);
  if (plans === undefined) {
    plans = planTargets(context);
    known.set(context, plans);
  }
  return plans;
}

function planTargets({ sites, targets, addressing }: RuleContext): readonly Plan[] {
  const chosen = sites.flatMap((site) => (site.scratch === null ? [] : [{ site, scratch: site.scratch }]));
  // Nothing refers to them here; only that they are labels counts.
  const labels = { here: '1', back: '2' };
  return targets
    .map((choice) => makePlan(choice, chosen, { labels, addressing: (site) => addressing(site.file) }))
    .filter(({ planned }) =>
      planned.some(({ expansion }) => expansion.kind === 'inPlace' || expansion.kind === 'branch'),
    );
}

/** A program as the layout wants it, and for each statement the one of the unit it stands for. */
export interface Code {
  readonly statements: readonly Statement[];
  /** By statement; null for what is no instruction. */
  readonly effects: readonly (Effects | null)[];
  readonly origin: readonly number[];
  /** The statements of expansions: of the unit's own there is none among them. */
  readonly made: ReadonlySet<Statement>;
}

export function asItStands({ analysis }: Unit): Code {
  const { statements } = analysis.program;
  return {
    statements,
    effects: statements.map((_, at) => analysis.instructions[analysis.instructionOf(at)]?.effects ?? null),
    origin: statements.map((_, at) => at),
    made: new Set(),
  };
}

/** The code of a unit with a target's expansions in the place of the macros. */
export function expanded(unit: Unit, plan: Plan): Code {
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
  const made = new Set<Statement>();
  const add = (statement: Statement, does: Effects | null, from: number): void => {
    statements.push(statement);
    effects.push(does);
    origin.push(from);
  };
  analysis.program.statements.forEach((statement, at) => {
    const planned = starts.get(at);
    if (planned !== undefined) {
      for (const { item, does } of itemsOf(planned)) {
        const one = statementOf(item, statement);
        if (one === null) continue;
        made.add(one);
        add(one, does, at);
      }
    }
    if (!inside.has(at)) add(statement, analysis.instructions[analysis.instructionOf(at)]?.effects ?? null, at);
  });
  return { statements, effects, origin, made };
}

interface ListedItem {
  readonly item: BodyItem;
  readonly does: Effects | null;
}

/** An expansion with its stops. What an instruction does is known from its body with canonical registers. */
function itemsOf({ expansion, stops }: PlannedSite): readonly ListedItem[] {
  const effects = expansion.groups.flat();
  let next = 0;
  const items = expansion.items.map((item) => ({ item, does: item.kind === 'instruction' ? effects[next++]! : null }));
  const stop: ListedItem = { item: { kind: 'stop' }, does: null };
  const serialized: ListedItem = { item: { kind: 'directive', text: '.serialize.data' }, does: null };
  return [
    ...(stops.before ? [stop] : []),
    ...(stops.serialize ? [serialized] : []),
    ...items,
    ...(stops.behind ? [stop] : []),
  ];
}

/** An item as a statement; `at` lends it its place in the source. Null for what neither layout nor dependencies know. */
function statementOf(item: BodyItem, { first, last }: Statement): Statement | null {
  if (item.kind === 'stop') return { kind: 'stop', first, last };
  if (item.kind === 'instruction')
    return { ...bodyInstruction(item.text).instruction, mnemonicFirst: first, mnemonicLast: first, first, last };
  if (item.text.endsWith(':')) return { kind: 'label', name: item.text.slice(0, -1), global: false, first, last };
  const directive = parsedDirective(item.text);
  return directive === null ? null : { ...directive, first, last };
}

/** What bodies tell the assembler about dependencies; nothing else in them matters here. */
const DIRECTIVES = /^\.(serialize|mem\.offset)\b/;

function parsedDirective(text: string): Statement | null {
  if (!DIRECTIVES.test(text)) return null;
  return parseTokens(tokenize(new SourceText('<body>', text))).statements[0] ?? null;
}
