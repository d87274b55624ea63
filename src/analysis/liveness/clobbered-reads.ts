/**
 * Reads of registers that hold no value: a call, or a fault after which control comes back, has destroyed it by its
 * convention, or none was ever written (r16-r31 of bank 0 at an interruption vector, the stacked registers behind `cover`).
 * Requires: the solution.
 */

import type { Conventions } from '../../config/conventions.ts';
import {
  ALL_REGISTERS,
  isApplication,
  isBank0,
  isBranch,
  isGeneral,
  isPredicate,
  isStacked,
  predicateNumber,
  REGISTER_COUNT,
  registerName,
  registerOf,
  STACKED_REGISTERS,
} from '../../machine/register-numbers.ts';
import { registerByName } from '../../machine/register-table.ts';
import { certainTargets } from '../flow/certain-targets.ts';
import { EXTERNAL } from '../flow/flow.ts';
import { type Frames, knownFrames } from '../flow/frames.ts';
import type { Node } from '../flow/graph.ts';
import { emptiesFrame } from '../flow/mode-table.ts';
import type { Program, ProgramInstruction } from '../program/program.ts';
import { readByConvention } from './convention-reads.ts';
import { seed } from './empty-at-entries.ts';
import { isFeasible } from './feasible-reads.ts';
import { type ClobberedRead, describe, gone, kindOf, PRESENT } from './gone.ts';
import { linkedJump } from './linked-jumps.ts';
import { Partly } from './partly-written.ts';
import type { Solution } from './program-points.ts';

/** Reads of what some path to the reader has destroyed. Only what is certainly destroyed on that path counts. */
export function clobberedReads(solution: Solution): ClobberedRead[] {
  const { nodes } = solution.graph;
  const search: Search = {
    solution,
    frames: knownFrames(solution.program, solution.flow, solution.graph),
    entry: new Array<Int32Array | undefined>(nodes.length),
    queue: [],
    queued: new Uint8Array(nodes.length),
    state: new Int32Array(REGISTER_COUNT),
  };
  seed(solution, search.frames, (node, register, what) => {
    entryOf(search, node.id)[register] = what;
    enqueue(search, node);
  });
  for (const node of nodes) if (node.exit.clobbers.length > 0) enqueue(search, node);
  for (let at = 0; at < search.queue.length; at++) passThrough(search, search.queue[at]!);
  const written = writtenInSight(solution);
  const found = new Map<string, { read: ClobberedRead; register: number }>();
  for (const node of nodes) {
    if (search.entry[node.id] === undefined && !node.code.some(({ statement }) => empties(statement))) continue;
    enter(search, node);
    const report: Report = (read, register) => found.set(`${read.instruction} ${read.register}`, { read, register });
    transfer(solution.program, node, search.state, (destroyed, register) => {
      const mayBeGift = (destroyed.kind === 'entry' && !isPredicate(register)) || isBank0(register);
      if (!mayBeGift || written.has(register)) report(destroyed, register);
    });
    reportArguments(search, node, report);
    reportExternalReads(solution, node, search.state, report);
  }
  const feasible = [...found.values()].filter(({ read, register }) => isFeasible(solution, read, register));
  return feasible.map(({ read }) => read).sort((a, b) => a.instruction - b.instruction);
}

type Report = (read: ClobberedRead, register: number) => void;

/** A forward analysis over the graph up to its fixpoint: by register, what has destroyed its value. */
interface Search {
  readonly solution: Solution;
  readonly frames: Frames;
  /** By node: what is destroyed in front of it; undefined where nothing is. */
  readonly entry: (Int32Array | undefined)[];
  /** The worklist, in order; nodes that were visited stay in it, in front. */
  readonly queue: Node[];
  readonly queued: Uint8Array;
  /** What is destroyed at the point that is being visited. */
  readonly state: Int32Array;
}

function enqueue({ queue, queued }: Search, node: Node): void {
  if (queued[node.id] === 1) return;
  queued[node.id] = 1;
  queue.push(node);
}

function entryOf({ entry }: Search, node: number): Int32Array {
  let destroyed = entry[node];
  if (destroyed === undefined) {
    destroyed = new Int32Array(REGISTER_COUNT);
    entry[node] = destroyed;
  }
  return destroyed;
}

function enter({ entry, state }: Search, node: Node): void {
  const destroyed = entry[node.id];
  if (destroyed === undefined) state.fill(PRESENT);
  else state.set(destroyed);
}

function passThrough(search: Search, node: Node): void {
  const { solution, state } = search;
  search.queued[node.id] = 0;
  enter(search, node);
  transfer(solution.program, node, state, null);
  const kept = renames(node) ? state.slice() : null;
  if (kept !== null) for (const register of STACKED_REGISTERS) state[register] = PRESENT;
  // Callers of this file do not begin with what callers outside begin with.
  if (node.block.terminator.kind === 'return')
    for (let register = 0; register < REGISTER_COUNT; register++)
      if (state[register] !== PRESENT && kindOf(state[register]!) === 'routine') state[register] = PRESENT;
  passBehindJump(search, node);
  for (const target of certainTargets(node)) if (target >= 0) passTo(search, target);
  for (const target of node.recoveries) if (target >= 0) passTo(search, target);
  if (kept !== null) state.set(kept);
  const { next, predicate, returns } = node.exit;
  if (next < 0 || next === EXTERNAL) return;
  if (predicate === 0 && returns) {
    if (endsRoutine(solution, node)) return;
    destroy(solution, node, outputsOf(search, node), state);
  }
  passTo(search, next);
}

/** A jump that is a call comes back to its label, by an agreement that says what is destroyed then. */
function passBehindJump(search: Search, node: Node): void {
  const { solution, state } = search;
  const linked = linkedJump(solution, node);
  if (linked === null) return;
  const before = state.slice();
  const { clobbers, returns } = linked.agreement;
  const kept = returns?.[node.bank] ?? [];
  const destroyed = gone('call', node.block.last);
  for (const register of clobbers[node.bank]) state[register] = kept.includes(register) ? PRESENT : destroyed;
  passTo(search, linked.back);
  state.set(before);
}

function passTo(search: Search, to: number): void {
  const { state } = search;
  let changed = false;
  for (let register = 0; register < REGISTER_COUNT; register++) {
    if (state[register] === PRESENT) continue;
    const into = entryOf(search, to);
    if (into[register] !== PRESENT) continue;
    into[register] = state[register]!;
    changed = true;
  }
  if (changed) enqueue(search, search.solution.graph.nodes[to]!);
}

/**
 * Does the node end in a branch that changes the register frame, so that r32 and up are other registers behind it: a call,
 * a return?
 */
function renames({ block }: Node): boolean {
  const { kind } = block.terminator;
  return kind === 'call' || kind === 'return' || kind === 'rfi';
}

/** A call at the end of a routine does not come back, or it would run into the next routine. */
function endsRoutine({ program, graph }: Solution, { block, exit }: Node): boolean {
  const { routine } = program.instructions[block.last]!;
  return (
    (block.terminator.kind === 'call' || block.terminator.kind === 'break') &&
    routine >= 0 &&
    program.instructions[graph.nodes[exit.next]!.block.first]!.routine !== routine
  );
}

/**
 * Registers that some instruction of the program writes. Others may hold what code of other files keeps there for the
 * handlers: to read them is no fault.
 */
function writtenInSight({ graph }: Solution): ReadonlySet<number> {
  const written = new Set<number>();
  const seen: readonly Set<readonly number[]>[] = [new Set(), new Set()]; // what is not known shares a long list
  for (const { code, bank } of graph.nodes)
    for (const { effects } of code) {
      if (seen[bank]!.has(effects.writes)) continue;
      seen[bank]!.add(effects.writes);
      for (const resource of effects.writes) written.add(registerOf[bank][resource]!);
    }
  return written;
}

/** Behind a call of code of other files, or a break: the registers that it destroys and returns nothing in. */
function destroy({ conventions }: Solution, node: Node, outputs: readonly number[], state: Int32Array): void {
  const { kind, symbol, handler } = node.block.terminator;
  const returned =
    kind === 'break'
      ? (handler?.returns ?? [[], []])
      : ((symbol === null ? null : conventions.symbols.get(symbol)?.returns) ?? conventions.return.reads);
  const kept = new Set(returned[node.bank]);
  const destroyed = gone('call', node.block.last);
  for (const register of node.exit.clobbers) state[register] = kept.has(register) ? PRESENT : destroyed;
  // The callee's inputs are its own to write (software conventions, 4.1).
  for (const register of outputs) state[register] = destroyed;
}

/**
 * A call of code of another file whose outputs are all left over from an earlier call: nobody passes those on purpose. How
 * many of them it reads is not known, so one that was written since is enough.
 */
function reportArguments(search: Search, node: Node, report: Report): void {
  const { state } = search;
  const { kind, target } = node.block.terminator;
  if (kind !== 'call' || target >= 0) return;
  const outputs = outputsOf(search, node);
  const isLeft = (register: number): boolean => state[register] !== PRESENT && kindOf(state[register]!) === 'call';
  if (outputs.length === 0 || !outputs.every(isLeft)) return;
  for (const register of outputs) report(describe(node.block.last, register, state[register]!), register);
}

/**
 * Code of another file reads, by a convention that names the register, what nothing has written. A convention that gives a
 * whole set of registers says which may be in use, not that each of them is.
 */
function reportExternalReads(solution: Solution, node: Node, state: Int32Array, report: Report): void {
  const { conventions } = solution;
  const { block } = node;
  const named = readByConvention(solution, node).filter((register) => isNamed(conventions, register));
  for (const register of named)
    if (state[register] !== PRESENT) report(describe(block.last, register, state[register]!), register);
}

function isNamed({ call }: Conventions, register: number): boolean {
  if (isPredicate(register)) return call.clobbers[1].includes(register);
  return (isGeneral(register) && !isStacked(register)) || isBranch(register);
}

/** A call reads the arguments it passes: those that nothing has written since the last call are destroyed. */
function outputsOf({ solution: { conventions }, frames }: Search, node: Node): readonly number[] {
  let frame = frames.entry[node.id] ?? null;
  for (const { index } of node.code) frame = frames.after(index, frame);
  // A rotating frame's names move on; another call's convention says itself what it destroys.
  const { symbol, kind } = node.block.terminator;
  if (frame === null || kind !== 'call' || frame.rotating > 0 || (symbol !== null && conventions.symbols.has(symbol)))
    return [];
  return STACKED_REGISTERS.slice(frame.locals, frame.size);
}

/** Takes the state over a node's instructions and reports those that read a destroyed value. */
function transfer(program: Program, node: Node, state: Int32Array, report: Report | null): void {
  const toRegister = registerOf[node.bank];
  const decided = new Partly();
  for (let position = 0; position < node.code.length; position++) {
    const { index, effects, statement } = node.code[position]!;
    const { known, predicate, reads, writes } = effects;
    if (!known) {
      state.fill(PRESENT);
      continue;
    }
    for (let at = 0; report !== null && at < reads.length; at++) {
      const register = toRegister[reads[at]!]!;
      if (register < 0 || !counts(register, predicate)) continue;
      const what = state[register] === PRESENT ? decided.whatWas(register) : state[register]!;
      if (what !== PRESENT && !saves(program, node.code[position]!, register, what))
        report(describe(index, register, what), register);
    }
    // `cmp.eq.or` leaves its predicates as they are, or sets them.
    const parallel = effects.form?.parallel?.length ?? 0;
    // What a return writes, ar.ec among it, is written where control does not come back from.
    if (effects.branch?.kind === 'return') continue;
    for (let at = 0; at < writes.length; at++) {
      const register = toRegister[writes[at]!]!;
      if (register < 0 || parallel > 0) continue;
      if (isPredicate(register)) decided.write(register, effects, writes[at]!, state[register]!);
      state[register] = PRESENT;
    }
    if (empties(statement)) {
      const emptied = gone('frame', index);
      for (const register of STACKED_REGISTERS) state[register] = emptied;
    }
  }
}

/** Does a statement leave an empty register frame? */
function empties(statement: ProgramInstruction['statement']): boolean {
  return statement.kind === 'instruction' && emptiesFrame(statement.mnemonic);
}

/**
 * Does the instruction read what a register held at the beginning without going by it? `mov r=ar.lc` saves what the caller had
 * there, and only a loop counts by it; a store puts away whatever there is; stages of a pipelined loop work with what none before
 * has put there yet; `xor r2=r2,r2` gives 0 whatever r2 was.
 */
function saves(
  { instructions }: Program,
  { effects, statement, index, routine }: ProgramInstruction,
  register: number,
  what: number,
): boolean {
  const { branch, predicate, writesMemory } = effects;
  const kind = kindOf(what);
  if (kind !== 'routine' && kind !== 'entry') return false;
  if (isApplication(register)) return branch?.kind !== 'loop';
  if (kind === 'entry' || !isGeneral(register) || isStacked(register) || isBank0(register)) return false;
  if (writesMemory || predicate !== 0 || combinesWithItself(statement)) return true;
  // By an agreement of its own a routine may be handed what it never writes before; where it does, one way has forgotten it.
  for (let at = index - 1; at >= 0 && instructions[at]!.routine === routine; at--)
    if (instructions[at]!.effects.writes.some((resource) => registerOf[1][resource] === register)) return false;
  return true;
}

function combinesWithItself(statement: ProgramInstruction['statement']): boolean {
  if (statement.kind !== 'instruction' || statement.inputs.length !== 2) return false;
  const [one, other] = statement.inputs;
  return one!.kind === 'name' && other!.kind === 'name' && one!.name === other!.name;
}

/** `mov r=pr` saves all predicates, whatever they are; only a predicate that decides something counts. */
function counts(register: number, qualifying: number): boolean {
  if (isPredicate(register)) return predicateNumber(register) === qualifying;
  return HOLDS_VALUES[register]!;
}

/** Registers that code writes explicitly; not the fields of ar.fpsr, which are read implicitly. */
const HOLDS_VALUES = ALL_REGISTERS.map((register) => {
  const kind = registerByName(registerName(register))?.class;
  return kind === 'gr' || kind === 'br' || kind === 'fr' || kind === 'ar';
});
