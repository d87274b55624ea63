/**
 * Registers that are not given back: where a handler or a routine ends, one that its interrupted code or its caller still
 * needs holds something else on some path. Requires: the graph.
 */

import type { RegisterRole } from '../../machine/register.ts';
import {
  ALL_REGISTERS,
  type Bank,
  isBank0,
  isGeneral,
  isPredicate,
  isStacked,
  predicateNumber,
  registerName,
  registerNamed,
  registerOf,
} from '../../machine/register-numbers.ts';
import { registerByName } from '../../machine/register-table.ts';
import { vectorAt } from '../../machine/vector-table.ts';
import { routineEntries } from '../flow/entries.ts';
import { isTaken } from '../flow/frames.ts';
import type { Node } from '../flow/graph.ts';
import { excludedBy } from '../flow/pairs.ts';
import { vectorSlots } from '../flow/vector-slots.ts';
import type { Solution } from '../liveness/program-points.ts';
import type { ProgramInstruction } from '../program/program.ts';
import { addDamage, copyDamage, type Damage, forgetCondition, noDamage, setUnder } from './damage.ts';
import {
  computer,
  copyOf,
  type EntryState,
  edgesOf,
  entryOf,
  FRAME,
  mayBeOwn,
  solveEntryValues,
  stepOver,
  writesOf,
} from './entry-values.ts';
import { forkBetween } from './forks.ts';

export interface Loss {
  readonly register: string;
  /** Whose register it is. */
  readonly owner: 'interrupted' | 'caller';
  /** The instruction that writes it, or the access to memory that may miss: the handler of the miss writes it then. */
  readonly write: number;
  /** The rfi or return in front of which it should have been given back. */
  readonly end: number;
  /** A branch from which only the other way gives it back, or the return that goes back into its own routine; -1: neither. */
  readonly fork: number;
  /** False: the entry value was overwritten before anything had read it, so that nothing can give it back. */
  readonly saved: boolean;
}

/** Registers lost behind rfi of interruption handlers, and behind returns of routines that C may call. */
export function losses(solution: Solution): Loss[] {
  const { called, others } = vectorNodes(solution);
  const kept = keptForCaller(solution);
  const found = [
    ...lossesFrom(solution, others, 'interrupted', () => true),
    ...lossesFrom(solution, called, 'interrupted', (register) => kept.has(register)),
    ...lossesFrom(solution, routineNodes(solution), 'caller', (register) => kept.has(register)),
  ];
  const distinct = new Map<string, Loss>();
  for (const loss of found) {
    const key = `${loss.register} ${loss.fork < 0 ? loss.write : loss.fork}`;
    if (!distinct.has(key)) distinct.set(key, loss);
  }
  return [...distinct.values()].sort((a, b) => place(a) - place(b));
}

function place({ fork, write }: Loss): number {
  return fork < 0 ? write : fork;
}

/**
 * What the software conventions let a return read and a call not destroy is the caller's, and so is the frame state that the
 * return itself takes back. gp, sp and tp move with what runs.
 */
function keptForCaller({ conventions }: Solution): ReadonlySet<number> {
  const destroyed = new Set(conventions.call.clobbers[1]);
  const moves = (register: number): boolean => isGeneral(register) && roleOf(register) === 'special';
  const kept = conventions.return.reads[1].filter(
    (register) => !destroyed.has(register) && !isStacked(register) && !moves(register),
  );
  return new Set([...kept, PREVIOUS_FRAME]);
}

function roleOf(register: number): RegisterRole {
  return registerByName(registerName(register))?.role ?? null;
}

function vectorNodes(solution: Solution): { called: number[]; others: number[] } {
  const { flow, graph } = solution;
  const called: number[] = [];
  const others: number[] = [];
  for (const { offset, first } of vectorSlots(solution)) {
    const node = graph.nodeOf[flow.blockOf[first]! * 2]!;
    if (node < 0 || offset === null) continue;
    const vector = vectorAt(offset);
    if (vector.nested) continue;
    (vector.called ? called : others).push(node);
  }
  return { called, others };
}

/** Where C enters. */
function routineNodes(solution: Solution): number[] {
  const { entries } = solution.conventions.physicalMode;
  return routineEntries(solution).flatMap(({ symbol, node }) => (entries.includes(symbol) ? [] : [node.id]));
}

function damageBy(
  solution: Solution,
  damage: Damage,
  state: EntryState,
  instruction: ProgramInstruction,
  bank: Bank,
  judged: (register: number) => boolean,
): void {
  if (!instruction.effects.known) {
    damage.away.fill(0);
    return;
  }
  const { predicate } = instruction.effects;
  for (const { register, value } of writesOf(solution, state, instruction, bank)) {
    if (isPredicate(register)) forgetCondition(damage, predicateNumber(register));
    if (!judged(register) || (isStacked(register) && state.saved[FRAME] === 1)) continue;
    const own = value === entryOf(register);
    const fixed = solution.conventions.constants.some(({ registers }) => registers[1].includes(register));
    if (!own && !fixed && state.saved[register] === 0 && holdsEntry(state, register)) {
      if (damage.lost[register] === 0) setUnder(damage, register, Math.max(predicate, 0));
      damage.lost[register] ||= instruction.index + 1;
    }
    const foreign = !mayBeOwn(state, register, value);
    if (!foreign && givenBackInPart(damage, state, register, predicate)) {
      setUnder(damage, register, -predicate);
      continue;
    }
    if (damage.lost[register] === 0) setUnder(damage, register, foreign ? Math.max(predicate, 0) : 0);
    damage.away[register] = foreign ? instruction.index + 1 : 0;
  }
}

/**
 * The handler of a nested TLB miss destroys registers before it comes back to the access that missed. Only an access at an
 * address that somebody takes counts: behind it the TLB has what it needs.
 */
function damageByMiss(
  { conventions: { nestedMiss }, flow }: Solution,
  damage: Damage,
  { block, nests }: Node,
  judged: (register: number) => boolean,
): void {
  if (nests[0] !== 1 || !isTaken(flow.taken, block.id)) return;
  for (const register of nestedMiss?.clobbers ?? []) {
    if (!judged(register) || damage.lost[register] !== 0) continue;
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

/** A first write: the register was untouched on every path that leads here. */
function holdsEntry(state: EntryState, register: number): boolean {
  return state.holds[register] === entryOf(register);
}

function lossesFrom(
  solution: Solution,
  entries: readonly number[],
  owner: Loss['owner'],
  counts: (register: number) => boolean,
): Loss[] {
  if (entries.length === 0) return [];
  const judged = JUDGED.map((judgedByClass, register) => judgedByClass && counts(register));
  const isJudged = (register: number): boolean => judged[register] === true;
  // What a handler loads it must have stored; a routine may be handed what another one stored.
  const states = solveEntryValues(solution, entries, owner === 'interrupted' ? 'none' : 'perhaps');
  const damages = solveDamage(solution, entries, states, isJudged);
  const found: Loss[] = [];
  damages.forEach((damage, id) => {
    const node = solution.graph.nodes[id]!;
    if (damage === undefined || !endsActivation(node, owner)) return;
    const { damage: atEnd, state } = through(solution, node, damage, states[id]!, isJudged);
    if (owner === 'caller' && !returnsToCaller(node, state)) {
      const link = returnsToSelf(solution, node, state);
      if (link >= 0)
        found.push({
          register: `b${node.block.terminator.through}`,
          owner,
          write: link,
          end: link,
          fork: node.block.last,
          saved: true,
        });
      else return;
    }
    for (const register of ALL_REGISTERS) {
      if (!isJudged(register) || !isReadBehind(node, register)) continue;
      if (owner === 'caller' && isSetter(solution, node, register)) continue;
      const lost = atEnd.lost[register]! - 1;
      const away = atEnd.away[register]! - 1;
      if (lost < 0 && (away < 0 || givenBackWhere(atEnd.under[register]!, node))) continue;
      const write = lost >= 0 ? lost : away;
      const fork = lost >= 0 ? -1 : forkBetween(solution, states, write, node, register);
      found.push({ register: registerName(register), owner, write, end: node.block.last, fork, saved: lost < 0 });
    }
  });
  return found;
}

/** Does the end happen only where the register was given back? */
function givenBackWhere(under: number, { exit: { predicate } }: Node): boolean {
  return under < 0 && under === -predicate;
}

const NOT_THE_PROGRAMS: ReadonlySet<RegisterRole> = new Set(['kernel', 'counter', 'engine']);

/**
 * Floating-point registers are a matter of psr.dfl and psr.dfh; kernel registers, counters and what the register stack engine
 * keeps for itself are not the program's.
 */
const JUDGED = ALL_REGISTERS.map((register) => {
  const { class: kind, role } = registerByName(registerName(register))!;
  return !isBank0(register) && kind !== 'fr' && kind !== 'field' && !NOT_THE_PROGRAMS.has(role);
});

function endsActivation({ block }: Node, owner: Loss['owner']): boolean {
  return block.terminator.kind === (owner === 'interrupted' ? 'rfi' : 'return');
}

/** Behind a return the frame state is taken from ar.pfs, whoever goes on. */
function isReadBehind({ exit: { reads }, block }: Node, register: number): boolean {
  if (reads === null || reads.includes(register)) return true;
  return block.terminator.kind === 'return' && reads.length > 0 && register === PREVIOUS_FRAME;
}

const PREVIOUS_FRAME = registerNamed('ar.pfs');

/** Does the branch go through a register that still, or again, holds the return address? */
function returnsToCaller({ block }: Node, state: EntryState): boolean {
  const through = block.terminator.through;
  if (through === null) return false;
  return mayBeOwn(state, registerNamed('b0'), state.holds[registerNamed(`b${through}`)]!);
}

/** A routine that gives nothing back but one changed register, and touches no memory, is there for that: C cannot set it. */
function isSetter({ program, conventions }: Solution, { block }: Node, register: number): boolean {
  const { routine } = program.instructions[block.last]!;
  if (routine < 0) return false;
  const { first, last } = program.routines[routine]!;
  const results = conventions.return.reads[1];
  return program.instructions.slice(first, last).every(({ effects }) => {
    if (!effects.known || effects.branch !== null || effects.writesMemory || effects.readsMemory) return false;
    const surely = effects.writes.filter((resource) => !effects.mayWrites.includes(resource));
    const written = surely.map((resource) => registerOf[1][resource]!);
    return written.every((each) => each === register || !results.includes(each) || isStacked(each));
  });
}

/** The call of this activation whose return address is still in the register; -1 when it is another. */
function returnsToSelf({ program }: Solution, { block }: Node, state: EntryState): number {
  const by = computer(state.holds[registerNamed(`b${block.terminator.through}`)]!);
  return by >= 0 && program.instructions[by]!.effects.branch?.kind === 'call' ? by : -1;
}

/** State and damage in front of the last instruction of a node. */
function through(
  solution: Solution,
  node: Node,
  damage: Damage,
  entry: EntryState,
  judged: (register: number) => boolean,
): { damage: Damage; state: EntryState } {
  const result = { damage: copyDamage(damage), state: copyOf(entry) };
  node.code.forEach((instruction, position) => {
    if (instruction.index === node.block.last) return;
    damageBy(solution, result.damage, result.state, instruction, node.bank, judged);
    if (position === 0) damageByMiss(solution, result.damage, node, judged);
    stepOver(solution, result.state, instruction, node.bank);
  });
  return result;
}

function solveDamage(
  solution: Solution,
  entries: readonly number[],
  states: readonly (EntryState | undefined)[],
  judged: (register: number) => boolean,
): (Damage | undefined)[] {
  const { nodes } = solution.graph;
  const damages = new Array<Damage | undefined>(nodes.length);
  const queue = [...entries];
  const queued = new Uint8Array(nodes.length);
  for (const entry of entries) {
    damages[entry] = noDamage();
    queued[entry] = 1;
  }
  for (let at = 0; at < queue.length; at++) {
    const node = nodes[queue[at]!]!;
    queued[node.id] = 0;
    const { damage, state } = through(solution, node, damages[node.id]!, states[node.id]!, judged);
    const last = node.code.at(-1)!;
    damageBy(solution, damage, state, last, node.bank, judged);
    if (node.code.length === 1) damageByMiss(solution, damage, node, judged);
    stepOver(solution, state, last, node.bank);
    for (const { to, call, under } of edgesOf(solution, node)) {
      const other = excludedBy(node.exit.predicatePair);
      const excluded = (predicate: number): boolean =>
        predicate === -under || (under > 0 && other !== 0 && predicate === other);
      const outgoing = call ? behindCall(solution, damage, node) : damage;
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
function behindCall(solution: Solution, damage: Damage, node: Node): Damage {
  const result = copyDamage(damage);
  const { exit, block } = node;
  if (block.terminator.target >= 0 || exit.reads === null) result.away.fill(0);
  else {
    const { symbol } = block.terminator;
    const convention = symbol === null ? undefined : solution.conventions.symbols.get(symbol);
    for (const register of convention === undefined ? [] : exit.clobbers) result.away[register] = 0;
  }
  for (const resource of ['ar.pfs', `b${block.terminator.link ?? 0}`].map(registerNamed))
    result.away[resource] = damage.away[resource]!;
  return result;
}
