/**
 * Reads a program from top to bottom as GNU as does and finds where an instruction depends on another without what must
 * stand between them. Branches are not followed: behind one that is always taken no earlier access counts, and at a label
 * only those of the text above it do. paths.ts follows the branches.
 */

import type { Program, ProgramInstruction } from '../analysis/program/program.ts';
import type { GroupEnds } from '../bundles/layout.ts';
import { leavesOrCalls } from '../machine/branches.ts';
import { allocFrame } from '../machine/decode.ts';
import { type DependencyKind, type DependencySemantics, hasWriteAfterRead } from '../machine/dependencies.ts';
import type { Effects, Form } from '../machine/effects.ts';
import { RESOURCE_COUNT, resourceName } from '../machine/resources.ts';
import type { Instruction, Statement } from '../syntax/tree.ts';
import {
  type AccessPair,
  CFM,
  indexAt,
  isNumbered,
  readsRotatingPredicate,
  requiredBetween,
  touchSameRegister,
} from './access-pair.ts';
import { effectsForAssembler } from './assembler.ts';
import { dependencyDirective } from './directives.ts';
import { followControl, obey, passInstruction, rotatingOf } from './follow.ts';
import * as marking from './marks.ts';
import { followPredicates } from './predicates.ts';
import {
  endGroup,
  type Findings,
  type FoundViolation,
  type Reading,
  type ReadingOptions,
  startReading,
} from './reading.ts';
import { followValues } from './values.ts';

/** Resources that must not be written too soon behind a read. */
const isReadBeforeWrite = Uint8Array.from({ length: RESOURCE_COUNT }, (_, resource) =>
  hasWriteAfterRead(resource) ? 1 : 0,
);

/** Every violation that the text shows when it is read from top to bottom, in that order. */
export function readForViolations(program: Program, groups: GroupEnds, options: ReadingOptions): Findings {
  const reading = startReading(program, options);
  const { statements } = program;
  for (let at = 0; at < statements.length; at++) {
    if (groups.endsGroup[at] === 1) endGroup(reading);
    readStatement(reading, statements[at]!, at, groups);
  }
  return { violations: reading.found, departures: reading.departures };
}

function readStatement(reading: Reading, statement: Statement, at: number, groups: GroupEnds): void {
  switch (statement.kind) {
    case 'instruction': {
      const instruction = reading.program.instructions[reading.program.instructionOf[at]!];
      if (instruction !== undefined) readInstruction(reading, statement, instruction);
      break;
    }
    case 'stop':
      if (!reading.automatic) endGroup(reading);
      break;
    case 'label':
      if (groups.inCode[at] === 1) reading.knowledge.relations.age++;
      break;
    case 'directive': {
      const directive = dependencyDirective(statement, reading.program.tokens);
      if (directive !== null) obey(reading, directive);
      else if (statement.name === '.regstk') reading.knowledge.rotating = rotatingOf(statement.args);
      break;
    }
    default:
  }
}

function readInstruction(reading: Reading, statement: Instruction, { index, effects: real }: ProgramInstruction): void {
  const { marks, knowledge } = reading;
  const effects = knowledge.asAssembler ? effectsForAssembler(real, statement) : real;
  const { form } = effects;
  // The assembler chooses a unit for these only after it has looked at dependencies.
  if (form === null || (form.unit === 'any' && knowledge.asAssembler)) return;
  if (!knowledge.asAssembler) checkPosition(reading, index, effects.predicate, form);
  if (form.position === 'first') {
    endGroup(reading);
    knowledge.rotating = allocFrame(statement, PLAIN_SCOPE)?.rotating ?? knowledge.rotating;
  }
  marks.sequence++;
  const use = markOf(reading, index, statement, effects, form);
  checkUse(reading, use);
  markUse(reading, use);
  passInstruction(reading, effects);
  followPredicates(marks, knowledge.relations, statement, effects, reading.safeAcrossCalls);
  followControl(reading, index, effects);
  followValues(knowledge.values, statement, effects, knowledge.relations.age);
  knowledge.spillBit = -1;
  if (form.position === 'last') endGroup(reading);
  reading.mustBeLast = form.position === 'last' ? index : -1;
  reading.lastOfGroup = form.position === 'last' ? -1 : index;
}

function markOf(
  { marks, knowledge }: Reading,
  instruction: number,
  statement: Instruction,
  effects: Effects,
  form: Form,
): marking.Access {
  const { predicate } = effects;
  return {
    instruction,
    statement,
    sequence: marks.sequence,
    effects,
    form,
    start: marks.start,
    group: marks.group,
    age: knowledge.relations.age,
    predicateValue: predicate > 0 ? marks.predicateValues[predicate]! : 0,
    index: null,
  };
}

/**
 * An instruction that must be the first or last of its instruction group and is not: the assembler inserts a stop without a
 * message.
 */
function checkPosition(reading: Reading, instruction: number, predicate: number, form: Form): void {
  const { lastOfGroup, mustBeLast } = reading;
  if (reading.positions && mustBeLast >= 0) misplaced(reading, mustBeLast, instruction);
  if (reading.positions && form.position === 'first' && lastOfGroup >= 0) misplaced(reading, lastOfGroup, instruction);
  if (!form.predicable && predicate !== 0) misplaced(reading, instruction, instruction);
}

function misplaced({ found }: Reading, first: number, second: number): void {
  found.push({ kind: 'position', resource: 'group', first, second, semantics: 'stop', seenByGas: false });
}

const PLAIN_SCOPE = { alias: () => undefined, frame: null };

function checkUse(reading: Reading, use: marking.Access): void {
  const { reads, writes, consults } = use.effects;
  const { written, read } = reading.marks;
  for (let at = 0; at < reads.length; at++) {
    const list = written[reads[at]!];
    if (list !== undefined) checkAgainst(reading, use, 'RAW', reads[at]!, list);
  }
  if (consults !== undefined) {
    for (let at = 0; at < consults.length; at++) {
      const list = written[consults[at]!];
      if (list !== undefined && !reads.includes(consults[at]!)) checkAgainst(reading, use, 'RAW', consults[at]!, list);
    }
  }
  checkFrame(reading, use);
  for (let at = 0; at < writes.length; at++) {
    const list = written[writes[at]!];
    if (list !== undefined) checkAgainst(reading, use, 'WAW', writes[at]!, list);
    const earlier = read[writes[at]!];
    if (earlier !== undefined) checkAgainst(reading, use, 'WAR', writes[at]!, earlier);
  }
}

/** A rotating qualifying predicate is found through the frame, as rotating operands are. */
function checkFrame(reading: Reading, use: marking.Access): void {
  const list = reading.marks.written[CFM];
  if (list === undefined || !readsRotatingPredicate(use.effects)) return;
  const { reads, consults } = use.effects;
  if (!reads.includes(CFM) && !(consults?.includes(CFM) ?? false)) checkAgainst(reading, use, 'RAW', CFM, list);
}

function checkAgainst(
  reading: Reading,
  second: marking.Access,
  kind: DependencyKind,
  resource: number,
  list: readonly marking.Access[],
): void {
  const { marks, knowledge, automatic, found } = reading;
  const stopDoes = !knowledge.asAssembler && marking.needsStopAtMost(resource);
  for (let at = 0; at < list.length; at++) {
    if (stopDoes && !marking.inSameGroup(marks, list[at]!)) continue;
    if (!marking.reaches(marks, list[at]!)) continue;
    const pair = { kind, resource, first: list[at]!, second };
    const needed = requiredBetween(pair, knowledge.asAssembler);
    for (let which = 0; which < needed.length; which++) {
      const semantics = needed[which]!;
      if (marking.isKept(marks, pair.first, semantics, knowledge.asAssembler)) continue;
      if (!touchSameRegister(knowledge, pair, semantics)) continue;
      if (automatic) resolve(marks, pair.first, semantics);
      else found.push(violation(pair, semantics, knowledge.asAssembler));
    }
  }
}

function violation(
  { kind, resource, first, second }: AccessPair,
  semantics: DependencySemantics,
  seenByGas: boolean,
): FoundViolation {
  return {
    kind,
    resource: resourceName(resource),
    first: first.instruction,
    second: second.instruction,
    semantics,
    seenByGas,
  };
}

/** Inserts what the assembler inserts by itself. */
function resolve(marks: marking.Marks, mark: marking.Access, semantics: DependencySemantics): void {
  if (marking.inSameGroup(marks, mark)) marking.nextGroup(marks);
  if (semantics === 'instr') {
    marking.serializeInstruction(marks);
    marking.nextGroup(marks);
  } else if (semantics === 'data' || semantics === 'specific') marking.serializeData(marks);
}

function markUse({ marks, knowledge }: Reading, use: marking.Access): void {
  const { reads, writes } = use.effects;
  for (let at = 0; at < reads.length; at++) {
    if (isReadBeforeWrite[reads[at]!] === 1) marking.addRead(marks, reads[at]!, use);
  }
  // A branch that is not taken has written nothing, and one that is taken goes elsewhere.
  if (leavesOrCalls(use.effects)) return;
  for (let at = 0; at < writes.length; at++) {
    const resource = writes[at]!;
    if (!marking.isTracked(resource)) continue;
    const index = isNumbered[resource] === 1 ? indexAt(knowledge, use, resource, use.age) : null;
    marking.addWrite(marks, resource, index === null ? use : { ...use, index });
  }
}
