/**
 * The runs of one source under several configurations, aligned by their text: code that all runs have is one segment; code that
 * only some have can be entered or passed by, and its presence condition is the `#if` branches that it stands in. A path may
 * leave one run where the runs part and go on in another where they meet, as it does in a configuration of which each
 * condition was seen in some run, but never all of them together. Requires: the programs. A run tells segments apart by
 * where its instructions were spelled.
 */
import type { Decision, PresenceConditions } from '../../preprocess/presence-conditions.ts';
import type { SourceText } from '../../syntax/source.ts';
import type { Program, ProgramInstruction } from '../program/program.ts';

/** Where a segment begins. */
export interface SegmentStart {
  /** By run: its first instruction of the section here or behind; -1 when it has none. */
  readonly instructions: Int32Array;
  /** By run: 1 when it has the segment, 0 when it has no code between here and `next`. */
  readonly enters: Uint8Array;
  /** Whether some configurations enter the segment and others pass it by. */
  readonly isChoice: boolean;
  /** It is entered when all of these are taken. */
  readonly decisions: readonly Decision[];
  /** The position behind the segment; -1 at the end of the section. */
  readonly next: number;
}

export interface AlignedRuns {
  readonly positions: readonly SegmentStart[];
  /** By run and instruction: the first position whose instruction it is, or -1. */
  readonly positionOf: readonly Int32Array[];
  /** By run and instruction: the position of the segment that it belongs to. */
  readonly segmentOf: readonly Int32Array[];
  /** By run and instruction: a number that is the same in every run that has the instruction. */
  readonly placeOf: readonly Int32Array[];
}

/** Null where there is nothing to align: the runs have the same code. */
export function alignRuns(programs: readonly Program[], presence: PresenceConditions): AlignedRuns | null {
  if (programs.length < 2) return null;
  const sections = mergedSections(programs);
  if (sections.every((places) => places.every((place) => !place.includes(NONE)))) return null;
  const labelled = programs.map(labelledInstructions);
  const none = () => programs.map(({ instructions }) => new Int32Array(instructions.length).fill(-1));
  const aligned = { positions: [], positionOf: none(), segmentOf: none(), placeOf: numbered(programs, sections) };
  for (const places of sections) {
    const starts = places.map((_, index) => startOf(programs, labelled, places, index, presence));
    placePositions(programs, places, starts, presence, aligned);
  }
  return aligned;
}

function numbered(programs: readonly Program[], sections: readonly (readonly Place[])[]): Int32Array[] {
  const placeOf = programs.map(({ instructions }) => new Int32Array(instructions.length));
  sections.flat().forEach((place, number) => {
    setForAll(placeOf, place, number);
  });
  return placeOf;
}

/** One instruction of the source, by run: its index in the run, or NONE. */
type Place = Int32Array;
const NONE = -1;

/** Sets a value for the instructions of a place. */
function setForAll(table: readonly Int32Array[], place: Place, value: number): void {
  for (let run = 0; run < place.length; run++) if (place[run] !== NONE) table[run]![place[run]!] = value;
}

/** Some run's instruction of a place. */
function instructionAt(programs: readonly Program[], place: Place): ProgramInstruction {
  const run = place.findIndex((index) => index !== NONE);
  return programs[run]!.instructions[place[run]!]!;
}

/** By section: the instructions of all runs in the order of the text; one that several runs have is there once. */
function mergedSections(programs: readonly Program[]): Place[][] {
  const placeKey = placeKeys();
  const keys = programs.map((program) => identities(program, placeKey));
  const bySection = new Map<string, ProgramInstruction[][]>();
  programs.forEach(({ instructions }, run) => {
    for (const instruction of instructions) {
      const lists = bySection.get(instruction.section) ?? programs.map(() => []);
      bySection.set(instruction.section, lists);
      lists[run]!.push(instruction);
    }
  });
  return [...bySection.values()].map((lists) => mergeLists(lists, keys));
}

/** By instruction: a name that it has in every run, made of where it was spelled and of the macros that carried it. */
function identities({ instructions }: Program, placeKey: (instruction: ProgramInstruction) => string): string[] {
  const seen = new Map<string, number>();
  return instructions.map((instruction) => {
    const key = placeKey(instruction);
    // A body that the assembler repeats spells one instruction several times.
    const count = seen.get(key) ?? 0;
    seen.set(key, count + 1);
    return count === 0 ? key : `${key}#${count}`;
  });
}

/** Where an instruction was spelled, as a key; made once for a statement that several runs have. */
function placeKeys(): (instruction: ProgramInstruction) => string {
  const fileNumbers = new Map<SourceText, number>();
  const numberOf = (file: SourceText): number => {
    const number = fileNumbers.get(file) ?? fileNumbers.size;
    fileNumbers.set(file, number);
    return number;
  };
  const known = new Map<ProgramInstruction['statement'], string>();
  return ({ statement, file, start, use }) => {
    let key = known.get(statement);
    if (key !== undefined) return key;
    key = `${numberOf(file)}:${start}`;
    for (let step = use; step !== null; step = step.parent) key += `|${numberOf(step.file)}:${step.start}`;
    known.set(statement, key);
    return key;
  };
}

/** Merges lists that agree on the order of what they share; what they do not agree on, each has for itself. */
function mergeLists(lists: readonly (readonly ProgramInstruction[])[], keys: readonly (readonly string[])[]): Place[] {
  const waiting = new Map<string, number>();
  lists.forEach((list, run) => {
    for (const { index } of list) waiting.set(keys[run]![index]!, (waiting.get(keys[run]![index]!) ?? 0) + 1);
  });
  const at = lists.map(() => 0);
  const headOf = (run: number): string | null => {
    const instruction = lists[run]![at[run]!];
    return instruction === undefined ? null : keys[run]![instruction.index]!;
  };
  const heads = lists.map((_, run) => headOf(run));
  const places: Place[] = [];
  const runs = lists.map((_, run) => run);
  for (;;) {
    const together = heads[0] !== null && heads.every((head) => head === heads[0]) ? runs : nextRuns();
    if (together.length === 0) return places;
    const place = new Int32Array(lists.length).fill(NONE);
    for (const run of together) {
      place[run] = lists[run]![at[run]!]!.index;
      waiting.set(heads[run]!, waiting.get(heads[run]!)! - 1);
      at[run]!++;
      heads[run] = headOf(run);
    }
    places.push(place);
  }

  /** The runs that have the instruction which comes next; none at the end. */
  function nextRuns(): readonly number[] {
    const open = runs.filter((run) => heads[run] !== null);
    if (open.length === 0) return open;
    const complete = open.filter((run) => countOf(heads, heads[run]!) === waiting.get(heads[run]!));
    const first = firstInText(complete.length > 0 ? complete : open, (run) => lists[run]![at[run]!]!);
    return complete.length > 0 ? complete.filter((run) => heads[run] === heads[first]) : [first];
  }
}

function countOf(heads: readonly (string | null)[], wanted: string | null): number {
  let count = 0;
  for (const head of heads) if (head === wanted) count++;
  return count;
}

/** The run whose next instruction is spelled first. */
function firstInText(runs: readonly number[], next: (run: number) => ProgramInstruction): number {
  return runs.reduce((first, run) => (compareInText(next(run), next(first)) < 0 ? run : first));
}

/** By where the outermost macro was invoked, then by where in its body, and so on. */
function compareInText(a: ProgramInstruction, b: ProgramInstruction): number {
  const here = spelledPath(a);
  const there = spelledPath(b);
  for (let level = 0; level < Math.min(here.length, there.length); level++) {
    const [x, y] = [here[level]!, there[level]!];
    if (x.file !== y.file) return 0;
    if (x.start !== y.start) return x.start - y.start;
  }
  return 0;
}

interface Spelled {
  readonly file: SourceText;
  readonly start: number;
}

/** Where an instruction stands, from the text of a file down through the bodies of the macros. */
function spelledPath({ file, start, use }: ProgramInstruction): Spelled[] {
  const path: Spelled[] = [{ file, start }];
  for (let step = use; step !== null; step = step.parent) path.push(step);
  return path.reverse();
}

function labelledInstructions({ symbols }: Program): Set<number> {
  return new Set(symbols.labels.filter(({ kind }) => kind === 'label').map(({ instruction }) => instruction));
}

/**
 * How a place begins a segment: by a `choice`, where some configurations have the place before it and not this one, or the
 * other way round; by an `entry`, to which control may come from elsewhere; or not at all.
 */
type Start = 'choice' | 'entry' | null;

function startOf(
  programs: readonly Program[],
  labelled: readonly ReadonlySet<number>[],
  places: readonly Place[],
  index: number,
  presence: PresenceConditions,
): Start {
  const place = places[index]!;
  const before = places[index - 1];
  if (before === undefined) return 'choice';
  if (before.some((each, run) => (each === NONE) !== (place[run] === NONE))) return 'choice';
  // Two branches that each run takes both of, or neither, can still be taken one by one.
  const isAlike = () => isDecidedAlike(presence, instructionAt(programs, before), instructionAt(programs, place));
  if (place.includes(NONE) && !isAlike()) return 'choice';
  return place.some((each, run) => each !== NONE && labelled[run]!.has(each)) ? 'entry' : null;
}

/** Whether the same decisions must be taken for one instruction as for another. */
function isDecidedAlike(presence: PresenceConditions, one: ProgramInstruction, other: ProgramInstruction): boolean {
  const decisions = decisionsOn(presence, one);
  const others = decisionsOn(presence, other);
  return decisions.size === others.size && [...decisions].every((decision) => others.has(decision));
}

/** The decisions that an instruction depends on: the `#if` branches around it, and around the macros that it comes from. */
function decisionsOn(presence: PresenceConditions, instruction: ProgramInstruction): Set<Decision> {
  return new Set(spelledPath(instruction).flatMap(({ file, start }) => presence.at(file, start)));
}

/** Adds the positions of a section, the last first. */
function placePositions(
  programs: readonly Program[],
  places: readonly Place[],
  starts: readonly Start[],
  presence: PresenceConditions,
  { positions, positionOf, segmentOf }: AlignedRuns & { positions: SegmentStart[] },
): void {
  const current = new Int32Array(positionOf.length).fill(NONE);
  let next = -1;
  let end = places.length;
  for (let index = places.length - 1; index >= 0; index--) {
    const place = places[index]!;
    for (let run = 0; run < place.length; run++) if (place[run] !== NONE) current[run] = place[run]!;
    const start = starts[index]!;
    if (start === null) continue;
    const behind = next === -1 ? null : positions[next]!.instructions;
    const enters = Uint8Array.from(current, (instruction, run) => (instruction === (behind?.[run] ?? NONE) ? 0 : 1));
    const isChoice = start === 'choice' && enters.includes(0);
    const decisions = isChoice ? [...decisionsOn(presence, instructionAt(programs, place))] : [];
    const position = positions.push({ instructions: current.slice(), enters, isChoice, decisions, next }) - 1;
    setForAll(positionOf, current, position);
    // To pass a choice by is to pass all that is decided with it.
    if (start === 'entry') continue;
    next = position;
    for (let at = index; at < end; at++) setForAll(segmentOf, places[at]!, position);
    end = index;
  }
}
