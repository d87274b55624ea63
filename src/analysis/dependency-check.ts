/**
 * Reads a program from top to bottom as GNU as does and finds where an instruction depends on another without what
 * must stand between them. What code jumps over is not followed: behind a taken branch everything begins afresh, and at
 * a label only what the text above it leaves is there. dependency-paths.ts follows the branches.
 */
import { type DependencyKind, type DependencySemantics, hasWriteAfterRead } from '../machine/dependencies.ts';
import { allocFrame, constantValue, type Effects, type Form, RESOURCE_COUNT, resourceName } from '../machine/index.ts';
import type { Expression, Instruction, Statement } from '../syntax/tree.ts';
import type { Layout } from './bundle-layout.ts';
import { effectsForAssembler } from './dependency-assembler.ts';
import { type DependencyDirective, dependencyDirective, setOf } from './dependency-directives.ts';
import * as marking from './dependency-marks.ts';
import {
  CFM,
  indexAt,
  isNumbered,
  type Knowledge,
  meet,
  readsRotatingPredicate,
  semanticsOf,
  type Use,
} from './dependency-meeting.ts';
import type { Departure } from './dependency-paths.ts';
import { followPredicates } from './dependency-predicates.ts';
import * as relating from './dependency-relations.ts';
import { fileRegister, followValues, forgetValues, newValues, setValue } from './dependency-values.ts';
import type { Program, ProgramInstruction } from './program.ts';

/** An instruction that comes too soon behind another, or stands where it may not. */
export interface DependencyViolation {
  /**
   * RAW, WAW, WAR: as the manual has it. serialization: a srlz.d stands where a srlz.i must. position: it must be the
   * first or the last of its instruction group and is not (`resource` is `group`), or must not be predicated.
   */
  readonly kind: DependencyKind | 'serialization' | 'position';
  /** `r8`, `psr.ic`, `cfm`. */
  readonly resource: string;
  /** Instruction indices in the program. */
  readonly first: number;
  readonly second: number;
  readonly semantics: DependencySemantics;
  /** GNU as -x warns of it, too. */
  readonly seenByGas: boolean;
}

/**
 * How to read. `assembler`: as GNU as does, with what it does not know or gets wrong. `manual`: as the manual says.
 */
export type Reader = 'assembler' | 'manual';

/** The state of a reading under way. */
interface Reading {
  readonly program: Program;
  readonly marks: marking.Marks;
  readonly knowledge: Knowledge;
  readonly found: DependencyViolation[];
  /** Between `.auto` and `.explicit` the assembler puts in what is missing. */
  automatic: boolean;
  /** `.pred.safe_across_calls` */
  safeAcrossCalls: readonly number[];
  readonly departures: Departure[];
  readonly exclusions: (KnownExclusions | undefined)[];
  /** A `break` that the hypervisor or the kernel does not come back from. */
  readonly neverReturns: (instruction: number) => boolean;
  readonly positions: boolean;
  /** The last instruction of the open group, and one that must be its last; -1: none. */
  lastOfGroup: number;
  mustBeLast: number;
}

/** What a reading finds. */
export interface Findings {
  readonly violations: readonly DependencyViolation[];
  /** Branches that may be taken with writes that are not serialized. */
  readonly departures: readonly Departure[];
  /** By instruction: what was known in front of it of predicates that exclude each other. */
  readonly exclusions: readonly (KnownExclusions | undefined)[];
}

export interface KnownExclusions {
  readonly exclusions: readonly relating.Exclusion[];
  readonly age: number;
}

export interface ReadingOptions {
  readonly reader: Reader;
  /** Whether a `break`, by its index in the program, never comes back; left out: all do. */
  readonly neverReturns?: (instruction: number) => boolean;
  /** Report where the assembler puts in a stop because an instruction must begin or end its group. */
  readonly positions?: boolean;
}

/** Resources that must not be written too soon behind a read. */
const isReadBeforeWrite = Uint8Array.from({ length: RESOURCE_COUNT }, (_, resource) =>
  hasWriteAfterRead(resource) ? 1 : 0,
);

/** Every violation that the text shows when it is read from top to bottom, in that order. */
export function readForViolations(program: Program, layout: Layout, options: ReadingOptions): Findings {
  const { reader, neverReturns = () => false, positions = false } = options;
  const asAssembler = reader === 'assembler';
  const reading: Reading = {
    program,
    marks: marking.newMarks(RESOURCE_COUNT),
    knowledge: {
      asAssembler,
      relations: relating.newRelations(asAssembler),
      values: newValues(),
      spillBit: -1,
      rotating: 0,
    },
    found: [],
    automatic: false,
    safeAcrossCalls: [],
    departures: [],
    exclusions: [],
    neverReturns,
    positions,
    lastOfGroup: -1,
    mustBeLast: -1,
  };
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

function endGroup(reading: Reading): void {
  marking.endGroup(reading.marks);
  reading.lastOfGroup = reading.mustBeLast = -1;
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
function knownNow(
  { exclusions, age }: relating.PredicateRelations,
  before: KnownExclusions | undefined,
): KnownExclusions {
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

/** A branch that, when taken, does not come back to what follows. */
function leaves({ branch }: Effects): boolean {
  const kind = branch?.kind;
  return kind === 'jump' || kind === 'call' || kind === 'return' || kind === 'rfi';
}

/** Serialization, and branches that may leave the code. */
function passInstruction({ marks, knowledge }: Reading, { predicate, branch }: Effects, { id }: Form): void {
  if (id === SERIALIZE_INSTRUCTION) marking.serializeInstruction(marks);
  else if (id === SERIALIZE_DATA) marking.serializeData(marks);
  else if (predicate > 0 && branch !== null && branch.kind !== 'loop' && branch.kind !== 'check') {
    const implying = relating.passBranch(knowledge.relations, predicate);
    if (branch.kind === 'call') marking.passCallUnder(marks, predicate, implying);
    else marking.passBranchUnder(marks, predicate, implying);
  }
}

const SERIALIZE_DATA = 'srlz-d';
const SERIALIZE_INSTRUCTION = 'srlz-i';

/** Behind a branch that is always taken nothing of what came before is there. */
function followControl(reading: Reading, instruction: number, effects: Effects): void {
  const { marks, knowledge } = reading;
  const { branch, predicate, form } = effects;
  if (branch === null) {
    if (predicate === 0 && isBreak(form) && reading.neverReturns(instruction)) leaveForGood(reading);
    return;
  }
  if (branch.kind === 'jump' && !knowledge.asAssembler) depart(reading, instruction, predicate);
  if (branch.kind === 'call') forgetValues(knowledge.values);
  if (branch.kind !== 'rfi' && branch.kind !== 'ia32' && (predicate !== 0 || !leaves(effects))) return;
  marking.startAfresh(marks);
  forgetValues(knowledge.values);
  // A call comes back; and the assembler does not forget what it knows of predicates where the rotation is reset.
  const remembers = branch.kind === 'call' || (knowledge.asAssembler && effects.writes.includes(CFM));
  relating.beginAfresh(knowledge.relations, remembers);
}

const isBreak = (form: Form | null): boolean => form !== null && /^break(-|$)/.test(form.id);

function leaveForGood({ marks, knowledge }: Reading): void {
  if (knowledge.asAssembler) return;
  marking.startAfresh(marks);
  forgetValues(knowledge.values);
  relating.beginAfresh(knowledge.relations, false);
}

/** Takes note of what is pending where a branch may be taken. */
function depart({ marks, knowledge, departures }: Reading, branch: number, predicate: number): void {
  const pending = marking.unserialized(marks).filter(({ mark }) => {
    const { predicate: first } = mark.effects;
    return first <= 0 || predicate <= 0 || !relating.exclude(knowledge.relations, first, predicate, mark.age);
  });
  if (pending.length > 0) departures.push({ branch, pending });
}

function obey(reading: Reading, directive: DependencyDirective): void {
  const { marks, knowledge } = reading;
  const { relations } = knowledge;
  switch (directive.kind) {
    case 'mutex':
      relating.learnExclusion(relations, setOf(directive.predicates));
      break;
    case 'imply':
      relating.learnImplication(relations, directive.predicates[0] ?? 0, directive.predicates[1] ?? 0);
      break;
    case 'clear':
      relating.forget(
        relations,
        directive.predicates.length === 0 ? relating.ALL_PREDICATES : setOf(directive.predicates),
      );
      break;
    case 'safeAcrossCalls':
      reading.safeAcrossCalls = directive.predicates;
      break;
    case 'serializeData':
      endGroup(reading);
      marking.serializeData(marks);
      endGroup(reading);
      break;
    case 'serializeInstruction':
      endGroup(reading);
      marking.serializeInstruction(marks);
      endGroup(reading);
      break;
    case 'memoryOffset':
      knowledge.spillBit = directive.bit;
      break;
    case 'registerValue':
      setValue(knowledge.values, directive.register, directive.value, relations.age);
      break;
    default:
      if (reading.automatic !== (directive.kind === 'auto')) endGroup(reading);
      reading.automatic = directive.kind === 'auto';
  }
}

function rotatingOf(args: readonly Expression[]): number {
  return args[3] === undefined ? 0 : Number(constantValue(args[3], PLAIN_SCOPE) ?? 0n);
}
