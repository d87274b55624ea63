/**
 * Serialization across branches. A taken branch ends an instruction group, but it serializes nothing: code that writes
 * psr.dt and branches must still serialize before the code at the label accesses memory. The assembler forgets the write at
 * the branch; this follows it. Beyond calls, returns and indirect branches nothing is reported.
 */

import type { Program } from '../analysis/program/program.ts';
import { resolveTarget } from '../analysis/program/symbols.ts';
import { goesElsewhere } from '../machine/branches.ts';
import { type DependencySemantics, dependency } from '../machine/dependencies.ts';
import type { Effects } from '../machine/effects.ts';
import { resourceName } from '../machine/resources.ts';
import { DATA, INSTRUCTION, serializedBy } from '../machine/serialization.ts';
import { dependencyDirective } from './directives.ts';
import type { FoundViolation } from './reading.ts';
import type { PendingWrite, TakenBranch } from './taken-branch.ts';

interface Arrival {
  readonly instruction: number;
  readonly pending: readonly PendingWrite[];
}

interface Paths {
  readonly program: Program;
  readonly labelled: Uint8Array;
  /** By instruction at a label: the resources that a path with an unserialized write has reached it with. */
  readonly passed: Map<number, Set<number>>;
  readonly arrivals: Arrival[];
  readonly found: FoundViolation[];
}

/** A path down the text from a label. */
interface PathState {
  pending: readonly PendingWrite[];
  /** A srlz.i was passed, and no stop behind it yet. */
  serializing: boolean;
}

/**
 * Violations that only a path through taken branches shows. Each resource passes each label once, so the cost is that
 * of the text times the few resources that need serialization at all.
 */
export function readAcrossBranches(program: Program, departures: readonly TakenBranch[]): FoundViolation[] {
  const paths: Paths = { program, labelled: labelledInstructions(program), passed: new Map(), arrivals: [], found: [] };
  for (const { branch, pending } of departures) arrive(paths, branch, pending);
  for (let arrival = paths.arrivals.pop(); arrival !== undefined; arrival = paths.arrivals.pop())
    followPath(paths, arrival);
  return paths.found;
}

function labelledInstructions({ symbols, instructions }: Program): Uint8Array {
  const labelled = new Uint8Array(instructions.length);
  for (const { kind, instruction } of symbols.labels)
    if (kind === 'label' && instruction >= 0) labelled[instruction] = 1;
  return labelled;
}

/** Follows a branch to its label, if the program has it. */
function arrive({ program, arrivals }: Paths, branch: number, pending: readonly PendingWrite[]): void {
  const { effects, statementIndex } = program.instructions[branch]!;
  if (effects.branch?.kind !== 'jump' || pending.length === 0) return;
  const instruction = resolveTarget(program.symbols, effects.branch.target, statementIndex)?.label?.instruction ?? -1;
  if (instruction >= 0) arrivals.push({ instruction, pending });
}

function followPath(paths: Paths, { instruction, pending }: Arrival): void {
  const state: PathState = { pending, serializing: false };
  for (let at = instruction; at >= 0; at = paths.program.next[at]!) {
    if (paths.labelled[at] === 1) state.pending = state.pending.filter((each) => isNew(paths.passed, at, each));
    if (state.pending.length === 0 || !step(paths, at, state)) return;
    passBetween(paths.program, at, state);
  }
}

function isNew(passed: Map<number, Set<number>>, at: number, { resource, dataSerialized }: PendingWrite): boolean {
  let here = passed.get(at);
  if (here === undefined) {
    here = new Set();
    passed.set(at, here);
  }
  const key = 2 * resource + (dataSerialized ? 1 : 0);
  if (here.has(key)) return false;
  here.add(key);
  return true;
}

/** Takes the path over one instruction; false when it ends there, or cannot be followed. */
function step(paths: Paths, at: number, state: PathState): boolean {
  const { effects } = paths.program.instructions[at]!;
  const { form, branch, predicate, writes } = effects;
  if (form === null) return false;
  if (form.position === 'first') endGroup(state);
  for (const pending of state.pending) {
    const semantics = violated(pending, effects);
    if (semantics !== null) paths.found.push(violation(pending, at, semantics));
  }
  // What the instruction writes itself is found by reading the text from top to bottom.
  state.pending = state.pending.filter(({ resource }) => predicate !== 0 || !writes.includes(resource));
  const serialized = serializedBy(effects);
  if (serialized === DATA) serializeData(state);
  else if ((serialized & INSTRUCTION) !== 0) state.serializing = true;
  if (form.position === 'last') endGroup(state);
  if (!goesElsewhere(effects)) return true;
  arrive(paths, at, state.pending);
  return branch?.kind === 'jump' && predicate !== 0;
}

/** What is missing between a pending write and an instruction that uses what it wrote; null when nothing is. */
function violated(
  { resource, mark, dataSerialized }: PendingWrite,
  { reads, consults, predicate, form }: Effects,
): DependencySemantics | null {
  if (!reads.includes(resource) && !(consults?.includes(resource) ?? false)) return null;
  // Under two different predicates there may be no execution that contains both.
  if (mark.effects.predicate > 0 && predicate > 0 && mark.effects.predicate !== predicate) return null;
  const { semantics } = dependency('RAW', resource, mark.form, form!);
  if (semantics === 'instr') return semantics;
  return semantics === 'data' && !dataSerialized ? semantics : null;
}

function violation({ resource, mark }: PendingWrite, second: number, semantics: DependencySemantics): FoundViolation {
  return {
    kind: 'RAW',
    resource: resourceName(resource),
    first: mark.instruction,
    second,
    semantics,
    seenByGas: false,
  };
}

/** Stops and directives between an instruction and the one that follows it in the section. */
function passBetween({ instructions, next, statements, tokens }: Program, at: number, state: PathState): void {
  const following = instructions[next[at]!];
  if (following === undefined) return;
  for (let index = instructions[at]!.statementIndex + 1; index < following.statementIndex; index++) {
    const statement = statements[index]!;
    if (statement.kind === 'stop') endGroup(state);
    else if (statement.kind === 'directive') {
      const directive = dependencyDirective(statement, tokens)?.kind;
      if (directive === 'serializeData') serializeData(state);
      else if (directive === 'serializeInstruction') state.pending = [];
    }
  }
}

function serializeData(state: PathState): void {
  state.pending = state.pending.map((pending) => ({ ...pending, dataSerialized: true }));
}

/** A srlz.i takes effect behind the stop that follows it. */
function endGroup(state: PathState): void {
  if (state.serializing) state.pending = [];
  state.serializing = false;
}
