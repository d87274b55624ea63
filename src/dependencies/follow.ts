/**
 * Takes the state of a reading over an instruction or a directive: serialization, branches taken and not taken, relations
 * of predicates.
 */

import { decidesItself, leavesOrCalls } from '../machine/branches.ts';
import { isOfClass } from '../machine/classes.ts';
import { constantValue } from '../machine/constants.ts';
import type { Effects } from '../machine/effects.ts';
import { DATA, INSTRUCTION, serializedBy } from '../machine/serialization.ts';
import type { Expression } from '../syntax/tree.ts';
import { CFM } from './access-pair.ts';
import { type DependencyDirective, setOf } from './directives.ts';
import * as marking from './marks.ts';
import { endGroup, type Reading } from './reading.ts';
import * as relating from './relations.ts';
import { forgetValues, setValue } from './values.ts';

const PLAIN_SCOPE = { alias: () => undefined, frame: null };

/** Serialization, and branches that may leave the code. */
export function passInstruction({ marks, knowledge }: Reading, effects: Effects): void {
  const { predicate, branch } = effects;
  const serialized = serializedBy(effects);
  if ((serialized & INSTRUCTION) !== 0) marking.serializeInstruction(marks);
  else if (serialized === DATA) marking.serializeData(marks);
  else if (predicate > 0 && branch !== null && !decidesItself(effects)) {
    const implying = relating.passBranch(knowledge.relations, predicate);
    if (branch.kind === 'call') marking.passCallUnder(marks, predicate, implying);
    else marking.passBranchUnder(marks, predicate, implying);
  }
}

/** Behind a branch that is always taken no earlier access counts. */
export function followControl(reading: Reading, instruction: number, effects: Effects): void {
  const { marks, knowledge } = reading;
  const { branch, predicate, form } = effects;
  if (branch === null) {
    if (predicate === 0 && isOfClass(form, 'breaks') && reading.neverReturns(instruction)) leaveForGood(reading);
    return;
  }
  if (branch.kind === 'jump' && !knowledge.asAssembler) depart(reading, instruction, predicate);
  if (branch.kind === 'call') forgetValues(knowledge.values);
  if (branch.kind !== 'rfi' && branch.kind !== 'ia32' && (predicate !== 0 || !leavesOrCalls(effects))) return;
  marking.startAfresh(marks);
  forgetValues(knowledge.values);
  // A call comes back; and the assembler does not forget what it knows of predicates where the rotation is reset.
  const remembers = branch.kind === 'call' || (knowledge.asAssembler && effects.writes.includes(CFM));
  relating.beginAfresh(knowledge.relations, remembers);
}

function leaveForGood({ marks, knowledge }: Reading): void {
  if (knowledge.asAssembler) return;
  marking.startAfresh(marks);
  forgetValues(knowledge.values);
  relating.beginAfresh(knowledge.relations, false);
}

/** Keeps the writes that are not serialized where a branch may be taken. */
function depart({ marks, knowledge, departures }: Reading, branch: number, predicate: number): void {
  const pending = marking.unserialized(marks).filter(({ mark }) => {
    const { predicate: first } = mark.effects;
    return first <= 0 || predicate <= 0 || !relating.exclude(knowledge.relations, first, predicate, mark.age);
  });
  if (pending.length > 0) departures.push({ branch, pending });
}

export function obey(reading: Reading, directive: DependencyDirective): void {
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
        directive.predicates.length === 0 ? relating.FULL_PREDICATE_SET : setOf(directive.predicates),
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

export function rotatingOf(args: readonly Expression[]): number {
  return args[3] === undefined ? 0 : Number(constantValue(args[3], PLAIN_SCOPE) ?? 0n);
}
