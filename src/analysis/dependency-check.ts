/**
 * Reads a program from top to bottom as GNU as does and finds where an instruction depends on another without what
 * must stand between them. What code jumps over is not followed: behind a taken branch everything begins afresh, and at
 * a label only what the text above it leaves is there. dependency-paths.ts follows the branches.
 */
import { type DependencyKind, type DependencySemantics, hasWriteAfterRead } from '../machine/dependencies.ts';
import { allocFrame, type Effects, type Form, RESOURCE_COUNT, resourceName } from '../machine/index.ts';
import type { Instruction, Statement } from '../syntax/tree.ts';
import type { Layout } from './bundle-run.ts';
import { effectsForAssembler } from './dependency-assembler.ts';
import { dependencyDirective } from './dependency-directives.ts';
import { followControl, leaves, obey, passInstruction, rotatingOf } from './dependency-follow.ts';
import * as marking from './dependency-marks.ts';
import { CFM, indexAt, isNumbered, meet, readsRotatingPredicate, semanticsOf, type Use } from './dependency-meeting.ts';
import { followPredicates } from './dependency-predicates.ts';
import {
  type DependencyViolation,
  endGroup,
  type Findings,
  type KnownExclusions,
  type Reading,
  type ReadingOptions,
  startReading,
} from './dependency-reading.ts';
import type { PredicateRelations } from './dependency-relations.ts';
import { fileRegister, followValues } from './dependency-values.ts';
import type { Program, ProgramInstruction } from './program.ts';

/** Resources that must not be written too soon behind a read. */
const isReadBeforeWrite = Uint8Array.from({ length: RESOURCE_COUNT }, (_, resource) =>
  hasWriteAfterRead(resource) ? 1 : 0,
);

/** Every violation that the text shows when it is read from top to bottom, in that order. */
export function readForViolations(program: Program, layout: Layout, options: ReadingOptions): Findings {
  const reading = startReading(program, options);
  const { statements } = program;
  for (let at = 0; at < statements.length; at++) {
    if (layout.endsGroup[at] === 1) endGroup(reading);
    readStatement(reading, statements[at]!, at, layout);
  }
  return { violations: reading.found, departures: reading.departures, exclusions: reading.exclusions };
}

function readStatement(reading: Reading, statement: Statement, at: number, layout: Layout): void {
  switch (statement.kind) {
    case 'instruction': {
      const instruction = reading.program.instructions[reading.program.instructionOf[at]!];
      if (instruction !== undefined) readInstruction(reading, statement, instruction);
      break;
    }
    case 'stop':
      if (!reading.automatic) endGroup(reading);
      break;
    case 'label': {
      const section = layout.sections[layout.section[at]!];
      if (section?.code) reading.knowledge.relations.age++;
      break;
    }
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
  reading.exclusions[index] = knownNow(knowledge.relations, reading.exclusions[index - 1]);
  const effects = knowledge.asAssembler ? effectsForAssembler(real, statement) : real;
  const { form } = effects;
  // The assembler chooses a unit for these only after it has looked at dependencies.
  if (form === null || (form.unit === 'any' && knowledge.asAssembler)) return;
  checkPosition(reading, index, effects, form);
  if (form.position === 'first') endGroup(reading);
  if (form.position === 'first')
    knowledge.rotating = allocFrame(statement, PLAIN_SCOPE)?.rotating ?? knowledge.rotating;
  const use: Use = { knowledge, statement, instruction: index, effects, form, fileRegister: fileRegister(statement) };
  checkUse(reading, use);
  marks.sequence++;
  markUse(marks, use);
  passInstruction(reading, effects, form);
  followPredicates(marks, knowledge.relations, statement, effects, reading.safeAcrossCalls);
  followControl(reading, index, effects);
  followValues(knowledge.values, statement, effects, knowledge.relations.age);
  knowledge.spillBit = -1;
  if (form.position === 'last') endGroup(reading);
  reading.mustBeLast = form.position === 'last' ? index : -1;
  reading.lastOfGroup = form.position === 'last' ? -1 : index;
}

/** An instruction that must begin or end its group, in its midst: the assembler puts in a stop and says nothing. */
function checkPosition(reading: Reading, instruction: number, { predicate }: Effects, form: Form): void {
  const { found, lastOfGroup, mustBeLast } = reading;
  if (reading.knowledge.asAssembler) return;
  const report = (first: number) =>
    found.push({
      kind: 'position',
      resource: 'group',
      first,
      second: instruction,
      semantics: 'stop',
      seenByGas: false,
    });
  if (reading.positions && mustBeLast >= 0) report(mustBeLast);
  if (reading.positions && form.position === 'first' && lastOfGroup >= 0) report(lastOfGroup);
  if (!form.predicable && predicate !== 0) report(instruction);
}

/** What is known now; the same object as long as nothing changes. */
function knownNow({ exclusions, age }: PredicateRelations, before: KnownExclusions | undefined): KnownExclusions {
  return before?.exclusions === exclusions && before.age === age ? before : { exclusions, age };
}

const PLAIN_SCOPE = { alias: () => undefined, frame: null };

function checkUse(reading: Reading, use: Use): void {
  const { reads, writes, consults } = use.effects;
  const { written, read } = reading.marks;
  for (const resource of reads) {
    const list = written[resource];
    if (list !== undefined) checkAgainst(reading, use, 'RAW', resource, list);
  }
  if (consults !== undefined) {
    for (const resource of consults) {
      const list = written[resource];
      if (list !== undefined && !reads.includes(resource)) checkAgainst(reading, use, 'RAW', resource, list);
    }
  }
  checkFrame(reading, use);
  for (const resource of writes) {
    const list = written[resource];
    if (list !== undefined) checkAgainst(reading, use, 'WAW', resource, list);
    const earlier = read[resource];
    if (earlier !== undefined) checkAgainst(reading, use, 'WAR', resource, earlier);
  }
}

/** A rotating qualifying predicate is found through the frame, as rotating operands are. */
function checkFrame(reading: Reading, use: Use): void {
  const { reads, consults } = use.effects;
  const list = reading.marks.written[CFM];
  if (list === undefined || !readsRotatingPredicate(use.effects)) return;
  if (!reads.includes(CFM) && !(consults?.includes(CFM) ?? false)) checkAgainst(reading, use, 'RAW', CFM, list);
}

function checkAgainst(
  { marks, automatic, found }: Reading,
  use: Use,
  kind: DependencyKind,
  resource: number,
  list: readonly marking.Mark[],
): void {
  for (const mark of list) {
    if (!marking.reaches(marks, mark)) continue;
    for (const semantics of semanticsOf(use, kind, resource, mark)) {
      if (marking.isKept(marks, mark, semantics, use.knowledge.asAssembler)) continue;
      if (!meet(use, kind, resource, mark, semantics)) continue;
      if (automatic) resolve(marks, mark, semantics);
      else found.push(violation(use, kind, resource, mark, semantics));
    }
  }
}

function violation(
  { knowledge, instruction }: Use,
  kind: DependencyKind,
  resource: number,
  { instruction: first }: marking.Mark,
  semantics: DependencySemantics,
): DependencyViolation {
  return {
    kind,
    resource: resourceName(resource),
    first,
    second: instruction,
    semantics,
    seenByGas: knowledge.asAssembler,
  };
}

/** What the assembler puts in by itself. */
function resolve(marks: marking.Marks, mark: marking.Mark, semantics: DependencySemantics): void {
  if (marking.inSameGroup(marks, mark)) marking.endGroup(marks);
  if (semantics === 'instr') {
    marking.serializeInstruction(marks);
    marking.endGroup(marks);
  } else if (semantics === 'data' || semantics === 'specific') marking.serializeData(marks);
}

function markUse(marks: marking.Marks, use: Use): void {
  const { effects, knowledge, instruction, statement, form } = use;
  const { predicate } = effects;
  const plain: marking.Mark = {
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
  for (const resource of effects.reads) {
    if (isReadBeforeWrite[resource] === 1) marking.addRead(marks, resource, plain);
  }
  // A branch that is not taken has written nothing, and one that is taken goes elsewhere.
  if (leaves(effects)) return;
  for (const resource of effects.writes) {
    if (!marking.isTracked(resource)) continue;
    const index = isNumbered[resource] === 1 ? indexAt(use, resource, plain.age) : null;
    marking.addWrite(marks, resource, index === null ? plain : { ...plain, index });
  }
}
