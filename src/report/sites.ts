/**
 * The part of the report about single sites: their macros, why their scratch registers are free, what targets make of them.
 */

import type { Reason } from '../analysis/liveness/reasons.ts';
import { NO_BRANCH_REGISTER, whyNoCall, whyNoShortCall } from '../expand/branching.ts';
import { clobberedResources } from '../expand/clobbers.ts';
import { type Expansion, expandInPlace, textItems } from '../expand/expansion.ts';
import { INCOMPLETE_FRAME } from '../expand/frame-of-call.ts';
import { NO_HYPERCALLS } from '../expand/hypercalls.ts';
import { type Plan, targetsOf } from '../expand/plan.ts';
import type { ChosenSite, PlannedSite } from '../expand/planned-site.ts';
import { copyText } from '../expand/shared-saves.ts';
import { NO_GENERAL_REGISTER, NO_TWO_REGISTERS } from '../expand/table-calls.ts';
import { registersOf } from '../machine/register-table.ts';
import { nativeText } from '../project/native.ts';
import { asGiven } from '../project/units.ts';
import { PFS, type Scratch, type Site } from '../rewrite/site.ts';
import { macroText } from '../rewrite/spell.ts';
import { groupBy } from './group.ts';
import { handlerAt, handlerOfSite, placesOf } from './handlers.ts';
import type { Fallback, ScratchReport, SiteReport, SiteTargetReport, SourceLocation } from './model.ts';
import { oneLine, placeOf } from './places.ts';
import { dependentRegisters, registerNames, registerRanges } from './registers.ts';

const BRANCH_REGISTERS = registersOf('br').map((register) => register!.name);
/** Those that code has without a register frame, r0 left out. */
const GENERAL_REGISTERS = registersOf('gr')
  .slice(1, 32)
  .map((register) => register!.name);

export type FindConditions = (file: Site['file'], offset: number) => readonly string[];

export function siteReport(
  chosen: ChosenSite,
  plans: readonly Plan[],
  planned: readonly PlannedSite[],
  conditions: FindConditions,
): SiteReport {
  const { site, scratch } = chosen;
  const { surroundings } = site;
  return {
    ...placeOf(site),
    endLine: site.file.position(site.rest.at(-1)?.end ?? site.end).line,
    text: siteText(site),
    operation: site.operation.name,
    handler: handlerOfSite(site),
    within: [...new Set(site.instances.flatMap(({ unit, first }) => handlerAt(unit, first) ?? []))],
    calls: callsOf(site),
    class: site.operation.sensitive ? 'sensitive' : 'privileged',
    macro: macroText(site, scratch),
    place: { kind: surroundings.place, macro: surroundings.define?.name ?? null },
    conditions: conditions(site.file, site.start),
    sources: [...new Set(site.instances.map(({ unit }) => unit.source.name))],
    expanded: site.instances.filter(({ unit }) => unit.configuration === asGiven).length,
    scratch: scratchReports(chosen),
    targets: planned.map((each, index) => siteTarget(each, plans[index]!)),
  };
}

/** A site as spelled, its fused instructions included. */
function siteText({ file, start, end, rest }: Site): string {
  return oneLine([{ start, end }, ...rest].map((span) => file.text.slice(span.start, span.end)).join(' '));
}

function scratchReports({ site, scratch }: ChosenSite): ScratchReport[] {
  const named: { register: string; use: ScratchReport['use'] }[] = [
    ...(scratch.branch === null ? [] : [{ register: scratch.branch, use: 'branch' as const }]),
    ...scratch.general
      .filter((register) => register !== '-')
      .map((register) => ({ register, use: 'general' as const })),
    ...scratch.predicates.map((register) => ({ register, use: 'predicate' as const })),
    ...(scratch.pfs === true ? [{ register: PFS, use: 'call' as const }] : []),
    ...(scratch.through === undefined ? [] : [{ register: scratch.through, use: 'branch' as const }]),
  ];
  return named.map(({ register, use }) => ({ register, use, ...freedom(site, register) }));
}

/** Why a register is free in all places of a site: told for the first, or for the first where it is not. */
function freedom(site: Site, register: string): Omit<ScratchReport, 'register' | 'use'> {
  const reason = reasonAt(site, register);
  if (reason === undefined)
    return {
      free: false,
      reason: 'no configuration of this call reaches the site',
      lastRead: null,
      nextWrites: [],
      places: 0,
    };
  const free = reason.verdict === 'dead';
  return { free, reason: reason.text, ...deadPlaces(reason), places: site.instances.length };
}

function reasonAt(site: Site, register: string): Reason | undefined {
  let first: Reason | undefined;
  for (const { unit, first: instruction } of site.instances) {
    const here = unit.analysis.explain(instruction, register);
    if (here.verdict !== 'dead') return here;
    first ??= here;
  }
  return first;
}

function deadPlaces({ lastRead = null, nextWrites = [] }: Reason): {
  lastRead: SourceLocation | null;
  nextWrites: SourceLocation[];
} {
  return { lastRead: lastRead === null ? null : placeOf(lastRead), nextWrites: nextWrites.map(placeOf) };
}

function siteTarget({ site, scratch, expansion, stops }: PlannedSite, plan: Plan): SiteTargetReport {
  const { kind, instructions, slots, routine } = expansion;
  // A site without instances has parameters in place of registers, so what it changes is unknown.
  const known = site.instances.length > 0;
  return {
    target: plan.choice.label,
    kind,
    instructions,
    stops: expansion.stops,
    slots,
    stopBefore: stops.before,
    stopBehind: stops.behind,
    clobbers: known ? registerNames(expansion.clobbers) : [],
    clobbersMore: known ? clobbersMore(site, expansion) : [],
    routine: routine?.label ?? null,
    shared: sharedReport(expansion),
    reason: kind === 'trap' ? trapReason(site, scratch, plan) : null,
    ...refusedCall(site, scratch, kind, plan),
    fallback: fallback(site, plan),
    longCall: kind === 'branch' && plan.choice.joined === undefined ? longCall(site, scratch, plan) : null,
  };
}

function sharedReport({ shared }: Expansion): SiteTargetReport['shared'] {
  if (shared === undefined) return null;
  const { from, to, address, finds, leaves, saved } = shared;
  return {
    from: from === null ? null : placeOf(from),
    to: to === null ? null : placeOf(to),
    address: { found: finds ? address : null, left: leaves ? address : null },
    saved: saved.map(copyText),
  };
}

export function notCalled(site: Site, scratch: Scratch, kind: SiteTargetReport['kind'], plan: Plan): string | null {
  return refusedCall(site, scratch, kind, plan).notCalled;
}

function refusedCall(
  site: Site,
  scratch: Scratch,
  kind: SiteTargetReport['kind'],
  { choice, fallenBack }: Plan,
): Pick<SiteTargetReport, 'notCalled' | 'notCalledFor' | 'branchesHeld'> {
  let held: readonly HeldRegisters[] = [];
  const texts = () => {
    held = heldRegisters(site, BRANCH_REGISTERS);
    return held.map(({ text }) => text);
  };
  const asked = kind === 'inPlace' && choice.alternative === 'A';
  const reason = asked ? whyNoCall(site, scratch, choice.target, texts) : (fallenBack?.get(site)?.reason ?? null);
  const wanting = !asked && reason !== null && WANTING_BRANCHES.has(reason);
  return {
    notCalled: wanting ? `${reason}: ${texts().join('; ')}` : reason === null ? null : withHolders(site, reason),
    notCalledFor: asked && held.length > 0 ? NO_BRANCH_REGISTER : reason,
    branchesHeld: held.map(({ registers, by }) => ({ registers, by })),
  };
}

/** What a site is that is not what its letter asks for. */
function fallback(site: Site, { fallenBack }: Plan): Fallback | null {
  const found = fallenBack?.get(site);
  if (found === undefined) return null;
  const { next, reason } = found;
  const held = next === null ? [] : holdersFor(site, next);
  const notDirect =
    next === null || next === reason ? null : { reason: next, held: held.length === 0 ? null : held.join('; ') };
  return { instead: INSTEAD[found.instead], notDirect };
}

const INSTEAD = { E: 'e', D: 'd', trap: 't' } as const;

/** Reasons that the report adds to: what holds the registers. */
function withHolders(site: Site, reason: string): string {
  const held = holdersFor(site, reason);
  return held.length === 0 ? reason : `${reason}: ${held.join('; ')}`;
}

function holdersFor(site: Site, reason: string): readonly string[] {
  const wanted = WANTING_BRANCHES.has(reason) ? BRANCH_REGISTERS : WANTING_GENERAL.has(reason) ? GENERAL_REGISTERS : [];
  return heldRegisters(site, wanted).map(({ text }) => text);
}

const WANTING_BRANCHES: ReadonlySet<string> = new Set([NO_BRANCH_REGISTER, NO_TWO_REGISTERS]);
const WANTING_GENERAL: ReadonlySet<string> = new Set([NO_GENERAL_REGISTER]);

function longCall(site: Site, scratch: Scratch, { choice: { target } }: Plan): string | null {
  const reason = whyNoShortCall(site, scratch, target, () => heldRegisters(site, [PFS])[0]?.text ?? null);
  if (reason !== INCOMPLETE_FRAME) return reason;
  const labels = [
    ...new Set(site.instances.flatMap(({ unit: { analysis }, first }) => analysis.incompleteFrom(first))),
  ];
  return labels.length === 0
    ? `${reason}, from code that has no label`
    : `${reason}, from ${labels.join(', ')}; complete = [${labels.map((label) => `"${label}"`).join(', ')}] under [frames] of a convention would say that it never is`;
}

/** Why registers are not free at a site: told for the first place where each is not, alike ones together. */
function heldRegisters(site: Site, wanted: readonly string[]): HeldRegisters[] {
  const taken = wanted.flatMap((register) => {
    const reason = reasonAt(site, register);
    if (reason === undefined || reason.verdict === 'dead') return [];
    return [{ register, by: holder(reason), text: reason.text.replace(`${register} `, '') }];
  });
  return [...groupBy(taken, ({ text }) => text)].map(([text, group]) => {
    const registers = registerRanges(group.map(({ register }) => register));
    const { by } = group[0]!;
    return { registers, by, text: `${registers} ${group.length > 1 ? text.replace(/^is /, 'are ') : text}` };
  });
}

interface HeldRegisters {
  readonly registers: string;
  readonly by: string;
  /** As a sentence. */
  readonly text: string;
}

/** What reads a register that is not free: the name of external code, else a line. */
function holder({ external, instructions }: Reason): string {
  if (external) return external.reader;
  const [first] = instructions;
  return first === undefined ? 'the site itself' : `${placeOf(first).file}:${placeOf(first).line}`;
}

/** Places, each once, at which macros are called that bring a site into code. */
function callsOf({ instances, file, start, end }: Site): SourceLocation[] {
  const calls = new Map<string, SourceLocation>();
  for (const { unit, first } of instances) {
    for (const use of placesOf(unit.analysis.instructions[first]!).slice(1)) {
      if (use.file.name.startsWith('<') || (use.file === file && start <= use.start && use.start < end)) continue;
      const place = placeOf(use);
      calls.set(`${place.file}:${place.line}:${place.column}`, place);
    }
  }
  return [...calls.values()];
}

/** Registers that an expansion changes and the instruction itself would not, where it is met first. */
export function clobbersMore(site: Site, { clobbers }: Pick<Expansion, 'clobbers'>): string[] {
  const native = new Set(nativeClobbers(site));
  return registerNames(clobbers).filter((name) => !native.has(name));
}

/** Registers that the instruction itself changes, where it is met first. */
function nativeClobbers(site: Site): readonly string[] {
  const { operation } = site;
  const { operands, predicates } = site.instances[0]!;
  const text = nativeText(
    operation,
    (name) => operands[operation.slots.findIndex((slot) => slot.name === name)]!,
    (name) => predicates[operation.predicates.indexOf(name)] ?? null,
  );
  const changed = clobberedResources(textItems(text), NO_HYPERCALLS);
  return [...registerNames(changed), ...dependentRegisters(changed)];
}

function trapReason(site: Site, scratch: Scratch, { choice, failures, trapped: left, fallenBack }: Plan): string {
  const failure = failures.find((each) => each.site === site);
  const fallen = fallenBack?.get(site);
  const noCall = fallen?.instead === 'trap' ? withHolders(site, fallen.reason) : null;
  if (failure !== undefined) return noCall ?? failure.reason;
  const unmet = left.get(site);
  if (unmet !== undefined) return noCall === null ? unmet : `${noCall}: it traps`;
  const lacking = targetsOf(choice).find((target) => expandInPlace(site, scratch, target).expansion.kind === 'trap');
  const { name, macros } = lacking ?? choice.target;
  const trapped = `${name} has no body for it${macros.has(site.operation.name) ? ' with these operands' : ''}`;
  return site.operation.sensitive
    ? `${trapped}, and it does not trap`
    : `${trapped}: it traps, and the hypervisor emulates it`;
}
