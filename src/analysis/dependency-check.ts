/**
 * Reads a program from top to bottom as GNU as does and finds where an instruction depends on another without what
 * must stand between them. What code jumps over is not followed: behind a taken branch everything begins afresh, and at
 * a label only what the text above it leaves is there. dependency-paths.ts follows the branches.
 */
import {
  type DependencyKind,
  type DependencySemantics,
  dependency,
  hasWriteAfterRead,
} from '../machine/dependencies.ts';
import {
  allocFrame,
  constantValue,
  type Effects,
  type Form,
  RESOURCE_COUNT,
  resourceName,
  resourceNamed,
} from '../machine/index.ts';
import { resourceRegister } from '../machine/register-table.ts';
import type { Expression, Instruction, Statement } from '../syntax/tree.ts';
import type { Layout } from './bundle-layout.ts';
import { type DependencyDirective, dependencyDirective, setOf } from './dependency-directives.ts';
import type { Mark, Marks } from './dependency-marks.ts';
import * as marking from './dependency-marks.ts';
import { followPredicates, parallelWrites } from './dependency-predicates.ts';
import type { PredicateRelations } from './dependency-relations.ts';
import * as relating from './dependency-relations.ts';
import {
  followValues,
  forgetValues,
  indexRegister,
  newValues,
  type RegisterValues,
  setValue,
  valueAt,
} from './dependency-values.ts';
import type { Program, ProgramInstruction } from './program.ts';

/** An instruction that comes too soon behind another, or stands where it may not. */
export interface DependencyViolation {
  /** RAW, WAW, WAR: as the manual has it. serialization: srlz.d stands where srlz.i must. */
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
  readonly reader: Reader;
  readonly marks: Marks;
  readonly relations: PredicateRelations;
  readonly values: RegisterValues;
  readonly found: DependencyViolation[];
  /** Between `.auto` and `.explicit` the assembler puts in what is missing. */
  automatic: boolean;
  /** `.pred.safe_across_calls` */
  safeAcrossCalls: readonly number[];
  /** `.mem.offset` for the next instruction; -1: none. */
  spillBit: number;
  /** Rotating general registers of the current frame: r32 and up. */
  rotating: number;
}

const CFM = resourceNamed('cfm');
const UNAT = resourceNamed('ar.unat');
/** Files whose registers are told apart by number. */
const NUMBERED = new Uint8Array(RESOURCE_COUNT);
for (const file of ['rr', 'dbr', 'ibr', 'pkr', 'pmc', 'pmd', 'cpuid']) NUMBERED[resourceNamed(file)] = 1;
/** Resources that must not be written too soon behind a read. */
const isReadBeforeWrite = Uint8Array.from({ length: RESOURCE_COUNT }, (_, resource) =>
  hasWriteAfterRead(resource) ? 1 : 0,
);
const RR = resourceNamed('rr');

/** Every violation that the text shows when it is read from top to bottom, in that order. */
export function readForViolations(program: Program, layout: Layout, reader: Reader): DependencyViolation[] {
  const reading: Reading = {
    program,
    reader,
    marks: marking.newMarks(RESOURCE_COUNT),
    relations: relating.newRelations(reader === 'assembler'),
    values: newValues(),
    found: [],
    automatic: false,
    safeAcrossCalls: [],
    spillBit: -1,
    rotating: 0,
  };
  const { statements } = program;
  for (let at = 0; at < statements.length; at++) {
    if (layout.endsGroup[at] === 1) marking.endGroup(reading.marks);
    readStatement(reading, statements[at]!, at, layout);
  }
  return reading.found;
}

function readStatement(reading: Reading, statement: Statement, at: number, layout: Layout): void {
  switch (statement.kind) {
    case 'instruction': {
      const instruction = reading.program.instructions[reading.program.instructionOf[at]!];
      if (instruction !== undefined) readInstruction(reading, statement, instruction);
      break;
    }
    case 'stop':
      if (!reading.automatic) marking.endGroup(reading.marks);
      break;
    case 'label': {
      const section = layout.sections[layout.section[at]!];
      if (section?.code) reading.relations.age++;
      break;
    }
    case 'directive': {
      const directive = dependencyDirective(statement, reading.program.tokens);
      if (directive !== null) obey(reading, directive);
      else if (statement.name === '.regstk') reading.rotating = rotatingOf(statement.args);
      break;
    }
    default:
  }
}

function readInstruction(reading: Reading, statement: Instruction, { index, effects }: ProgramInstruction): void {
  const { marks, relations } = reading;
  const { form } = effects;
  // The assembler chooses a unit for these only after it has looked at dependencies.
  if (form === null || (form.unit === 'any' && reading.reader === 'assembler')) return;
  if (form.position === 'first') marking.endGroup(marks);
  reading.rotating = allocFrame(statement, PLAIN_SCOPE)?.rotating ?? reading.rotating;
  const register = indexRegister(statement);
  const use: Use = { reading, statement, instruction: index, effects, form, register };
  checkUse(use);
  marks.sequence++;
  markUse(use);
  passInstruction(reading, effects, form);
  followPredicates(marks, relations, statement, effects, reading.safeAcrossCalls);
  followControl(reading, effects);
  followValues(reading.values, statement, effects, relations.age);
  reading.spillBit = -1;
  if (form.position === 'last') marking.endGroup(marks);
}

const PLAIN_SCOPE = { alias: () => undefined, frame: null };

/** An instruction being checked. */
interface Use {
  readonly reading: Reading;
  readonly statement: Instruction;
  readonly instruction: number;
  readonly effects: Effects;
  readonly form: Form;
  /** Number of the general register in brackets, -1: none. */
  readonly register: number;
}

function checkUse(use: Use): void {
  const { effects, reading } = use;
  const { written, read } = reading.marks;
  for (const resource of effects.reads) checkAgainst(use, 'RAW', resource, written[resource]!);
  for (const resource of effects.consults ?? NO_RESOURCES) {
    if (!effects.reads.includes(resource)) checkAgainst(use, 'RAW', resource, written[resource]!);
  }
  // A rotating qualifying predicate is found through the frame, as rotating operands are.
  if (effects.predicate >= FIRST_ROTATING_PREDICATE && !usesFrame(effects))
    checkAgainst(use, 'RAW', CFM, written[CFM]!);
  for (const resource of effects.writes) {
    checkAgainst(use, 'WAW', resource, written[resource]!);
    if (read[resource]!.length > 0) checkAgainst(use, 'WAR', resource, read[resource]!);
  }
}

const NO_RESOURCES: readonly number[] = [];

function usesFrame({ reads, consults }: Effects): boolean {
  return reads.includes(CFM) || (consults?.includes(CFM) ?? false);
}

function checkAgainst(use: Use, kind: DependencyKind, resource: number, list: readonly Mark[]): void {
  const { reading } = use;
  for (const mark of list) {
    if (!marking.reaches(reading.marks, mark)) continue;
    for (const semantics of semanticsOf(use, kind, resource, mark)) {
      if (marking.isKept(reading.marks, mark, semantics, reading.reader === 'assembler')) continue;
      if (!collide(use, kind, resource, mark, semantics)) continue;
      if (reading.automatic) resolve(reading.marks, mark, semantics);
      else report(use, kind, resource, mark, semantics);
    }
  }
}

/** What must stand between the two: one thing, or two where registers of a file may be the same or not. */
function semanticsOf(
  { reading, form, statement }: Use,
  kind: DependencyKind,
  resource: number,
  mark: Mark,
): readonly DependencySemantics[] {
  const { semantics } = dependency(kind, resource, mark.form, form);
  if (kind === 'WAW') {
    const first = reading.program.instructions[mark.instruction]!.statement;
    const parallel = first.kind === 'instruction' ? parallelWrites(first, mark.effects, statement, resource) : null;
    if (parallel !== null) return parallel === 'agree' ? NOT_ANY : STOP_NEEDED;
  }
  if (reading.reader === 'assembler' && isUnknownToAssembler(kind, resource, mark.form, form)) return NOT_ANY;
  const different = kind === 'RAW' && form.id === MOV_FROM_PKR && resource === PKR;
  if (different) return [semantics, 'data'];
  return semantics === 'none' ? NOT_ANY : [semantics];
}

/** Dependencies of the manual that the assembler's tables have not, or name without telling what uses the resource. */
function isUnknownToAssembler(kind: DependencyKind, resource: number, first: Form, second: Form): boolean {
  if (resource === PFS) return kind === 'WAW' && first.unit !== 'B' && second.unit !== 'B';
  return resource === DAHR && !(kind === 'WAW' && namesHint(first) && namesHint(second));
}

const namesHint = (form: Form): boolean => form.operandClass[0] === 'dahr3';

const PFS = resourceNamed('ar.pfs');
const DAHR = resourceNamed('dahr');
const NOT_ANY: readonly DependencySemantics[] = [];
const STOP_NEEDED: readonly DependencySemantics[] = ['impliedF'];
/** A protection key register depends on all others: no two may hold one key (SDM vol. 3, 5.4, note 4). */
const PKR = resourceNamed('pkr');
const MOV_FROM_PKR = 'mov-from-pkr';

/** Whether both instructions touch the very same thing, and both do in one pass through the code. */
function collide(
  { reading, effects, register }: Use,
  kind: DependencyKind,
  resource: number,
  mark: Mark,
  semantics: DependencySemantics,
): boolean {
  const { relations } = reading;
  if (effects.predicate > 0 && relating.isUnreachable(relations, effects.predicate, mark.age)) return false;
  const always = kind !== 'RAW' && (effects.unconditionalWrites?.includes(resource) ?? false);
  if (!always && relating.exclude(relations, mark.effects.predicate, effects.predicate, mark.age)) return false;
  if (resource === CFM && kind === 'RAW' && !effects.reads.includes(CFM))
    return isRotating(effects, mark.effects, reading.rotating);
  if (mark.index === null) return true;
  const index = indexAt(reading, resource, register, mark.age);
  if (index === null) return true;
  return (index === mark.index) === !(resource === PKR && semantics === 'data');
}

/** Which register of a numbered file, or which bit of ar.unat, the instruction uses; null: any. */
function indexAt(reading: Reading, resource: number, register: number, age: number): bigint | null {
  if (resource === UNAT) return reading.spillBit < 0 ? null : BigInt(reading.spillBit);
  if (register < 0 || NUMBERED[resource] === 0) return null;
  const value = valueAt(reading.values, register, age);
  return value === null ? null : partOf(resource, value);
}

/** The bits of a general register that number a register of the file: a region is in the top three (SDM vol. 2, 4.1.2). */
function partOf(resource: number, value: bigint): bigint {
  if (resource === UNAT) return value;
  return resource === RR ? value >> 61n : value & 0xffn;
}

/** Loop branches rotate registers: only who names a rotating one depends on that. */
function isRotating({ reads, writes }: Effects, first: Effects, rotating: number): boolean {
  if (first.branch?.kind !== 'loop') return true;
  return (
    reads.some((resource) => rotates(resource, rotating)) || writes.some((resource) => rotates(resource, rotating))
  );
}

function rotates(resource: number, rotating: number): boolean {
  const { class: kind, number } = resourceRegister(resource);
  if (kind === 'gr') return number >= FIRST_ROTATING && number < FIRST_ROTATING + rotating;
  return (kind === 'fr' && number >= FIRST_ROTATING) || (kind === 'pr' && number >= FIRST_ROTATING_PREDICATE);
}

/** SDM vol. 1, 4.5.1. */
const FIRST_ROTATING = 32;
const FIRST_ROTATING_PREDICATE = 16;

/** What the assembler puts in by itself. */
function resolve(marks: Marks, mark: Mark, semantics: DependencySemantics): void {
  if (marking.inSameGroup(marks, mark)) marking.endGroup(marks);
  if (semantics === 'instr') {
    marking.serializeInstruction(marks);
    marking.endGroup(marks);
  } else if (semantics === 'data' || semantics === 'specific') marking.serializeData(marks);
}

function report(
  { reading, instruction }: Use,
  kind: DependencyKind,
  resource: number,
  { instruction: first }: Mark,
  semantics: DependencySemantics,
): void {
  reading.found.push({
    kind,
    resource: resourceName(resource),
    first,
    second: instruction,
    semantics,
    seenByGas: reading.reader === 'assembler',
  });
}

function markUse({ reading, instruction, effects, form, register }: Use): void {
  const { marks, relations } = reading;
  const { predicate } = effects;
  const mark = (index: bigint | null): Mark => ({
    instruction,
    sequence: marks.sequence,
    effects,
    form,
    start: marks.start,
    group: marks.group,
    age: relations.age,
    predicateValue: predicate > 0 ? marks.predicateValues[predicate]! : 0,
    index,
  });
  const plain = mark(null);
  for (const resource of effects.reads) {
    if (isReadBeforeWrite[resource] === 1) marking.addMark(marks, marks.read[resource]!, resource, plain);
  }
  // A branch that is not taken has written nothing, and one that is taken goes elsewhere.
  if (leaves(effects)) return;
  for (const resource of effects.writes) {
    if (!marking.isTracked(resource)) continue;
    const index =
      NUMBERED[resource] === 1 || resource === UNAT ? indexAt(reading, resource, register, relations.age) : null;
    marking.addMark(marks, marks.written[resource]!, resource, index === null ? plain : mark(index));
  }
}

/** A branch that, when taken, does not come back to what follows. */
function leaves({ branch }: Effects): boolean {
  const kind = branch?.kind;
  return kind === 'jump' || kind === 'call' || kind === 'return' || kind === 'rfi';
}

/** Serialization, and branches that may leave the code. */
function passInstruction({ marks, relations }: Reading, { predicate, branch }: Effects, { id }: Form): void {
  if (id === SERIALIZE_INSTRUCTION) marking.serializeInstruction(marks);
  else if (id === SERIALIZE_DATA) marking.serializeData(marks);
  else if (predicate > 0 && branch !== null && branch.kind !== 'loop' && branch.kind !== 'check') {
    const implying = relating.passBranch(relations, predicate);
    if (branch.kind === 'call') marking.passCallUnder(marks, predicate, implying);
    else marking.passBranchUnder(marks, predicate, implying);
  }
}

const SERIALIZE_DATA = 'srlz-d';
const SERIALIZE_INSTRUCTION = 'srlz-i';

/** Behind a branch that is always taken nothing of what came before is there. */
function followControl(reading: Reading, effects: Effects): void {
  const { branch, predicate } = effects;
  if (branch?.kind === 'call') forgetValues(reading.values);
  if (branch?.kind !== 'rfi' && branch?.kind !== 'ia32' && (predicate !== 0 || !leaves(effects))) return;
  marking.startAfresh(reading.marks);
  relating.beginAfresh(reading.relations, effects.writes.includes(CFM));
  forgetValues(reading.values);
}

function obey(reading: Reading, directive: DependencyDirective): void {
  const { marks, relations } = reading;
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
      marking.endGroup(marks);
      marking.serializeData(marks);
      marking.endGroup(marks);
      break;
    case 'serializeInstruction':
      marking.endGroup(marks);
      marking.serializeInstruction(marks);
      marking.endGroup(marks);
      break;
    case 'memoryOffset':
      reading.spillBit = directive.bit;
      break;
    case 'registerValue':
      setValue(reading.values, directive.register, directive.value, relations.age);
      break;
    default:
      if (reading.automatic !== (directive.kind === 'auto')) marking.endGroup(marks);
      reading.automatic = directive.kind === 'auto';
  }
}

function rotatingOf(args: readonly Expression[]): number {
  return args[3] === undefined ? 0 : Number(constantValue(args[3], PLAIN_SCOPE) ?? 0n);
}
