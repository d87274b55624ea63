/**
 * The accesses of the code up to a point, and what has come since each of them: stops, serialization, branches. No list is
 * cleared at a stop: groups, serializations and branches are numbered, and an access is compared with the numbers when it
 * is asked for. So each instruction costs time for the resources that it uses, however much code is in front of it.
 */
import { type DependencySemantics, strongestSemantics } from '../machine/dependencies.ts';
import type { Effects, Form } from '../machine/effects.ts';
import { resourceRegister } from '../machine/register-table.ts';
import type { Instruction } from '../syntax/tree.ts';

/** One instruction that touches resources: being checked against earlier ones, and later one that others are held against. */
export interface Access {
  /** Its index in the program, and its place among all that were checked. */
  readonly instruction: number;
  readonly sequence: number;
  readonly statement: Instruction;
  readonly effects: Effects;
  readonly form: Form;
  readonly start: number;
  readonly group: number;
  /** Age of what was known of predicates (relations.ts). */
  readonly age: number;
  /** Identifies the value of its qualifying predicate: a write to the predicate gives a new one. */
  readonly predicateValue: number;
  /** Which register of an indirect file, or bit of ar.unat, when it is known. */
  readonly index: bigint | null;
}

/** The most accesses that are kept of one resource: older ones make no dependency that these do not. */
const MOST_MARKS = 64;

export interface Marks {
  /** By resource; no list where nothing was written, or read, yet. */
  readonly written: (Access[] | undefined)[];
  readonly read: (Access[] | undefined)[];
  sequence: number;
  /** How often a branch was always taken: accesses from before the last one do not count. */
  start: number;
  group: number;
  /** Last srlz.d: its group and sequence. */
  dataGroup: number;
  dataSequence: number;
  /** Last srlz.i, and the last one in a group before this. */
  instructionGroup: number;
  instructionGroupDone: number;
  /** By predicate: the number of its value now. */
  readonly predicateValues: Int32Array;
  values: number;
  /** By value of a predicate: the sequence of the last branch, or call, under it. */
  readonly leftAt: number[];
  /** By predicate: the sequence of the last call under it, and of the last branch under one it implies. */
  readonly calledAt: Int32Array;
  readonly impliedLeftAt: Int32Array;
  /** Resources that were written and may need serialization. */
  readonly toSerialize: Set<number>;
}

const PREDICATES = 64;

export function newMarks(resources: number): Marks {
  return {
    written: new Array<Access[] | undefined>(resources).fill(undefined),
    read: new Array<Access[] | undefined>(resources).fill(undefined),
    sequence: 0,
    start: 0,
    group: 0,
    dataGroup: -1,
    dataSequence: -1,
    instructionGroup: -1,
    instructionGroupDone: -1,
    predicateValues: Int32Array.from({ length: PREDICATES }, (_, predicate) => predicate),
    values: PREDICATES,
    leftAt: new Array<number>(PREDICATES).fill(-1),
    calledAt: new Int32Array(PREDICATES).fill(-1),
    impliedLeftAt: new Int32Array(PREDICATES).fill(-1),
    toSerialize: new Set(),
  };
}

export function nextGroup(marks: Marks): void {
  if (marks.instructionGroup === marks.group) marks.instructionGroupDone = marks.group;
  marks.group++;
}

export function serializeData(marks: Marks): void {
  marks.dataGroup = marks.group;
  marks.dataSequence = marks.sequence;
}

export function serializeInstruction(marks: Marks): void {
  marks.instructionGroup = marks.group;
}

export function startAfresh(marks: Marks): void {
  marks.start++;
}

/** A predicate was written: later branches under it do not concern accesses under its old value. */
export function renewPredicate(marks: Marks, predicate: number): void {
  marks.predicateValues[predicate] = marks.values;
  marks.leftAt[marks.values++] = -1;
}

/** A branch under the predicate was not taken: accesses under the same value of it have not happened. */
export function passBranchUnder(marks: Marks, predicate: number, implying: readonly number[]): void {
  marks.leftAt[marks.predicateValues[predicate]!] = marks.sequence;
  for (const each of implying) marks.impliedLeftAt[each] = marks.sequence;
}

/** A call under the predicate was passed: for accesses under that predicate, the instruction group has ended. */
export function passCallUnder(marks: Marks, predicate: number, implying: readonly number[]): void {
  marks.calledAt[predicate] = marks.sequence;
  for (const each of implying) marks.impliedLeftAt[each] = marks.sequence;
}

/** Whether an execution that contains the access can reach this point. */
export function reaches(marks: Marks, mark: Access): boolean {
  if (mark.start !== marks.start) return false;
  const { predicate } = mark.effects;
  if (predicate <= 0) return true;
  return marks.leftAt[mark.predicateValue]! <= mark.sequence && marks.impliedLeftAt[predicate]! <= mark.sequence;
}

function calledSince(marks: Marks, { effects, sequence }: Access): boolean {
  return effects.predicate > 0 && marks.calledAt[effects.predicate]! > sequence;
}

export function inSameGroup(marks: Marks, mark: Access): boolean {
  return mark.group === marks.group && !calledSince(marks, mark);
}

/** A stop, then srlz.d. */
export function isDataSerialized(marks: Marks, mark: Access): boolean {
  if (marks.dataGroup > mark.group) return true;
  return calledSince(marks, mark) && marks.dataSequence > marks.calledAt[mark.effects.predicate]!;
}

/** A stop, then srlz.i, then a stop. */
export function isInstructionSerialized(marks: Marks, mark: Access): boolean {
  return marks.instructionGroupDone > mark.group;
}

/**
 * Whether a dependency on the mark is kept. The assembler takes a srlz.d for enough where a srlz.i must stand, and a stop
 * for nothing where a write must not overtake a read.
 */
export function isKept(marks: Marks, mark: Access, semantics: DependencySemantics, asAssembler: boolean): boolean {
  switch (semantics) {
    case 'none':
      return true;
    case 'data':
      return isDataSerialized(marks, mark) || isInstructionSerialized(marks, mark);
    case 'instr':
      return isInstructionSerialized(marks, mark) || (asAssembler && isDataSerialized(marks, mark));
    case 'specific':
      return marks.dataSequence > mark.sequence;
    case 'stop':
      return !asAssembler && !inSameGroup(marks, mark);
    default:
      return !inSameGroup(marks, mark);
  }
}

const strongest: (ReturnType<typeof strongestSemantics> | undefined)[] = [];

/** What dependencies through the resource ask for at most: nothing of it itself where its fields stand for it. */
function strongestOf(resource: number): ReturnType<typeof strongestSemantics> {
  strongest[resource] ??= resourceRegister(resource).fields.length > 0 ? 'none' : strongestSemantics(resource);
  return strongest[resource];
}

/** Whether dependencies go through the resource itself. */
export function isTracked(resource: number): boolean {
  return strongestOf(resource) !== 'none';
}

/** Whether a stop is all that dependencies through the resource ever ask for. */
export function needsStopAtMost(resource: number): boolean {
  return strongestOf(resource) === 'implied';
}

/** Keeps a read which a later write of its group must not change. */
export function addRead(marks: Marks, resource: number, mark: Access): void {
  const list = marks.read[resource];
  if (list === undefined) marks.read[resource] = [mark];
  else append(list, mark);
}

function append(list: Access[], mark: Access): void {
  if (list.length >= MOST_MARKS) list.shift();
  list.push(mark);
}

/** Keeps a write, and drops earlier ones that make no dependency of their own any more. */
export function addWrite(marks: Marks, resource: number, mark: Access): void {
  const list = marks.written[resource];
  if (list === undefined) marks.written[resource] = [mark];
  else {
    if (list.length > 0) prune(marks, list, resource);
    append(list, mark);
  }
  const strength = strongestOf(resource);
  if (strength === 'data' || strength === 'instr') marks.toSerialize.add(resource);
}

/** The writes that are not serialized at this point, each with its resource. */
export function unserialized(marks: Marks): { resource: number; mark: Access; dataSerialized: boolean }[] {
  const pending: { resource: number; mark: Access; dataSerialized: boolean }[] = [];
  for (const resource of marks.toSerialize) {
    const needsInstruction = strongestOf(resource) === 'instr';
    const waiting = marks.written[resource]!.filter(
      (mark) => reaches(marks, mark) && matters(marks, mark, needsInstruction) && !isInstructionSerialized(marks, mark),
    );
    if (waiting.length === 0) marks.toSerialize.delete(resource);
    for (const mark of waiting) pending.push({ resource, mark, dataSerialized: isDataSerialized(marks, mark) });
  }
  return pending;
}

function prune(marks: Marks, list: Access[], resource: number): void {
  const last = list.at(-1)!;
  const strength = strongestOf(resource);
  if (last.start !== marks.start || (strength === 'implied' && last.group !== marks.group)) {
    list.length = 0;
    return;
  }
  if (strength === 'implied') return;
  let kept = 0;
  for (const mark of list) if (matters(marks, mark, strength === 'instr')) list[kept++] = mark;
  list.length = kept;
}

function matters(marks: Marks, mark: Access, needsInstruction: boolean): boolean {
  if (mark.start !== marks.start) return false;
  if (isInstructionSerialized(marks, mark)) return marks.dataSequence <= mark.sequence;
  return needsInstruction || !isDataSerialized(marks, mark);
}
