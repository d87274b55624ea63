/** Proof by execution of whole listings: from each entry, from many states, beside the source. */

import type { Analysis } from '../analysis/analysis.ts';
import type { Program } from '../analysis/program/program.ts';
import { resolveTarget } from '../analysis/program/symbols.ts';
import type { Conventions } from '../config/conventions.ts';
import { AddressSpace } from '../execution/addresses.ts';
import { type Image, makeImage } from '../execution/image.ts';
import { NATIVE } from '../execution/instruction.ts';
import { hex } from '../execution/memory.ts';
import { type ExecutionExit, Unexecutable } from '../execution/signals.ts';
import { PSR } from '../execution/system-state.ts';
import { World } from '../execution/world.ts';
import { TABLE } from '../expand/table-files.ts';
import { mayFallThrough } from '../machine/branches.ts';
import { alignedWith } from './align.ts';
import type { Contract } from './contract.ts';
import { type Entry, entriesOf } from './entries.ts';
import { CALLEE_SCRATCH, inLockstep, type LockstepResult, type Rules, type Side } from './lockstep.ts';
import { machineIn, type Start, startState } from './start.ts';

/** A listing to be judged. */
export interface Subject {
  readonly label: string;
  readonly program: Program;
  /** Null: the listing runs on a processor. */
  readonly contract: Contract | null;
  /** Registers that expansions of the listing use as scratch. */
  readonly scratch: ReadonlySet<string>;
  /** The most words of the table that its calls go through. */
  readonly table?: number;
}

export interface Effort {
  /** States for each entry, and the first one's seed. */
  readonly states: number;
  readonly seed: number;
  /** The most instructions of the source from one entry. */
  readonly steps: number;
  /** The most calls of C that a run is followed through. */
  readonly exits: number;
  /** Only the entry of this name; null: all. */
  readonly entry: string | null;
  /** Different states at which an entry's judgement ends. */
  readonly failures: number;
  progress?(entry: string, done: number, all: number): void;
}

export interface DifferingState {
  readonly seed: number;
  readonly reasons: readonly string[];
  readonly exit: string;
}

export interface EntryResult {
  readonly entry: Entry;
  readonly states: number;
  readonly equal: number;
  /** States from which the source itself has no meaning, with one reason. */
  readonly undefined: number;
  readonly reason: string;
  readonly endless: number;
  readonly failures: readonly DifferingState[];
  /** The first instruction that cannot be executed: the comparison of the entry ends there. */
  readonly refusal: Unexecutable | null;
}

export interface SubjectResult {
  readonly label: string;
  readonly entries: readonly EntryResult[];
}

export interface HandlersResult {
  readonly subjects: readonly SubjectResult[];
  readonly coverage: CoverageResult;
}

export interface CoverageResult {
  /** Outcomes of conditional branches: taken and not taken. */
  readonly reachable: number;
  readonly covered: number;
  /** Instructions whose branch went one way only, and which way it never went. */
  readonly missed: readonly { readonly instruction: number; readonly way: 'taken' | 'not taken' }[];
}

/** A source ready to be compared with. */
export interface Source {
  readonly conventions: Conventions;
  readonly analysis: Analysis;
  readonly space: AddressSpace;
  readonly image: Image;
  readonly entries: readonly Entry[];
  readonly starts: Map<string, Start>;
}

export function sourceOf(analysis: Analysis, conventions: Conventions): Source {
  const space = new AddressSpace();
  const image = makeImage(analysis.program, space, NATIVE);
  return { analysis, conventions, space, image, entries: entriesOf(image, analysis), starts: new Map() };
}

export function subjectImage(source: Source, { program, contract }: Subject): Image {
  const { foreign } = alignedWith(source.image.program, program);
  return makeImage(program, source.space, contract?.platform ?? NATIVE, { image: source.image, foreign });
}

/** Judges listings of one source. */
export function verifyHandlers(source: Source, subjects: readonly Subject[], effort: Effort): HandlersResult {
  const coverage = new Uint8Array(source.image.code.length);
  const entries = source.entries.filter(({ name, nested }) =>
    effort.entry === null ? !nested : name === effort.entry,
  );
  const results = subjects.map((subject): SubjectResult => {
    const image = subjectImage(source, subject);
    const judged = entries.map((entry, at) => {
      const judge = (each: Entry) => judgeEntry(source, subject, image, each, effort, coverage);
      let result = judge(entry);
      // Most code runs with psr.ic on. Where all states with it on are undefined, the entry is run with it off.
      if (entry.psrIc === null && result.undefined === result.states) result = judge({ ...entry, psrIc: 0 });
      effort.progress?.(`${subject.label} ${entry.name}`, at + 1, entries.length);
      return result;
    });
    return { label: subject.label, entries: judged };
  });
  return { subjects: results, coverage: coverageOf(source, entries, coverage) };
}

function judgeEntry(
  source: Source,
  subject: Subject,
  image: Image,
  entry: Entry,
  effort: Effort,
  coverage: Uint8Array,
): EntryResult {
  const failures: DifferingState[] = [];
  const counts = { equal: 0, undefined: 0, endless: 0 };
  let reason = '';
  let states = 0;
  for (; states < effort.states && failures.length < effort.failures; states++) {
    const seed = effort.seed + states;
    const verdict = judgedOrRefused(() => judgeState(source, subject, image, entry, seed, effort, coverage));
    if (verdict instanceof Unexecutable) return { entry, states, ...counts, reason, failures, refusal: verdict };
    if (verdict.kind === 'different') failures.push({ seed, reasons: verdict.reasons, exit: verdict.exit });
    else {
      counts[verdict.kind]++;
      if (verdict.kind !== 'equal') reason = verdict.reason;
    }
  }
  return { entry, states, ...counts, reason, failures, refusal: null };
}

function judgedOrRefused(judge: () => LockstepResult): LockstepResult | Unexecutable {
  try {
    return judge();
  } catch (error) {
    if (error instanceof Unexecutable) return error;
    throw error;
  }
}

/** An entry and a state to begin it in, on both sides; a text says why the listing cannot be begun. */
export function sidesAt(
  source: Source,
  { contract, table = 0 }: Subject,
  image: Image,
  entry: Entry,
  seed: number,
): { native: Side; guest: Side } | string {
  const world = new World(seed, source.image.code.constants);
  const off = entry.psrIc === 0 ? PSR.ic | PSR.i : 0n;
  const complete = !source.analysis.mayHaveIncompleteFrame(entry.instruction);
  const start = startOf(source, world, `${entry.kind} ${entry.bank} ${off} ${complete}`, () =>
    startState(world, entry.kind, { clear: off, bank: entry.bank, complete }),
  );
  const nested = source.entries.find((each) => each.nested);
  const native = {
    image: source.image,
    machine: machineIn(start, world, null, source.image.data, contract?.pinned),
    at: entry.instruction,
    nested: nested?.instruction,
  };
  const at = image.indexAt(entry.address);
  if (at === undefined) return `the listing has no code at ${entry.name}`;
  const guest = {
    image,
    machine: machineIn(start, world, contract, image.data),
    at,
    nested: nested === undefined ? undefined : image.indexAt(nested.address),
  };
  const first = image.labels.get(TABLE);
  if (first !== undefined) guest.machine.table = { first, behind: first + 8n * BigInt(table) };
  return { native, guest };
}

/** Entries that are begun alike share their states. */
function startOf({ starts }: Source, { seed }: World, kind: string, make: () => Start): Start {
  const key = `${kind} ${seed}`;
  let start = starts.get(key);
  if (start === undefined) {
    if (starts.size >= MOST_STARTS) starts.clear();
    start = make();
    starts.set(key, start);
  }
  return start;
}

/** States that are kept to be begun in again. */
const MOST_STARTS = 4000;

/** Runs one entry from one state. */
export function judgeState(
  source: Source,
  subject: Subject,
  image: Image,
  entry: Entry,
  seed: number,
  effort: Pick<Effort, 'steps' | 'exits'> & { readonly watches?: Rules['watches'] },
  coverage?: Uint8Array,
): LockstepResult {
  const sides = sidesAt(source, subject, image, entry, seed);
  if (typeof sides === 'string') return { kind: 'different', reasons: [sides], exit: 'entry' };
  return inLockstep(sides.native, sides.guest, rulesFor(source, subject, effort, coverage));
}

function rulesFor(
  source: Source,
  { scratch }: Subject,
  effort: Pick<Effort, 'steps' | 'exits'> & { readonly watches?: Rules['watches'] },
  coverage?: Uint8Array,
): Rules {
  return {
    steps: effort.steps,
    exits: effort.exits,
    ...(coverage === undefined ? {} : { coverage }),
    ...(effort.watches === undefined ? {} : { watches: effort.watches }),
    returnsThrough: (address) =>
      source.conventions.symbols.get(source.space.nameOf(address) ?? '')?.link ?? RETURN_POINTER,
    nameOf: (address) => source.space.nameOf(address) ?? hex(address),
    excusedAt: (exit, instruction) => excused(source, scratch, exit, instruction),
  };
}

/** b0, by the software conventions. */
const RETURN_POINTER = 0;

const liveAt = new WeakMap<Analysis, Map<number, ReadonlySet<string>>>();

/** Scratch registers of the listing that code behind the exit does not read by the conventions. */
function excused(
  source: Source,
  scratch: ReadonlySet<string>,
  exit: ExecutionExit,
  instruction: number,
): ReadonlySet<string> {
  if (exit.kind === 'call') return CALLEE_SCRATCH;
  let known = liveAt.get(source.analysis);
  if (known === undefined) {
    known = new Map();
    liveAt.set(source.analysis, known);
  }
  let live = known.get(instruction);
  if (live === undefined) {
    live = new Set(source.analysis.liveBehind(instruction));
    known.set(instruction, live);
  }
  const { size } = live;
  return size === 0 ? scratch : new Set([...scratch].filter((name) => !live.has(name)));
}

/** The conditional branches that control can come to from the entries, and how many outcomes of them were met. */
function coverageOf(source: Source, entries: readonly Entry[], coverage: Uint8Array): CoverageResult {
  const { image } = source;
  const reached = reachable(source, entries, coverage);
  const missed: { instruction: number; way: 'taken' | 'not taken' }[] = [];
  let all = 0;
  for (const index of reached) {
    const instruction = image.code.at(index);
    if (typeof instruction !== 'object' || instruction.predicate === 0 || !instruction.isBranch) continue;
    if (image.program.instructions[index]!.effects.branch === null) continue;
    all += 2;
    if ((coverage[index]! & 1) === 0) missed.push({ instruction: index, way: 'taken' });
    if ((coverage[index]! & 2) === 0) missed.push({ instruction: index, way: 'not taken' });
  }
  return { reachable: all, covered: all - missed.length, missed };
}

function reachable({ image, analysis }: Source, entries: readonly Entry[], coverage: Uint8Array): ReadonlySet<number> {
  const { program } = analysis;
  const reached = new Set<number>();
  const pending = entries.map(({ instruction }) => instruction);
  const goOn = (index: number | undefined): void => {
    if (index !== undefined && index >= 0 && !reached.has(index)) pending.push(index);
  };
  coverage.forEach((ways, index) => {
    if (ways !== 0) pending.push(index);
  });
  for (let index = pending.pop(); index !== undefined; index = pending.pop()) {
    if (reached.has(index)) continue;
    reached.add(index);
    const { effects, statementIndex } = program.instructions[index]!;
    const { branch } = effects;
    if (mayFallThrough(effects)) goOn(program.next[index]);
    if (branch?.target != null) goOn(targetOf(image, branch.target, statementIndex));
  }
  return reached;
}

function targetOf(image: Image, target: Parameters<typeof resolveTarget>[1], statement: number): number | undefined {
  const label = resolveTarget(image.program.symbols, target, statement)?.label;
  return label == null ? undefined : label.instruction;
}
