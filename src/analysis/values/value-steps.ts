/** What an instruction does to the values of registers, whatever they are. Worked out once for each bank it runs on. */
import type { Conventions } from '../../config/conventions.ts';
import { copiedRegister, PREDICATES_AS_ONE } from '../../machine/copies.ts';
import { ALL_REGISTERS, type Bank, isPredicate, registerOf } from '../../machine/register-numbers.ts';
import { PR } from '../../machine/resources.ts';
import { evaluateNumber } from '../../syntax/evaluate.ts';
import { emptiesFrame } from '../flow/mode-table.ts';
import type { Solution } from '../liveness/program-points.ts';
import type { ProgramInstruction } from '../program/program.ts';

export interface ValueStep {
  /** The followed register whose value it passes on; PREDICATES_AS_ONE; -1: it computes. */
  readonly copied: number;
  readonly targets: readonly StepTarget[];
  /** Followed registers whose values it reads, so that it may save them. */
  readonly reads: readonly number[];
  /** Followed registers whose values it puts into memory. */
  readonly stores: readonly number[];
  readonly leavesEmptyFrame: boolean;
}

/** A register that it writes. */
export interface StepTarget {
  readonly register: number;
  /** False: it may leave the register as it is. */
  readonly certain: boolean;
  /** It gives the register the value that it has by convention. */
  readonly toConstant: boolean;
  /** It reads the register itself: `adds r12=-16,r12`. */
  readonly readsItself: boolean;
}

const bySolution = new WeakMap<Solution, (ValueStep | undefined)[]>();

export function valueStep(solution: Solution, instruction: ProgramInstruction, bank: Bank): ValueStep {
  let steps = bySolution.get(solution);
  if (steps === undefined) {
    steps = [];
    bySolution.set(solution, steps);
  }
  const at = instruction.index * 2 + bank;
  let step = steps[at];
  if (step === undefined) {
    step = makeStep(solution.conventions, instruction, registerOf[bank]);
    steps[at] = step;
  }
  return step;
}

function makeStep(conventions: Conventions, instruction: ProgramInstruction, toRegister: Int16Array): ValueStep {
  const { effects, statement } = instruction;
  const { predicate, writesMemory } = effects;
  const copied = copiedRegister(effects, toRegister);
  const qualifying = predicate > 0 ? toRegister[PR(predicate)]! : -1;
  const reads: number[] = copied === PREDICATES_AS_ONE ? [...PREDICATES] : [];
  const operands: number[] = [];
  for (const resource of effects.reads) {
    const register = toRegister[resource]!;
    if (register < 0) continue;
    // A predicate that only decides is not saved by that.
    if (!isPredicate(register)) reads.push(register);
    if (writesMemory && register !== qualifying) operands.push(register);
  }
  return {
    copied,
    targets: targetsOf(conventions, instruction, toRegister),
    reads,
    // The address is read first, then what is stored there.
    stores: operands.length > 1 ? operands.slice(1) : operands,
    leavesEmptyFrame: statement.kind === 'instruction' && emptiesFrame(statement.mnemonic),
  };
}

function targetsOf(
  conventions: Conventions,
  { effects: { writes, mayWrites, reads, predicate }, statement }: ProgramInstruction,
  toRegister: Int16Array,
): StepTarget[] {
  const targets: StepTarget[] = [];
  for (const resource of writes) {
    const register = toRegister[resource]!;
    if (register < 0) continue;
    targets.push({
      register,
      certain: predicate === 0 && !mayWrites.includes(resource),
      toConstant: writesConstant(conventions, register, statement),
      readsItself: reads.includes(resource),
    });
  }
  return targets;
}

/**
 * `mov r=pr` counts as a copy of the entry predicates even behind a compare: a predicate whose entry value was overwritten
 * before anything read it is told of at that compare.
 */
const PREDICATES = ALL_REGISTERS.filter(isPredicate);

/** Does the instruction give a register the value that it has by convention? */
function writesConstant(
  { constants }: Conventions,
  register: number,
  statement: ProgramInstruction['statement'],
): boolean {
  const known = constants.find(({ registers }) => registers[1].includes(register));
  if (known === undefined || statement.kind !== 'instruction') return false;
  const [input] = statement.inputs;
  return input !== undefined && statement.inputs.length === 1 && evaluateNumber(input) === BigInt(known.value);
}
