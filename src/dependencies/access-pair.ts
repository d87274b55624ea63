/**
 * Whether two accesses to one resource are a dependency: to the same register of a register file, in one execution of the
 * code; and what must stand between the two instructions then.
 */

import { type DependencyKind, type DependencySemantics, dependency } from '../machine/dependencies.ts';
import type { Effects, Form } from '../machine/effects.ts';
import { FIRST_ROTATING, registerFor } from '../machine/purposes.ts';
import { resourceRegister } from '../machine/register-table.ts';
import { PR, RESOURCE_COUNT, resourceNamed } from '../machine/resources.ts';
import { resolveRegister } from '../machine/scope.ts';
import type { Expression, Instruction } from '../syntax/tree.ts';
import type { Access } from './marks.ts';
import { parallelWrites } from './predicates.ts';
import { exclude, isUnreachable, type PredicateRelations } from './relations.ts';
import { fileRegister, type RegisterValues, valueAt } from './values.ts';

/** What is known in front of an instruction. */
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

export const CFM = registerFor('frame-marker').resource;
const UNAT = registerFor('spill-nats').resource;
const PFS = registerFor('previous-frame').resource;
const DAHR = resourceNamed('dahr');
const RR = resourceNamed('rr');
/** A protection key register depends on all others: no two may hold one key (SDM vol. 3, 5.4, note 4). */
const PKR = resourceNamed('pkr');
const MOV_FROM_PKR = 'mov-from-pkr';

/** Resources with numbered parts that do not depend on each other: indirect register files, and the bits of ar.unat. */
export const isNumbered = new Uint8Array(RESOURCE_COUNT);
for (let resource = 0; resource < RESOURCE_COUNT; resource++)
  isNumbered[resource] = Number(resource === UNAT || resourceRegister(resource).role === 'indexed');

const NOTHING: readonly DependencySemantics[] = [];
const A_STOP: readonly DependencySemantics[] = ['impliedF'];

/** Two instructions that touch one resource, in the order of the text. */
export interface AccessPair {
  readonly kind: DependencyKind;
  readonly resource: number;
  readonly first: Access;
  readonly second: Access;
}

/**
 * What must stand between the two instructions; two requirements where it is not known whether they use the same register
 * of a file.
 */
export function requiredBetween(pair: AccessPair, asAssembler: boolean): readonly DependencySemantics[] {
  const { kind, resource, first, second } = pair;
  const { semantics } = dependency(kind, resource, first.form, second.form);
  if (kind === 'WAW') {
    const parallel = parallelWrites(first.statement, first.effects, second.statement, resource);
    if (parallel !== null) return parallel === 'agree' ? NOTHING : A_STOP;
  }
  if (semantics === 'none') return NOTHING;
  if (asAssembler && isUnknownToAssembler(pair)) return NOTHING;
  return kind === 'RAW' && resource === PKR && second.form.id === MOV_FROM_PKR ? [semantics, 'data'] : [semantics];
}

/** Dependencies of the manual that the assembler's tables have not, or name without telling what uses the resource. */
function isUnknownToAssembler({ kind, resource, first, second }: AccessPair): boolean {
  if (resource === PFS) return kind === 'WAW' && first.effects.branch === null && second.effects.branch === null;
  return resource === DAHR && !(kind === 'WAW' && namesHint(first.form) && namesHint(second.form));
}

const namesHint = (form: Form): boolean => form.operandClass[0] === 'dahr3';

/** Whether both instructions use the same register, and one execution of the code can contain both. */
export function touchSameRegister(knowledge: Knowledge, pair: AccessPair, semantics: DependencySemantics): boolean {
  const { kind, resource, first, second } = pair;
  const { relations } = knowledge;
  const { effects } = second;
  if (effects.predicate > 0 && isUnreachable(relations, effects.predicate, first.age)) return false;
  const always = kind !== 'RAW' && (effects.unconditionalWrites?.includes(resource) ?? false);
  if (!always && exclude(relations, first.effects.predicate, effects.predicate, first.age)) return false;
  if (resource === CFM && kind === 'RAW' && !effects.reads.includes(CFM))
    return usesRotating(second, first.effects, knowledge.rotating);
  if (resource === DAHR) return mayBeSame(hintNumber(first.statement), hintNumber(second.statement));
  if (first.index === null) return true;
  const index = indexAt(knowledge, second, resource, first.age);
  if (index === null) return true;
  return (index === first.index) === !(resource === PKR && semantics === 'data');
}

/** Null: the number is not known. */
function mayBeSame(one: number | null, other: number | null): boolean {
  return one === null || other === null || one === other;
}

/** The register that `mov dahr1=...` names; null when the instruction is another. */
function hintNumber({ outputs }: Instruction): number | null {
  const register = outputs[0] === undefined ? undefined : namedRegister(outputs[0]);
  return register?.class === 'dahr' ? register.number : null;
}

/** Which register of a numbered file, or which bit of ar.unat, the instruction uses; null: any. */
export function indexAt(
  { values, spillBit }: Knowledge,
  { statement }: Access,
  resource: number,
  age: number,
): bigint | null {
  if (isNumbered[resource] === 0) return null;
  if (resource === UNAT) return spillBit < 0 ? null : BigInt(spillBit);
  const named = fileRegister(statement);
  if (named === null || named.file !== resource || named.register < 0) return null;
  const value = valueAt(values, named.register, age);
  // A region is in the top three bits (SDM vol. 2, 4.1.2).
  return value === null ? null : resource === RR ? value >> 61n : value & 0xffn;
}

/** Whether the qualifying predicate is found through the frame. */
export function readsRotatingPredicate({ predicate, reads }: Effects): boolean {
  return predicate >= FIRST_ROTATING.pr && reads.includes(PR(predicate));
}

/** Loop branches rotate registers: only who names a rotating one depends on that. */
function usesRotating({ effects, statement }: Access, first: Effects, rotating: number): boolean {
  if (first.branch?.kind !== 'loop' || readsRotatingPredicate(effects)) return true;
  const { reads, writes } = effects;
  const rotatesHere = (resource: number) => resourceRegister(resource).class !== 'pr' && rotates(resource, rotating);
  if (reads.some(rotatesHere) || writes.some(rotatesHere)) return true;
  // Predicates, and registers that are named but neither read nor written (`chk.a`).
  return [...statement.outputs, ...statement.inputs].some((operand) => {
    const resource = namedRegister(operand)?.resource ?? -1;
    return resource >= 0 && rotates(resource, rotating);
  });
}

function rotates(resource: number, rotating: number): boolean {
  const { class: kind, number } = resourceRegister(resource);
  if (kind === 'gr') return number >= FIRST_ROTATING.gr && number < FIRST_ROTATING.gr + rotating;
  return (kind === 'fr' && number >= FIRST_ROTATING.fr) || (kind === 'pr' && number >= FIRST_ROTATING.pr);
}

function namedRegister(operand: Expression) {
  return operand.kind === 'name' ? resolveRegister(operand.name) : undefined;
}
