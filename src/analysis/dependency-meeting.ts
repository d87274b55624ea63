/**
 * Whether two instructions that touch one resource really meet: in the same register of a file, in one pass through the
 * code; and what must stand between them then.
 */
import { type DependencyKind, type DependencySemantics, dependency } from '../machine/dependencies.ts';
import { type Effects, type Form, PR, RESOURCE_COUNT, resolveRegister, resourceNamed } from '../machine/index.ts';
import { resourceRegister } from '../machine/register-table.ts';
import type { Expression, Instruction } from '../syntax/tree.ts';
import type { Mark } from './dependency-marks.ts';
import { parallelWrites } from './dependency-predicates.ts';
import { exclude, isUnreachable, type PredicateRelations } from './dependency-relations.ts';
import { type FileRegister, type RegisterValues, valueAt } from './dependency-values.ts';

/** What is known where an instruction stands. */
export interface Knowledge {
  /** What GNU as knows, not what the manual says. */
  readonly asAssembler: boolean;
  readonly relations: PredicateRelations;
  readonly values: RegisterValues;
  /** Bit of ar.unat that `.mem.offset` names for this instruction; -1: none. */
  spillBit: number;
  /** Rotating general registers of the current frame, from r32. */
  rotating: number;
}

/** An instruction being checked. */
export interface Use {
  readonly knowledge: Knowledge;
  readonly instruction: number;
  readonly statement: Instruction;
  readonly effects: Effects;
  readonly form: Form;
  readonly fileRegister: FileRegister | null;
}

export const CFM = resourceNamed('cfm');
const UNAT = resourceNamed('ar.unat');
const PFS = resourceNamed('ar.pfs');
const DAHR = resourceNamed('dahr');
const RR = resourceNamed('rr');
/** A protection key register depends on all others: no two may hold one key (SDM vol. 3, 5.4, note 4). */
const PKR = resourceNamed('pkr');
const MOV_FROM_PKR = 'mov-from-pkr';

/** Resources whose parts are told apart by number: indirect register files, and the bits of ar.unat. */
export const isNumbered = new Uint8Array(RESOURCE_COUNT);
for (const name of ['rr', 'dbr', 'ibr', 'pkr', 'pmc', 'pmd', 'cpuid', 'ar.unat']) isNumbered[resourceNamed(name)] = 1;

const NOTHING: readonly DependencySemantics[] = [];
const A_STOP: readonly DependencySemantics[] = ['impliedF'];

/** What must stand between the two: one thing, or two where registers of a file may be the same or not. */
export function semanticsOf(
  use: Use,
  kind: DependencyKind,
  resource: number,
  mark: Mark,
): readonly DependencySemantics[] {
  const { semantics } = dependency(kind, resource, mark.form, use.form);
  if (kind === 'WAW') {
    const parallel = parallelWrites(mark.statement, mark.effects, use.statement, resource);
    if (parallel !== null) return parallel === 'agree' ? NOTHING : A_STOP;
  }
  if (semantics === 'none') return NOTHING;
  if (use.knowledge.asAssembler && isUnknownToAssembler(use, kind, resource, mark)) return NOTHING;
  return kind === 'RAW' && resource === PKR && use.form.id === MOV_FROM_PKR ? [semantics, 'data'] : [semantics];
}

/** Dependencies of the manual that the assembler's tables have not, or name without telling what uses the resource. */
function isUnknownToAssembler({ effects, form }: Use, kind: DependencyKind, resource: number, mark: Mark): boolean {
  if (resource === PFS) return kind === 'WAW' && mark.effects.branch === null && effects.branch === null;
  return resource === DAHR && !(kind === 'WAW' && namesHint(mark.form) && namesHint(form));
}

const namesHint = (form: Form): boolean => form.operandClass[0] === 'dahr3';

/** Whether both instructions touch the very same thing, and both do in one pass through the code. */
export function meet(
  use: Use,
  kind: DependencyKind,
  resource: number,
  mark: Mark,
  semantics: DependencySemantics,
): boolean {
  const { knowledge, effects } = use;
  const { relations } = knowledge;
  if (effects.predicate > 0 && isUnreachable(relations, effects.predicate, mark.age)) return false;
  const always = kind !== 'RAW' && (effects.unconditionalWrites?.includes(resource) ?? false);
  if (!always && exclude(relations, mark.effects.predicate, effects.predicate, mark.age)) return false;
  if (resource === CFM && kind === 'RAW' && !effects.reads.includes(CFM)) return usesRotating(use, mark.effects);
  if (resource === DAHR)
    return (
      hintNumber(mark.statement) === null ||
      hintNumber(use.statement) === null ||
      hintNumber(mark.statement) === hintNumber(use.statement)
    );
  if (mark.index === null) return true;
  const index = indexAt(use, resource, mark.age);
  if (index === null) return true;
  return (index === mark.index) === !(resource === PKR && semantics === 'data');
}

/** The register that `mov dahr1=...` names; null when the instruction is another. */
function hintNumber({ outputs }: Instruction): number | null {
  const register = outputs[0] === undefined ? undefined : namedRegister(outputs[0]);
  return register?.class === 'dahr' ? register.number : null;
}

/** Which register of a numbered file, or which bit of ar.unat, the instruction uses; null: any. */
export function indexAt({ knowledge, fileRegister }: Use, resource: number, age: number): bigint | null {
  if (isNumbered[resource] === 0) return null;
  if (resource === UNAT) return knowledge.spillBit < 0 ? null : BigInt(knowledge.spillBit);
  if (fileRegister === null || fileRegister.file !== resource || fileRegister.register < 0) return null;
  const value = valueAt(knowledge.values, fileRegister.register, age);
  // A region is in the top three bits (SDM vol. 2, 4.1.2).
  return value === null ? null : resource === RR ? value >> 61n : value & 0xffn;
}

/** SDM vol. 1, 4.5.1. */
const FIRST_ROTATING = 32;
const FIRST_ROTATING_PREDICATE = 16;

/** Whether the qualifying predicate is found through the frame. */
export function readsRotatingPredicate({ predicate, reads }: Effects): boolean {
  return predicate >= FIRST_ROTATING_PREDICATE && reads.includes(PR(predicate));
}

/** Loop branches rotate registers: only who names a rotating one depends on that. */
function usesRotating({ effects, statement, knowledge }: Use, first: Effects): boolean {
  if (first.branch?.kind !== 'loop' || readsRotatingPredicate(effects)) return true;
  const { reads, writes } = effects;
  const rotatesHere = (resource: number) =>
    resourceRegister(resource).class !== 'pr' && rotates(resource, knowledge.rotating);
  if (reads.some(rotatesHere) || writes.some(rotatesHere)) return true;
  // Predicates, and registers that are named but neither read nor written (`chk.a`).
  return [...statement.outputs, ...statement.inputs].some((operand) => {
    const resource = namedRegister(operand)?.resource ?? -1;
    return resource >= 0 && rotates(resource, knowledge.rotating);
  });
}

function rotates(resource: number, rotating: number): boolean {
  const { class: kind, number } = resourceRegister(resource);
  if (kind === 'gr') return number >= FIRST_ROTATING && number < FIRST_ROTATING + rotating;
  return (kind === 'fr' && number >= FIRST_ROTATING) || (kind === 'pr' && number >= FIRST_ROTATING_PREDICATE);
}

function namedRegister(operand: Expression) {
  return operand.kind === 'name' ? resolveRegister(operand.name) : undefined;
}
