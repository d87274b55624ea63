/**
 * The writes that are not serialized in front of each instruction, on some path that leads there: a forward may analysis
 * over single instructions. Paths: the order of the text (as the assembler reads it), branches and calls to labels of the
 * program, and, through registers, to return points and to labels whose address is taken. Code of other files is assumed to
 * leave no write unserialized.
 */

import type { Program, ProgramInstruction } from '../analysis/program/program.ts';
import { type Label, mentionedLabels, resolveTarget } from '../analysis/program/symbols.ts';
import { neverFallsThrough } from '../machine/branches.ts';
import type { Effects } from '../machine/effects.ts';
import { NOTHING, type Serialization } from '../machine/serialization.ts';

/** The effect of one instruction, or of the expansion in its place, on the pending writes. */
export interface SerializationEffect {
  /** Serialized, of what earlier instruction groups changed. */
  readonly serializes: Serialization;
  /** The kinds of writes of its own that need serialization behind it. */
  readonly awaits: Serialization;
}

/** By instruction: what is pending in front of it that earlier groups, or its own, have changed. */
export type PendingBefore = readonly Serialization[];

/**
 * A state: what earlier groups left pending in the lower bits, what the open group did in the upper ones, which a
 * serialization in the same group does not reach.
 */
type State = number;
const FRESH = 2;
const LOWER = (1 << FRESH) - 1;

const settled = (state: State): State => (state | (state >> FRESH)) & LOWER;

/** @param stepOf by instruction index */
export function pendingBefore(program: Program, stepOf: (instruction: number) => SerializationEffect): PendingBefore {
  const { instructions } = program;
  const paths = pathsOf(program);
  const states = new Uint8Array(instructions.length);
  // The state that branches through registers lead to their targets, and the instructions that it is joined into.
  let indirect: State = NOTHING;
  const waiting: number[] = [];
  const queued = new Uint8Array(instructions.length).fill(1);
  for (let at = instructions.length - 1; at >= 0; at--) waiting.push(at);
  const arrive = (at: number, state: State) => {
    if ((states[at]! | state) === states[at]) return;
    states[at]! |= state;
    if (queued[at] === 1) return;
    queued[at] = 1;
    waiting.push(at);
  };
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    queued[at] = 0;
    const step = stepOf(at);
    const behind = (states[at]! & ~step.serializes) | (step.awaits << FRESH);
    const { text, target, throughRegister } = paths.from[at]!;
    for (const next of text)
      arrive(next, instructions[next]!.group === instructions[at]!.group ? behind : settled(behind));
    if (target >= 0) arrive(target, settled(behind));
    if (!throughRegister || (indirect | settled(behind)) === indirect) continue;
    indirect |= settled(behind);
    for (const place of paths.reachedThroughRegisters) arrive(place, indirect);
  }
  return Array.from(states, settled);
}

interface Paths {
  readonly from: readonly Exits[];
  /** Return points, and labels whose address is taken. */
  readonly reachedThroughRegisters: readonly number[];
}

interface Exits {
  /** What follows in the text and in the section, unless control surely goes elsewhere. */
  readonly text: readonly number[];
  /** Where a branch to a label goes; -1: nowhere in the program. */
  readonly target: number;
  readonly throughRegister: boolean;
}

/** Which program has which paths does not depend on the target. */
const known = new WeakMap<Program, Paths>();

function pathsOf(program: Program): Paths {
  let paths = known.get(program);
  if (paths === undefined) {
    paths = findPaths(program);
    known.set(program, paths);
  }
  return paths;
}

function findPaths(program: Program): Paths {
  const reached = new Set<number>();
  const labels: Label[] = program.data.flatMap(({ values }) => values.flat());
  const from = program.instructions.map((instruction, at): Exits => {
    const { effects, statement, statementIndex } = instruction;
    const text = neverFallsThrough(effects) ? [] : following(program, at);
    const { branch } = effects;
    if (branch === null) {
      if (statement.kind === 'instruction')
        for (const input of statement.inputs) mentionedLabels(program.symbols, input, statementIndex, labels);
      return { text, target: -1, throughRegister: false };
    }
    // A call comes back, with what was pending before it where its routine serializes nothing.
    if (branch.kind === 'call') for (const point of following(program, at)) reached.add(point);
    return { text, target: targetOf(program, instruction), throughRegister: goesThroughRegister(effects) };
  });
  for (const { kind, instruction } of labels) if (kind === 'label' && instruction >= 0) reached.add(instruction);
  return { from, reachedThroughRegisters: [...reached] };
}

function goesThroughRegister({ branch }: Effects): boolean {
  return branch !== null && branch.through !== null && branch.kind !== 'rfi';
}

function targetOf({ symbols }: Program, { effects, statementIndex }: ProgramInstruction): number {
  const target = effects.branch?.target ?? null;
  return target === null ? -1 : (resolveTarget(symbols, target, statementIndex)?.label?.instruction ?? -1);
}

/** The instruction that follows in the text, and the one that follows in the section. */
function following({ instructions, next }: Program, at: number): number[] {
  const inText = at + 1 < instructions.length ? [at + 1] : [];
  return next[at]! < 0 || next[at] === at + 1 ? inText : [...inText, next[at]!];
}
