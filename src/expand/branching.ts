/**
 * Alternative A: the body moves to a shared routine, and the site puts its return address into the branch register that
 * its macro names and branches there. One routine serves all sites of one register assignment.
 */

import { conflicts, type ExclusionTest } from '../dependencies/conflicts.ts';
import { newPredicateReader } from '../dependencies/predicate-reader.ts';
import type { Effects } from '../machine/effects.ts';
import { TRUE_PREDICATE } from '../machine/purposes.ts';
import { classOfName } from '../machine/register-classes.ts';
import { resourceNamed } from '../machine/resources.ts';
import { distinctInstances } from '../rewrite/choose.ts';
import { freeAt } from '../rewrite/free-at.ts';
import { type Instance, PFS, type Scratch, type Site } from '../rewrite/site.ts';
import { expandBody } from './body.ts';
import type { BodyItem } from './body-item.ts';
import { type Addressing, type CallWay, callItems, returnItems } from './call-templates.ts';
import { clobberedResources } from './clobbers.ts';
import { canonicalArguments, derived, type Expansion, type SharedRoutine } from './expansion.ts';
import { addressCandidates, bodyFacts, type CanonicalArguments, scratchForBody } from './facts.ts';
import { frameObstacle } from './frame-of-call.ts';
import type { Hypercalls } from './hypercalls.ts';
import type { Target } from './target.ts';

/** Where routines stand: behind all that the source puts there. */
export const ROUTINE_SECTION = '.text';

/** Numeric labels that no source of the project uses. */
export interface FreshLabels {
  readonly here: string;
  readonly back: string;
  /** What the names of routines begin with: `.Lpvasm`. */
  readonly prefix: string;
}

/** A body as a routine. */
interface RoutineBody {
  readonly site: CanonicalArguments;
  /** Whether the call is predicated. In a run with several predicates, the instructions of the body are, instead. */
  readonly guarded: boolean;
  /** The register that holds the return address before it is moved to the branch register. */
  readonly temporary: string;
}

/** Whether a call could replace the body at a site, if it had a branch register. */
export function canBranch(site: Site, scratch: Scratch, target: Target): boolean {
  return routineBody(site, scratch, target) !== null;
}

/** Whether a `br.call`, which destroys ar.pfs, could replace the body. */
export function canCall(site: Site, scratch: Scratch, target: Target): boolean {
  const found = routineBody(site, scratch, target);
  return found !== null && obstacleInFrame(site, found, target) === null;
}

function obstacleInFrame(site: Site, { site: inside }: RoutineBody, target: Target): string | null {
  const body = expandBody(target, site.operation.name, inside);
  return frameObstacle(site, inside, body.kind === 'body' ? body.items : [], target.hypercalls);
}

function routineBody(site: Site, scratch: Scratch, target: Target): RoutineBody | null {
  if (callObstacle(site) !== null) return null;
  const { operation } = site;
  const guarded = operation.predicates.length === 1;
  const own = canonicalArguments(distinctInstances(site)[0]!, scratch);
  const inside = guarded ? { ...own, predicates: [TRUE_PREDICATE] } : own;
  const { temporary = -1 } = bodyFacts(target, operation, inside) ?? {};
  if (temporary < 0) return null;
  return { site: inside, guarded, temporary: addressCandidates(target, operation, inside)[temporary]! };
}

/** The call of a shared routine in place of a body; null when the site cannot be a call. */
export function expandAsBranch(
  site: Site,
  scratch: Scratch,
  target: Target,
  addressing: Addressing,
  labels: FreshLabels,
): Expansion | null {
  const { branch } = scratch;
  const found = branch === null ? null : routineBody(site, scratch, target);
  if (branch === null || found === null) return null;
  const { guarded, temporary, site: inside } = found;
  const way = scratch.pfs === true && canCall(site, scratch, target) ? 'call' : addressing;
  const body = expandBody(target, site.operation.name, inside);
  const items = body.kind === 'body' ? body.items : [];
  const taken = scratchForBody(target, site.operation, inside.scratch);
  const names = [...inside.predicates, branch, ...inside.operands, ...taken, ...(way === 'call' ? [way] : [])];
  const label = routineLabel(labels.prefix, site, target, names);
  const routine = makeRoutine(label, items, branch, way, target.hypercalls);
  const slots: Record<string, string> = { temporary, branch, routine: label, here: labels.here, back: labels.back };
  const guard = guarded ? site.predicates[0] : null;
  const call = callItems(way, slots);
  const used: BodyItem = { kind: 'directive', text: `.set ${usedSymbol(routine)}, 1` };
  const spelled = [used, ...call.map((item) => guardItem(item, guard ?? null))];
  const canonical = distinctInstances(site)[0]!.predicates[0];
  const plain = call.map((item) => guardItem(item, guarded && canonical !== TRUE_PREDICATE ? canonical! : null));
  const cost = derived(spelled, plain, target.hypercalls);
  const changed = way === 'call' ? changedByCall(branch) : cost.clobbers;
  const clobbers = [...new Set([...changed, ...clobberedResources(items, target.hypercalls)])];
  return { kind: 'branch', ...cost, clobbers, routine };
}

/** Resources that differ after a call and its return; the register frame and ar.ec are restored (SDM vol. 3 ch. 2, br). */
function changedByCall(branch: string): number[] {
  return [resourceNamed(branch), resourceNamed(PFS)];
}

/** Why a site cannot be a call, or a routine would not do what the body does, in words; null when there is no obstacle. */
export function callObstacle(site: Site): string | null {
  const { place, bundle } = site.surroundings;
  if (bundle !== null) return 'it stands in an explicit bundle, which a call would break up';
  if (place === 'argument') return 'it stands in an argument of a macro, where a call has no line of its own';
  if (site.instances.length === 0) return 'no configuration of this call reaches it';
  if (site.instances.some(({ unit }) => unit.runsOut(ROUTINE_SECTION)))
    return 'the last instruction of .text does not leave it, and control would run on into the routine';
  if (site.instances.some(({ unit, first }) => unit.isRelocated(first)))
    return 'its code is copied and run elsewhere, and the copy would not take the routine along';
  if (site.instances.some(({ unit, first }) => unit.mayBeCopied(first)))
    return 'its code may be copied and run elsewhere, as its length is kept (PV024), and the copy would not take the routine along';
  const [first, ...others] = distinctInstances(site);
  const operands = first!.operands.join();
  if (others.some((other) => other.operands.join() !== operands))
    return 'its macro is expanded with several operands, and a routine serves one set';
  const framed = first!.operands.find((operand) => !isAbsoluteOperand(operand));
  if (framed !== undefined) return `${framed} means another register in the frame that a routine runs in`;
  return predicateRelationsNeeded(site)
    ? 'code behind it relies on predicates that exclude each other, which the assembler forgets at the label that a call returns to'
    : null;
}

/**
 * Why a site is expanded in place instead of calling a shared routine.
 *
 * @param liveBranches gives the reason why each branch register is not free; called only if there is no other obstacle
 */
export function whyNoCall(
  site: Site,
  scratch: Scratch,
  target: Target,
  liveBranches: () => readonly string[],
): string | null {
  const obstacle = callObstacle(site);
  if (obstacle !== null) return obstacle;
  const lack = lackOfBranch(site, scratch);
  if (lack === NO_BRANCH_REGISTER) return `${lack}: ${liveBranches().join('; ')}`;
  if (routineBody(site, scratch, target) === null)
    return 'it has no register that could hold the return address for a moment: none of its operands, and its body takes no other';
  return lack;
}

/** Why a site has no branch register that a call could take; null where it has one, or needs none for another reason. */
export function lackOfBranch(site: Site, { branch }: Scratch): string | null {
  if (branch !== null) return null;
  if (freeAt(site).br.length === 0) return NO_BRANCH_REGISTER;
  return site.scratch === null ? null : NO_NAMED_REGISTER;
}

/** Which ones are not, and why, takes the analysis to say. */
export const NO_BRANCH_REGISTER = 'no branch register is free for the return address';
const NO_NAMED_REGISTER = 'its macro names no branch register for the return address, although one is free';

/**
 * Why the call of a shared routine that stands at a site takes three instructions and not one, which `br.call` would do; null: it
 * takes one.
 *
 * @param livePfs why ar.pfs may not be taken; null: it may
 */
export function whyNoShortCall(
  site: Site,
  scratch: Scratch,
  target: Target,
  livePfs: () => string | null,
): string | null {
  const found = routineBody(site, scratch, target);
  if (found === null || (scratch.pfs === true && canCall(site, scratch, target))) return null;
  const live = livePfs();
  if (live !== null) return live;
  return obstacleInFrame(site, found, target) ?? `its macro does not name ${PFS}`;
}

function predicateRelationsNeeded(site: Site): boolean {
  let needed = relationsNeeded.get(site);
  if (needed === undefined) {
    needed = site.instances.some((instance) => mayNeedRelations(instance) && needsPredicateRelations(instance));
    relationsNeeded.set(site, needed);
  }
  return needed;
}

/** Cache: the answer is the same for all targets. */
const relationsNeeded = new WeakMap<Site, boolean>();

/** By unit and instruction: whether some instruction group from there to the next label has different predicates. */
const predicatesDiffer = new WeakMap<Instance['unit'], Map<number, boolean>>();

/**
 * A quick test: whether some instruction group from a site to the next label has instructions under different predicates. The
 * result is cached for all instructions on the way: else each site of a large source would read it to its end.
 */
function mayNeedRelations({ unit, last }: Instance): boolean {
  const { instructions, program } = unit.analysis;
  const known = predicatesDiffer.get(unit) ?? new Map<number, boolean>();
  predicatesDiffer.set(unit, known);
  const passed: number[] = [];
  const guards = new Set<number>();
  let differ = false;
  for (let at = program.next[last]!; at >= 0 && !differ && !unit.labelled.has(at); at = program.next[at]!) {
    const before = known.get(at);
    if (before !== undefined) {
      differ = before;
      break;
    }
    const { effects, group } = instructions[at]!;
    const previous = program.previous[at]!;
    if (passed.length === 0) noteGuards(unit, previous, group, guards);
    else if (group !== instructions[previous]!.group) guards.clear();
    passed.push(at);
    if (effects.predicate > 0) guards.add(effects.predicate);
    differ = guards.size > 1;
    if (effects.branch !== null && effects.predicate === 0) break;
  }
  for (const at of passed) known.set(at, differ);
  return differ;
}

/** Adds the predicates of a group's instructions, from one of them backwards. */
function noteGuards({ analysis }: Instance['unit'], from: number, group: number, guards: Set<number>): void {
  const { instructions, program } = analysis;
  for (let at = from; at >= 0 && instructions[at]!.group === group; at = program.previous[at]!) {
    const { predicate } = instructions[at]!.effects;
    if (predicate > 0) guards.add(predicate);
  }
}

/**
 * Whether the code after a site is correct only because some predicates set before the site exclude each other. A call returns to
 * a label, and at a label the assembler forgets which predicates exclude each other; it would report a dependency violation in a
 * group that relies on that. Relations that follow from code after the site it learns again.
 */
export function needsPredicateRelations({ unit, last }: Pick<Instance, 'unit' | 'last'>): boolean {
  const { instructions, program } = unit.analysis;
  const learned = newPredicateReader();
  let group: Effects[] = [];
  for (let at = program.next[last]!; at >= 0 && !unit.labelled.has(at); at = program.next[at]!) {
    const { effects, group: number, statement } = instructions[at]!;
    const previous = instructions[program.previous[at]!]!;
    if (number !== previous.group) group = [];
    for (let each = previous.statementIndex + 1; each < instructions[at]!.statementIndex; each++)
      learned.directive(program.statements[each]!, program.tokens);
    if (reliesOnRelations(group, effects, learned.exclude)) return true;
    group.push(effects);
    if (effects.branch !== null && effects.predicate === 0) return false;
    if (statement.kind === 'instruction') learned.instruction(statement, effects);
  }
  return false;
}

/** @param learned whether two predicates exclude each other by the code after the site */
function reliesOnRelations(group: readonly Effects[], effects: Effects, learned: ExclusionTest): boolean {
  if (effects.predicate <= 0) return false;
  const others = group.filter(({ predicate }) => predicate > 0 && predicate !== effects.predicate);
  if (!others.some((before) => before.writes.some((resource) => touches(effects, resource)))) return false; // mostly
  return conflicts(group, [effects], learned).length > conflicts(group, [effects], different).length;
}

function touches({ reads, writes, consults }: Effects, resource: number): boolean {
  return reads.includes(resource) || writes.includes(resource) || consults?.includes(resource) === true;
}

const different = (a: number, b: number): boolean => a !== b;

/** The symbol that a call defines, so that `.ifdef` assembles the routine only if some call was assembled. */
export function usedSymbol(routine: SharedRoutine): string {
  return `${routine.label}_used`;
}

/** Whether an operand has the same meaning in a routine: a name relative to the register frame (`out0`) has not. */
function isAbsoluteOperand(operand: string): boolean {
  const kind = classOfName(operand);
  return kind === 'gr' || kind === 'ar' || /^-?\d+$/.test(operand);
}

function routineLabel(prefix: string, site: Site, target: Target, names: readonly string[]): string {
  const parts = [target.name, site.operation.name.toLowerCase(), ...names.filter((name) => name !== TRUE_PREDICATE)];
  return `${prefix}_${parts.join('_').replace(/[^\w]/g, '_')}`;
}

function makeRoutine(
  label: string,
  body: readonly BodyItem[],
  branch: string,
  way: CallWay,
  hypercalls: Hypercalls,
): SharedRoutine {
  const whole = [...body, ...returnItems(way, branch)];
  const { items, groups, instructions, stops, slots } = derived(whole, whole, hypercalls);
  return { label, items, groups, instructions, stops, slots };
}

export function guardItem(item: BodyItem, predicate: string | null): BodyItem {
  return item.kind === 'instruction' && predicate !== null ? { ...item, text: `(${predicate}) ${item.text}` } : item;
}
