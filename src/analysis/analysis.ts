/** What the analysis answers. The passes that find it out are in solve.ts. */

import type { Conventions } from '../config/conventions.ts';
import { type Bank, isCurrent, registerName, registerNamed } from '../machine/register-numbers.ts';
import { resourceNamed } from '../machine/resources.ts';
import { nameRegister } from '../machine/scope.ts';
import type { PresenceConditions } from '../preprocess/presence-conditions.ts';
import type { Token } from '../syntax/token.ts';
import type { Statement } from '../syntax/tree.ts';
import { UNKNOWN_PSR_IC } from './flow/state.ts';
import { type VectorSlot, vectorSlots } from './flow/vector-slots.ts';
import { type WrongMode, wrongModes } from './flow/wrong-modes.ts';
import { clobberedReads } from './liveness/clobbered-reads.ts';
import type { ClobberedRead } from './liveness/gone.ts';
import { type OverwrittenValue, overwrittenValues } from './liveness/overwritten.ts';
import { liveAfter, pointsOf, type Solution } from './liveness/program-points.ts';
import { explain, type Reason } from './liveness/reasons.ts';
import { type FreeRegisters, freeRegisters } from './liveness/scratch.ts';
import { Names } from './program/names.ts';
import type { Program, ProgramInstruction } from './program/program.ts';
import { type UnfinishedFlush, unfinishedFlushes } from './values/flushes.ts';
import { type FrameUses, frameUses } from './values/frame-uses.ts';
import { type IncompleteFrames, incompleteFrames } from './values/incomplete-frames.ts';
import { interruptsLeftOff } from './values/interrupts-off.ts';
import type { Loss } from './values/loss.ts';
import { losses } from './values/losses.ts';
import { type ReplacedByResult, replacedByResults } from './values/retries.ts';
import { type RoutineFacts, routineFacts } from './values/routines.ts';
import { overwrittenStores, type StoreOverwritten } from './values/stores.ts';
import { translationOff } from './values/translation.ts';
import { type PreprocessedCode, solveAlone, solveTogether } from './variants/solve.ts';

/** What is known of an instruction's neighbours in its group: resources of effects, in front of it and behind it. */
export interface Neighbours {
  readonly before: { readonly reads: ReadonlySet<number>; readonly writes: ReadonlySet<number> };
  readonly after: { readonly reads: ReadonlySet<number>; readonly writes: ReadonlySet<number> };
}

export interface Analysis {
  readonly program: Program;
  readonly instructions: readonly ProgramInstruction[];
  /** Instruction index of a statement; -1 when it is no instruction. */
  instructionOf(statement: number): number;
  neighbours(instruction: number): Neighbours;
  /** Register banks that it may run on; two when paths disagree. */
  banksAt(instruction: number): readonly Bank[];
  /** psr.ic in front of it; null when paths disagree. */
  psrIcAt(instruction: number): 0 | 1 | null;
  /** Is psr.dt known to be 1 in front of it? */
  translatesData(instruction: number): boolean;
  /** Whether the register frame may be incomplete (a mandatory load may be outstanding) before an instruction: no call is allowed. */
  mayHaveIncompleteFrame(instruction: number): boolean;
  /** The labels from which such a frame may come there; empty where none has a name. */
  incompleteFrom(instruction: number): readonly string[];
  /** Registers proven free as scratch for code in its place. */
  freeAt(instruction: number): FreeRegisters;
  /** Why a register, by its name (`r8`, `b6`, `p6`), may or may not be scratch there. */
  explain(instruction: number, register: string): Reason;
  /** Whether a name means a register there: `r8`, `ar.pfs`, `in0` of the frame, an alias of the file. */
  hasRegister(instruction: number, name: string): boolean;
  /** Registers read by what may run behind it, on any bank it may run on; r16-r31 are those of the bank it runs on. */
  liveBehind(instruction: number): readonly string[];
  /** What each `.proc` needs, destroys and keeps. */
  routines(): readonly RoutineFacts[];
  /** Slots of the interruption vector tables. */
  vectors(): readonly VectorSlot[];
  /** Values that are computed and surely overwritten before anything reads them. */
  overwritten(): readonly OverwrittenValue[];
  /** Reads of values that a call or a fault has destroyed, or that were never written. */
  clobberedReads(): readonly ClobberedRead[];
  /** Registers that a handler does not give back to the interrupted code, or a routine to its caller. */
  losses(): readonly Loss[];
  /** What the code does with register frames that are known. */
  frames(): FrameUses;
  /** Instructions that need psr.ic, psr.i or the bank otherwise than it is. */
  wrongModes(): readonly WrongMode[];
  /** Flushes of code that nothing completes on some way. */
  unfinishedFlushes(): readonly UnfinishedFlush[];
  /** Stores that the next store to the same address overwrites. */
  overwrittenStores(): readonly StoreOverwritten[];
  /** Values that the result of a compare and exchange replaces, and that its next try reads. */
  replacedByResults(): readonly ReplacedByResult[];
}

export interface AnalysisOptions {
  readonly conventions: Conventions;
  /** A header is missing, which could define names as registers. */
  readonly unseen?: boolean;
}

/** Analyses code by itself. */
export function analyse(
  statements: readonly Statement[],
  tokens: readonly Token[],
  { conventions, unseen = false }: AnalysisOptions,
): Analysis {
  return answers(solveAlone({ statements, tokens, unseen }, conventions));
}

/**
 * Analyses the runs of one source under several configurations. What is live in a run is then what may be read in any
 * configuration that is made of the branches that the runs took.
 *
 * @param presence what decides which run has which code
 */
export function analyseTogether(
  runs: readonly PreprocessedCode[],
  presence: PresenceConditions,
  { conventions }: AnalysisOptions,
): Analysis[] {
  return solveTogether(runs, presence, conventions).map(answers);
}

/** The number of a register by any name that it has at the instruction: `r8`, `ret0`, `in0`, an alias; -1 when there is none. */
function registerMeant(program: Program, instruction: number, name: string): number {
  const number = registerNamed(name);
  if (number >= 0) return number;
  const names = new Names();
  const { statementIndex } = program.instructions[instruction]!;
  for (let at = 0; at <= statementIndex; at++) names.follow(program.statements[at]!, at);
  const register = nameRegister(name, names);
  return register === undefined ? -1 : registerNamed(register.name);
}

function answers(solution: Solution): Analysis {
  let facts: readonly RoutineFacts[] | undefined;
  const { program } = solution;
  let off: Uint8Array | undefined;
  let incomplete: IncompleteFrames | undefined;
  return {
    program,
    instructions: program.instructions,
    instructionOf: (statement) => program.instructionOf[statement] ?? -1,
    neighbours: (instruction) => neighbours(program, instruction),
    banksAt: (instruction) => pointsOf(solution, instruction).map((point) => point.node.bank),
    psrIcAt: (instruction) => {
      const values = new Set(pointsOf(solution, instruction).map((point) => point.node.psrIc[point.position]!));
      const [value] = values;
      return values.size !== 1 || value === UNKNOWN_PSR_IC ? null : (value as 0 | 1);
    },
    translatesData: (instruction) => {
      off ??= translationOff(solution);
      return off[instruction] === 0;
    },
    mayHaveIncompleteFrame: (instruction) => {
      incomplete ??= incompleteFrames(solution);
      return incomplete.marks[instruction] === 1;
    },
    incompleteFrom: (instruction) => {
      incomplete ??= incompleteFrames(solution);
      return incomplete.entriesOf(instruction);
    },
    freeAt: (instruction) => freeRegisters(solution, instruction),
    explain: (instruction, register) => {
      const number = registerMeant(program, instruction, register);
      if (number < 0)
        return { verdict: 'reserved', text: `${register} is no register that the analysis follows`, instructions: [] };
      return explain(solution, instruction, number);
    },
    hasRegister: (instruction, name) => resourceNamed(name) >= 0 || registerMeant(program, instruction, name) >= 0,
    liveBehind: (instruction) => {
      const names = new Set<string>();
      for (const point of pointsOf(solution, instruction)) {
        liveAfter(solution, point).forEach((byte, register) => {
          if (byte !== 0 && isCurrent(register, point.node.bank)) names.add(registerName(register));
        });
      }
      return [...names];
    },
    routines: () => {
      facts ??= routineFacts(solution);
      return facts;
    },
    vectors: () => vectorSlots(solution),
    overwritten: () => overwrittenValues(solution),
    clobberedReads: () => clobberedReads(solution),
    losses: () => losses(solution),
    frames: () => frameUses(solution),
    wrongModes: () => [...wrongModes(solution), ...interruptsLeftOff(solution)],
    unfinishedFlushes: () => unfinishedFlushes(solution),
    overwrittenStores: () => overwrittenStores(solution),
    replacedByResults: () => replacedByResults(solution),
  };
}

function neighbours(program: Program, instruction: number): Neighbours {
  const result = {
    before: { reads: new Set<number>(), writes: new Set<number>() },
    after: { reads: new Set<number>(), writes: new Set<number>() },
  };
  for (const member of program.groups[program.instructions[instruction]!.group]!) {
    if (member === instruction) continue;
    const side = member < instruction ? result.before : result.after;
    const { reads, writes } = program.instructions[member]!.effects;
    for (const resource of reads) side.reads.add(resource);
    for (const resource of writes) side.writes.add(resource);
  }
  return result;
}
