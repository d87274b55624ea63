/**
 * Registers that are not given back: at the end of a handler or routine, one that the interrupted code or the caller still
 * needs holds another value on some path. Requires: the graph.
 */

import type { Effects } from '../../machine/effects.ts';
import { registerFor } from '../../machine/purposes.ts';
import type { RegisterRole } from '../../machine/register.ts';
import {
  ALL_REGISTERS,
  branch,
  general,
  isBank0,
  isGeneral,
  isPredicate,
  isStacked,
  registerName,
  registerNamed,
  STACKED_REGISTERS,
} from '../../machine/register-numbers.ts';
import { registerByName, registersOf } from '../../machine/register-table.ts';
import { vectorAt } from '../../machine/vector-table.ts';
import { routineEntries } from '../flow/entries.ts';
import type { Node } from '../flow/graph.ts';
import { excludedBy } from '../flow/pairs.ts';
import { takesUnusual } from '../flow/unusual.ts';
import { vectorSlots } from '../flow/vector-slots.ts';
import type { Solution } from '../liveness/program-points.ts';
import type { Damage } from './damage.ts';
import { isByCopy, type Judged, newStanding, type Standing, solveDamage, standAtEnd } from './damage-flow.ts';
import { isReadBehind, isSetter, LINK, PREVIOUS_FRAME, routineEnd } from './ends.ts';
import { computer, type EntryState, entryOf, type Kept, solveEntryValues } from './entry-values.ts';
import { type ForkBetween, forkFinder } from './forks.ts';
import { isHandedOver, isNowhere, unsavedAt } from './handed-to-c.ts';
import { handlerParts, isInterrupted, namesWhereItGoes, waysOut } from './handler-parts.ts';
import type { Loss } from './loss.ts';
import { stackPointerLosses } from './stack-pointer.ts';

/** Registers lost behind rfi of interruption handlers, and behind returns of routines that C may call. */
export function losses(solution: Solution): Loss[] {
  const { called, others } = vectorNodes(solution);
  const kept = keptForCaller(solution);
  const routines = routineNodes(solution);
  const found = [
    ...lossesFrom(solution, others, 'interrupted', () => true),
    ...lossesFrom(solution, called, 'interrupted', (register) => kept.has(register)),
    ...lossesFrom(solution, handlerParts(solution), 'interrupted', () => true, 'handed'),
    // Other registers may be results; predicates that it has worked with itself are nobody's.
    ...lossesFrom(solution, waysOut(solution), 'interrupted', isPredicate, 'handed'),
    ...lossesFrom(solution, routines, 'caller', (register) => kept.has(register)),
    // What a subroutine of this file does to registers is between it and its callers, but back to them it must go, and to their
    // frame.
    ...lossesFrom(solution, subroutineNodes(solution, routines), 'caller', isWayBack).filter(
      ({ end, write }) => end === write || solution.program.instructions[write]!.effects.branch?.kind === 'call',
    ),
    ...describedLosses(solution),
    ...stackPointerLosses(solution, routines),
  ];
  const distinct = new Map<string, Loss>();
  for (const loss of found) {
    const key = `${loss.register} ${loss.fork < 0 ? loss.write : loss.fork}`;
    if (!distinct.has(key)) distinct.set(key, loss);
  }
  return [...distinct.values()].sort((a, b) => place(a) - place(b));
}

const isWayBack = (register: number): boolean => register === LINK || register === PREVIOUS_FRAME;

/** A routine that a convention describes returns as that says, but what all ordinary code has it must not leave otherwise. */
function describedLosses(solution: Solution): Loss[] {
  const { conventions, flow, graph } = solution;
  const constant = new Set(conventions.constants.flatMap(({ registers }) => registers[1]));
  const byLink = new Map<number, number[]>();
  for (const { block, symbol } of flow.globals) {
    const convention = conventions.symbols.get(symbol);
    const node = graph.nodeOf[block * 2 + 1]!;
    if (convention === undefined || convention.returns === null || convention.bank === 0 || node < 0) continue;
    const link = branch(convention.link);
    byLink.set(link, [...(byLink.get(link) ?? []), node]);
  }
  return [...byLink].flatMap(([link, nodes]) =>
    lossesFrom(solution, nodes, 'caller', (register) => constant.has(register), 'perhaps', link),
  );
}

function place({ fork, write }: Loss): number {
  return fork < 0 ? write : fork;
}

/**
 * What the software conventions let a return read and a call not destroy is the caller's, and so is the frame state that the
 * return itself takes back and goes by. gp, sp and tp move with what runs.
 */
function keptForCaller({ conventions }: Solution): ReadonlySet<number> {
  const destroyed = new Set(conventions.call.clobbers[1]);
  const moves = (register: number): boolean => isGeneral(register) && roleOf(register) === 'special';
  const kept = conventions.return.reads[1].filter(
    (register) => !destroyed.has(register) && !isStacked(register) && !moves(register),
  );
  return new Set([...kept, PREVIOUS_FRAME, LINK]);
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

/**
 * Where C enters. Code that begins with the results of a call goes on behind one, by an agreement of its own: r9-r11 pass nothing
 * to a routine, r8 the address of a structure that it is to return. Who only stores them, saves all there is.
 */
function routineNodes(solution: Solution): number[] {
  const { entries } = solution.conventions.physicalMode;
  return routineEntries(solution).flatMap(({ symbol, first, node }) =>
    entries.includes(symbol) || takesUnusual(solution.program, first, RESULTS, goesBy) ? [] : [node.id],
  );
}

const RESULTS: ReadonlySet<number> = new Set(
  registersOf('gr')
    .flatMap((each) => (each?.role === 'return' ? [general(each.number)] : []))
    .slice(1),
);

const goesBy = ({ writesMemory }: Effects): boolean => !writesMemory;

/** Where calls of this file enter, with the return address in b0, and calls by a table of it. */
function subroutineNodes({ flow, graph }: Solution, others: readonly number[]): number[] {
  const called = flow.blocks.filter(({ id }) => flow.inData[id] === 1).map(({ id }) => id);
  for (const { terminator } of flow.blocks)
    if (terminator.kind === 'call' && terminator.target >= 0 && terminator.link === 0) called.push(terminator.target);
  const entered = new Set(called.flatMap((block) => [graph.nodeOf[block * 2]!, graph.nodeOf[block * 2 + 1]!]));
  return [...entered].filter((node) => node >= 0 && !others.includes(node));
}

function lossesFrom(
  solution: Solution,
  entries: readonly number[],
  owner: Loss['owner'],
  counts: (register: number) => boolean,
  // What a handler loads it must have stored; a routine may be handed what another one stored.
  keptBefore: Kept = owner === 'interrupted' ? 'none' : 'perhaps',
  link = LINK,
): Loss[] {
  if (entries.length === 0) return [];
  const judged = JUDGED[owner].map((judgedByClass, register) => judgedByClass && counts(register));
  const isJudged = (register: number): boolean => judged[register] === true;
  const states = solveEntryValues(solution, entries, keptBefore);
  const damages = solveDamage(solution, entries, states, isJudged);
  const forkBetween = forkFinder(solution, states);
  const standing = newStanding();
  const { damage: atEnd, state } = standing;
  return damages.flatMap((damage, id) => {
    const node = solution.graph.nodes[id]!;
    if (damage === undefined || !mayEnd(node, owner)) return [];
    standAtEnd(solution, node, standing, damage, states[id]!, isJudged);
    if (node.block.terminator.kind === 'call')
      return keptBefore === 'none' ? lostToC(solution, node, standing, isJudged) : [];
    const destroyed = (register: number): Loss | null =>
      isJudged(register) ? lossOf(solution, forkBetween, node, atEnd, register, owner) : null;
    if (owner === 'interrupted') {
      const isPart = keptBefore === 'handed';
      return ALL_REGISTERS.flatMap((register) => {
        const loss = destroyed(register);
        return loss === null || (isPart && !isInterrupted(solution, states, register, loss.write)) ? [] : [loss];
      });
    }
    return lostToCaller(solution, node, state, destroyed, link);
  });
}

/** At a call of C that ends a handler: what nobody can give back any more, and what the call itself destroys. */
function lostToC(solution: Solution, node: Node, { damage, state }: Standing, isJudged: Judged): readonly Loss[] {
  if (!isHandedOver(solution, node, state)) return [];
  const { last } = node.block;
  const found: Loss[] = [];
  const lose = (register: number, write: number, saved: boolean, changed = -1): void => {
    if (!isJudged(register)) return;
    const name = registerName(register);
    found.push({ register: name, owner: 'interrupted', write, end: last, fork: -1, saved, changed });
  };
  for (const register of ALL_REGISTERS) {
    const destroyed = damage.destroyed[register]! - 1;
    const away = damage.away[register]! - 1;
    // A return takes what it writes from ar.pfs.
    if (destroyed >= 0 && !isReturn(solution, destroyed))
      lose(register, destroyed, false, isByCopy(solution, damage, register) ? away : -1);
    else if (destroyed < 0 && away >= 0 && isNowhere(state, register)) lose(register, away, true);
  }
  for (const register of unsavedAt(solution, node, state)) lose(register, last, false);
  return found;
}

function isReturn({ program }: Solution, instruction: number): boolean {
  return program.instructions[instruction]!.effects.branch?.kind === 'return';
}

function lostToCaller(
  solution: Solution,
  node: Node,
  state: EntryState,
  destroyed: (register: number) => Loss | null,
  link: number,
): readonly Loss[] {
  const end = routineEnd(solution, node, state, link);
  if (end === null) return [];
  const others = ALL_REGISTERS.flatMap((register) => {
    if (end.kind === 'self' && register === LINK) return [];
    const loss = destroyed(register);
    return loss === null || isSetter(solution, node, register) ? [] : [loss];
  });
  const pointer = globalPointerLoss(node, state);
  if (pointer !== null) others.push(pointer);
  if (end.kind !== 'self') return others;
  const register = `b${node.block.terminator.through}`;
  return [
    { register, owner: 'caller', write: end.call, end: end.call, fork: node.block.last, saved: true, changed: -1 },
    ...others,
  ];
}

/** gp moves with what runs; but who has put it away, and still has the copy in the frame, meant to give it back. */
function globalPointerLoss({ block }: Node, { holds }: EntryState): Loss | null {
  const write = computer(holds[GLOBAL_POINTER]!);
  if (write < 0 || !STACKED_REGISTERS.some((copy) => holds[copy] === entryOf(GLOBAL_POINTER))) return null;
  return {
    register: registerName(GLOBAL_POINTER),
    owner: 'caller',
    write,
    end: block.last,
    fork: -1,
    saved: true,
    changed: -1,
  };
}

const GLOBAL_POINTER = registerNamed(registerFor('global-pointer').name);

/** The loss of a register at the end of a node; null when it is restored there, or not read afterwards. */
function lossOf(
  solution: Solution,
  forkBetween: ForkBetween,
  node: Node,
  atEnd: Damage,
  register: number,
  owner: Loss['owner'],
): Loss | null {
  if (!isReadBehind(node, register)) return null;
  // Code that no call led to has no return address to save.
  const destroyed = register === LINK ? -1 : atEnd.destroyed[register]! - 1;
  const away = atEnd.away[register]! - 1;
  const under = atEnd.under[register]!;
  if (isExcluded(under, node) || (destroyed < 0 && (away < 0 || givenBackWhere(under, node)))) return null;
  const write = destroyed >= 0 ? destroyed : away;
  const fork = destroyed >= 0 ? -1 : forkBetween(write, node, register);
  const changed = isByCopy(solution, atEnd, register) ? away : -1;
  return { register: registerName(register), owner, write, end: node.block.last, fork, saved: destroyed < 0, changed };
}

/** Asked first because it is cheap: most nodes do not end an activation. */
function mayEnd(node: Node, owner: Loss['owner']): boolean {
  const { kind } = node.block.terminator;
  if (owner === 'caller') return CALLERS_ENDS.has(kind);
  return HANDLERS_ENDS.has(kind) && !(kind === 'rfi' && namesWhereItGoes(node));
}

const HANDLERS_ENDS: ReadonlySet<string> = new Set(['rfi', 'call']);

const CALLERS_ENDS: ReadonlySet<string> = new Set(['return', 'indirect', 'jump', 'either']);

/** Does the end happen only where the register was given back? */
function givenBackWhere(under: number, { exit: { predicate } }: Node): boolean {
  return under < 0 && under === -predicate;
}

/** Does the end happen only where the write did not? */
function isExcluded(under: number, { exit: { predicate, predicatePair } }: Node): boolean {
  return under > 0 && predicate > 0 && excludedBy(predicatePair) === under;
}

const NOT_THE_PROGRAMS: ReadonlySet<RegisterRole> = new Set(['kernel', 'counter', 'engine']);

/**
 * An interruption leaves the floating-point registers to psr.dfl and psr.dfh; kernel registers, counters and what the register
 * stack engine keeps for itself are not the program's.
 */
const isProgram = (register: number, floating: boolean): boolean => {
  const { class: kind, role } = registerByName(registerName(register))!;
  return !isBank0(register) && (floating || kind !== 'fr') && kind !== 'field' && !NOT_THE_PROGRAMS.has(role);
};

const JUDGED: Readonly<Record<Loss['owner'], readonly boolean[]>> = {
  interrupted: ALL_REGISTERS.map((register) => isProgram(register, false)),
  caller: ALL_REGISTERS.map((register) => isProgram(register, true)),
};
