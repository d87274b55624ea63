/**
 * Solves the analysis of damage.ts over the graph: which registers that belong to the caller or to the interrupted code
 * hold another value, and since which write. Requires: the graph, the entry values.
 */
import { PREDICATES_AS_ONE } from '../../machine/copies.ts';
import {
  ALL_REGISTERS,
  type Bank,
  branch,
  isPredicate,
  isStacked,
  predicateNumber,
  registerOf,
} from '../../machine/register-numbers.ts';
import { isTaken } from '../flow/frames.ts';
import type { Node } from '../flow/graph.ts';
import { excludedBy } from '../flow/pairs.ts';
import { linkedJump } from '../liveness/linked-jumps.ts';
import type { Solution } from '../liveness/program-points.ts';
import type { ProgramInstruction } from '../program/program.ts';
import { addDamage, assignDamage, type Damage, forgetCondition, noDamage, setUnder } from './damage.ts';
import { PREVIOUS_FRAME } from './ends.ts';
import {
  assignState,
  type EntryState,
  eachWrite,
  edgesOf,
  entryOf,
  entryState,
  FRAME,
  isComputed,
  mayBeOwn,
  stepOver,
} from './entry-values.ts';
import { unsavedAt } from './handed-to-c.ts';
import { valueStep } from './value-steps.ts';

/** Whether a register is one of those that are looked at. */
export type Judged = (register: number) => boolean;

function damageBy(
  solution: Solution,
  damage: Damage,
  state: EntryState,
  instruction: ProgramInstruction,
  bank: Bank,
  judged: Judged,
): void {
  if (!instruction.effects.known) {
    damage.away.fill(0);
    return;
  }
  const { predicate } = instruction.effects;
  eachWrite(solution, state, instruction, bank, (register, value) => {
    for (const lost of lostWithCopy(state, register, value)) {
      if (!judged(lost) || damage.destroyed[lost] !== 0) continue;
      setUnder(damage, lost, Math.max(predicate, 0));
      damage.destroyed[lost] = instruction.index + 1;
    }
    if (isPredicate(register)) forgetCondition(damage, predicateNumber(register));
    if (!judged(register) || (isStacked(register) && state.saved[FRAME] === 1)) return;
    const own = value === entryOf(register);
    if (!own && state.saved[register] === 0 && holdsEntry(state, register) && !isFixed(solution, register)) {
      if (damage.destroyed[register] === 0) setUnder(damage, register, Math.max(predicate, 0));
      damage.destroyed[register] ||= instruction.index + 1;
    }
    const foreign = !mayBeOwn(state, register, value);
    // What is moved there now is meant for the copy: that it is not will be told of this instruction.
    if (foreign && isByCopy(solution, damage, register) && valueStep(solution, instruction, bank).copied >= 0)
      damage.destroyed[register] = 0;
    if (!foreign && givenBackInPart(damage, state, register, predicate)) {
      setUnder(damage, register, -predicate);
      return;
    }
    // Where its predicate is false, what was there before is not given back either.
    if (foreign && predicate > 0 && isSurelyAway(damage, register)) return;
    if (damage.destroyed[register] === 0) setUnder(damage, register, foreign ? Math.max(predicate, 0) : 0);
    damage.away[register] = foreign ? instruction.index + 1 : 0;
  });
}

/** Whether a register has the same value in all ordinary code, by the conventions, so that it need not be saved. */
function isFixed({ conventions }: Solution, register: number): boolean {
  return conventions.constants.some(({ registers }) => registers[1].includes(register));
}

/**
 * The handler of a nested TLB miss destroys registers before it comes back to the access that missed. Only an access at an
 * address that somebody takes counts: behind it the TLB has what it needs.
 */
function damageByMiss(
  { conventions: { nestedMiss }, flow }: Solution,
  damage: Damage,
  { block, nests }: Node,
  judged: Judged,
): void {
  if (nests[0] !== 1 || !isTaken(flow.taken, block.id)) return;
  for (const register of nestedMiss?.clobbers ?? []) {
    if (!judged(register) || damage.destroyed[register] !== 0) continue;
    setUnder(damage, register, 0);
    damage.away[register] = block.first + 1;
  }
}

/** Is the register given back under a predicate that says nothing of the write, which surely happened? */
function givenBackInPart({ away, under }: Damage, state: EntryState, register: number, predicate: number): boolean {
  const value = state.holds[register]!;
  const surely = away[register] !== 0 && value < 0 && !mayBeOwn(state, register, value);
  return predicate > 0 && surely && under[register] !== predicate;
}

/** Is it the last copy of the register that was overwritten, and not the register before anything had read it? */
export function isByCopy({ program }: Solution, { destroyed }: Damage, register: number): boolean {
  const by = destroyed[register]! - 1;
  if (by < 0) return false;
  const { writes, branch: transfer } = program.instructions[by]!.effects;
  return transfer === null && !writes.some((resource) => registerOf.some((names) => names[resource] === register));
}

/** The registers whose entry values are gone for good when that register, which holds the last copy, gets this value. */
function lostWithCopy(state: EntryState, copy: number, value: number): readonly number[] {
  const held = state.holds[copy]!;
  if (held <= 0 || value === held || held === entryOf(copy) || state.stored[held - 1] === 1) return NONE;
  if (state.holds.some((other, register) => other === held && register !== copy && register !== PREDICATES_AS_ONE))
    return NONE;
  if (held !== entryOf(PREDICATES_AS_ONE)) return state.holds[held - 1]! < 0 ? [held - 1] : NONE;
  return ALL_REGISTERS.filter(
    (register) => isPredicate(register) && isComputed(state.holds[register]!) && state.stored[register] === 0,
  );
}

const NONE: readonly number[] = [];

function isSurelyAway({ away, under }: Damage, register: number): boolean {
  return away[register] !== 0 && under[register] === 0;
}

/** A first write: the register was untouched on every path that leads here. */
function holdsEntry(state: EntryState, register: number): boolean {
  return state.holds[register] === entryOf(register);
}

/** What is known at one place, to be taken along: nodes are many, and each has as many registers. */
export interface Standing {
  readonly damage: Damage;
  readonly state: EntryState;
}

export function newStanding(): Standing {
  return { damage: noDamage(), state: entryState('none') };
}

/** Takes state and damage from the beginning of a node to the front of its last instruction. */
export function standAtEnd(
  solution: Solution,
  node: Node,
  { damage, state }: Standing,
  before: Damage,
  entry: EntryState,
  judged: Judged,
): void {
  assignDamage(damage, before);
  assignState(state, entry);
  node.code.forEach((instruction, position) => {
    if (instruction.index === node.block.last) return;
    damageBy(solution, damage, state, instruction, node.bank, judged);
    if (position === 0) damageByMiss(solution, damage, node, judged);
    stepOver(solution, state, instruction, node.bank);
  });
}

/** By node: the damage in front of it; undefined where no entry leads. */
export function solveDamage(
  solution: Solution,
  entries: readonly number[],
  states: readonly (EntryState | undefined)[],
  judged: Judged,
): (Damage | undefined)[] {
  const { nodes } = solution.graph;
  const damages = new Array<Damage | undefined>(nodes.length);
  const queue = [...entries];
  const queued = new Uint8Array(nodes.length);
  for (const entry of entries) {
    damages[entry] = noDamage();
    queued[entry] = 1;
  }
  const standing = newStanding();
  const back = noDamage();
  const { damage, state } = standing;
  for (let at = 0; at < queue.length; at++) {
    const node = nodes[queue[at]!]!;
    queued[node.id] = 0;
    standAtEnd(solution, node, standing, damages[node.id]!, states[node.id]!, judged);
    const last = node.code.at(-1)!;
    damageBy(solution, damage, state, last, node.bank, judged);
    if (node.code.length === 1) damageByMiss(solution, damage, node, judged);
    stepOver(solution, state, last, node.bank);
    for (const { to, call, under } of edgesOf(solution, node)) {
      const other = excludedBy(node.exit.predicatePair);
      const excluded = (predicate: number): boolean =>
        predicate === -under || (under > 0 && other !== 0 && predicate === other);
      if (call) {
        goBehindCall(solution, back, damage, node);
        for (const register of unsavedAt(solution, node, state))
          if (judged(register)) back.destroyed[register] ||= node.block.last + 1;
      }
      const outgoing = call ? back : damage;
      const known = damages[to];
      if (known === undefined) damages[to] = noDamage();
      const changed = addDamage(damages[to]!, outgoing, excluded);
      if ((known !== undefined && !changed) || queued[to] === 1) continue;
      queued[to] = 1;
      queue.push(to);
    }
  }
  return damages;
}

/** A routine of this file may give back what was saved; one of another file keeps to its convention. */
function goBehindCall(solution: Solution, result: Damage, damage: Damage, node: Node): void {
  assignDamage(result, damage);
  const { exit, block } = node;
  const linked = linkedJump(solution, node);
  if (linked !== null) {
    for (const register of linked.agreement.clobbers[node.bank]) result.away[register] = 0;
    return;
  }
  if (block.terminator.target >= 0 || exit.reads === null) result.away.fill(0);
  else {
    const { symbol } = block.terminator;
    const convention = symbol === null ? undefined : solution.conventions.symbols.get(symbol);
    for (const register of convention === undefined ? [] : exit.clobbers) result.away[register] = 0;
  }
  for (const register of [PREVIOUS_FRAME, branch(block.terminator.link ?? 0)])
    result.away[register] = damage.away[register]!;
}
