/**
 * Whether a path leads from where a value is lost to its reader on which predicates do not contradict each other. The search
 * that finds the reader joins paths, and so knows of none what its branches say; this one walks them, one by one, for the few
 * readers that are found. Requires: the graph.
 */
import type { Conventions } from '../../config/conventions.ts';
import type { Effects } from '../../machine/effects.ts';
import { isPredicate, isStacked, predicateNumber, registerOf } from '../../machine/register-numbers.ts';
import { certainTargets } from '../flow/certain-targets.ts';
import { EXTERNAL } from '../flow/flow.ts';
import type { Node } from '../flow/graph.ts';
import { PredicateFacts } from '../flow/predicate-facts.ts';
import type { ClobberedRead } from './gone.ts';
import { linkedJump } from './linked-jumps.ts';
import type { Solution } from './program-points.ts';

/** Most steps of the search. Paths with the same facts are searched once; beyond the limit a path counts as feasible. */
const MOST_STEPS = 5_000;

interface Step {
  readonly node: Node;
  readonly position: number;
  readonly facts: PredicateFacts;
}

/** False: on every path to the reader some predicate would have to be both true and false. */
export function isFeasible(solution: Solution, read: ClobberedRead, register: number): boolean {
  const queue = startsOf(solution, read);
  if (queue.length === 0) return true;
  const seen = new Set<string>();
  for (let at = 0; at < queue.length; at++) {
    if (at >= MOST_STEPS) return true;
    const step = queue[at]!;
    const key = `${step.node.id} ${step.position} ${step.facts.key}`;
    if (seen.has(key)) continue;
    seen.add(key);
    const end = followNode(step, read.instruction, register);
    if (end === 'read') return true;
    if (end !== null) queue.push(...stepsFrom(solution, step.node, end, register));
  }
  return false;
}

/** Where the value is lost; none: that is not followed. */
function startsOf(solution: Solution, { kind, by }: ClobberedRead): Step[] {
  const { graph } = solution;
  const facts = atFirst(solution);
  const holding = graph.nodes.filter(({ code }) => code[0]!.index <= by && by <= code.at(-1)!.index);
  switch (kind) {
    case 'call':
      return holding.flatMap((node) => {
        const next = graph.nodes[linkedJump(solution, node)?.back ?? node.exit.next];
        return next === undefined
          ? []
          : [{ node: next, position: 0, facts: behindCall(solution, node, entering(solution, node)) }];
      });
    case 'frame':
      return holding.map((node) => ({ node, position: by - node.code[0]!.index + 1, facts }));
    case 'entry':
    case 'routine':
      return holding.filter(({ code }) => code[0]!.index === by).map((node) => ({ node, position: 0, facts }));
    case 'fault':
      return [];
  }
}

const known = new WeakMap<Conventions, PredicateFacts>();

/** What conventions say of predicates. */
function atFirst({ conventions }: Solution): PredicateFacts {
  const facts = known.get(conventions) ?? exclusions(conventions);
  known.set(conventions, facts);
  return facts;
}

function exclusions(conventions: Conventions): PredicateFacts {
  let facts = PredicateFacts.none;
  for (const predicates of conventions.exclusive.map((registers) => registers.map(predicateNumber)))
    for (const one of predicates) for (const other of predicates) if (one < other) facts = facts.withPair(one, other);
  return facts;
}

/** What the pairs of a node's own predicates say at its end. */
function entering(solution: Solution, { code, pair, bank }: Node): PredicateFacts {
  return code.reduce((facts, instruction, position) => {
    const { predicate } = instruction.effects;
    return facts.withPair(predicate, pair[position]!).after(instruction, registerOf[bank]);
  }, atFirst(solution));
}

/** 'read': the reader is met; null: the value is there again, or control cannot come here; else what is known at the end. */
function followNode({ node, position, facts }: Step, reader: number, register: number): PredicateFacts | 'read' | null {
  const toRegister = registerOf[node.bank];
  let known = facts;
  for (let at = position; at < node.code.length; at++) {
    const instruction = node.code[at]!;
    const { effects, index } = instruction;
    known = known.withPair(effects.predicate, node.pair[at]!);
    if (index === reader && (effects.predicate <= 0 || known.assume(effects.predicate, true) !== null)) return 'read';
    if (!effects.known) return null;
    if (writesSurely(effects, toRegister, register)) return null;
    known = known.after(instruction, toRegister);
  }
  return known;
}

/** A general register counts as written under a predicate too; a predicate may hold what it held before. */
function writesSurely(effects: Effects, toRegister: Int16Array, register: number): boolean {
  const { writes, predicate, unconditionalWrites, form, branch } = effects;
  if ((form?.parallel?.length ?? 0) > 0 || branch?.kind === 'return') return false;
  const resource = writes.find((each) => toRegister[each] === register);
  if (resource === undefined) return false;
  return !isPredicate(register) || predicate === 0 || unconditionalWrites?.includes(resource) === true;
}

function stepsFrom(solution: Solution, node: Node, facts: PredicateFacts, register: number): Step[] {
  const { graph } = solution;
  const { exit, block, recoveries } = node;
  const { predicate } = exit;
  const { kind } = block.terminator;
  const steps: Step[] = [];
  const go = (to: number, known: PredicateFacts | null): void => {
    const target = graph.nodes[to];
    if (target !== undefined && known !== null) steps.push({ node: target, position: 0, facts: known });
  };
  const renames = kind === 'call' || kind === 'return' || kind === 'rfi';
  const taken = predicate > 0 ? facts.withPair(predicate, exit.predicatePair).assume(predicate, true) : facts;
  const passed = predicate > 0 ? facts.withPair(predicate, exit.predicatePair).assume(predicate, false) : facts;
  // Behind a return another frame is current, and code that did not begin where this did.
  const follows = kind !== 'return' && !(renames && isStacked(register));
  if (follows) for (const to of certainTargets(node)) go(to, taken);
  for (const to of recoveries) go(to, facts);
  const linked = linkedJump(solution, node);
  if (linked !== null) go(linked.back, taken === null ? null : behindCall(solution, node, taken));
  if (exit.next < 0 || exit.next === EXTERNAL) return steps;
  if (kind === 'call' || kind === 'break') {
    if (exit.returns) go(exit.next, taken === null ? null : behindCall(solution, node, taken));
    if (predicate !== 0) go(exit.next, passed);
  } else go(exit.next, passed);
  return steps;
}

/** The facts after a call: of external code those that its convention keeps; of code of this file none. */
function behindCall(solution: Solution, node: Node, facts: PredicateFacts): PredicateFacts {
  const { exit, block, bank } = node;
  const linked = linkedJump(solution, node);
  if (linked === null && block.terminator.target >= 0) return atFirst(solution);
  const clobbers = linked === null ? exit.clobbers : linked.agreement.clobbers[bank];
  return facts.forget(clobbers.filter(isPredicate).map(predicateNumber));
}
