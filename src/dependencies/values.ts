/**
 * General registers whose value the code itself tells (`movl r2=...`, `mov r2=4`, `dep.z`, `.reg.val`): they index the
 * indirect register files. Whether `mov rr[r2]=r3` and `mov rr[r4]=r5` write the same register depends on the values of r2
 * and r4.
 */
import { constantValue } from '../machine/constants.ts';
import type { Effects } from '../machine/effects.ts';
import { GR, RESOURCE_COUNT, resourceNamed } from '../machine/resources.ts';
import { operandRegister } from '../machine/scope.ts';
import type { Expression, Instruction } from '../syntax/tree.ts';

const REGISTERS = 128;
const SCOPE = { alias: () => undefined, frame: null };

export interface RegisterValues {
  /** By register: its value, or the instruction whose operands tell it (few are ever asked for); null: not known. */
  readonly values: (bigint | Instruction | null)[];
  /** Age of predicates' knowledge (relations.ts) when the value was learnt. */
  readonly ages: Int32Array;
  /** Registers with a value, so that all can be forgotten without looking at each. */
  readonly known: number[];
}

const ALWAYS = 0x7fffffff;

export function newValues(): RegisterValues {
  const values = new Array<bigint | Instruction | null>(REGISTERS).fill(null);
  const ages = new Int32Array(REGISTERS);
  values[0] = 0n;
  ages[0] = ALWAYS;
  return { values, ages, known: [] };
}

export function setValue(registers: RegisterValues, register: number, value: bigint, age: number): void {
  learn(registers, register, BigInt.asUintN(64, value), age);
}

function learn(registers: RegisterValues, register: number, value: bigint | Instruction, age: number): void {
  if (register === 0) return;
  registers.values[register] = value;
  registers.ages[register] = age;
  registers.known.push(register);
}

export function forgetValues(registers: RegisterValues): void {
  for (const register of registers.known) registers.values[register] = null;
  registers.known.length = 0;
}

/** The value of a register for code that may have been entered at that age; null when it is not known. */
export function valueAt(registers: RegisterValues, register: number, age: number): bigint | null {
  if (registers.ages[register]! < age) return null;
  const known = registers.values[register]!;
  return typeof known === 'object' && known !== null ? immediateResult(known) : known;
}

/** The number of a resource that is a general register; -1 for any other resource. */
const generalNumber = Int16Array.from({ length: RESOURCE_COUNT }, () => -1);
for (let number = 0; number < REGISTERS; number++) generalNumber[GR(number)] = number;

/** Takes the known values over an instruction. */
export function followValues(registers: RegisterValues, instruction: Instruction, effects: Effects, age: number): void {
  const { form, predicate, reads, results, writes } = effects;
  if (writes.length === 0) return;
  for (let at = 0; at < writes.length; at++) {
    const number = generalNumber[writes[at]!]!;
    if (number > 0) registers.values[number] = null;
  }
  if (form === null || results.length === 0 || reads.length > (predicate > 0 ? 1 : 0)) return;
  const number = generalNumber[results[0]!]!;
  if (number >= 0 && instruction.inputs.length === form.operandClass.length - 1)
    learn(registers, number, instruction, age);
}

/** The result of an instruction whose operands are all immediate: one value, or a field of it (dep.z). */
function immediateResult({ inputs }: Instruction): bigint | null {
  const [value, position, length] = inputs.map((input) => constantValue(input, SCOPE));
  if (value === undefined) return null;
  if (inputs.length === 1) return BigInt.asUintN(64, value);
  if (inputs.length !== 3 || position === undefined || length === undefined) return null;
  return BigInt.asUintN(64, BigInt.asUintN(Number(length), value) << position);
}

/** The register of an indirect file that an instruction names: the file's resource and the register in brackets. */
export interface FileRegister {
  readonly file: number;
  /** Number of the general register, -1: not known. */
  readonly register: number;
}

/** `rr[r3]`; null when the instruction names no indirect file. */
export function fileRegister({ outputs, inputs }: Instruction): FileRegister | null {
  for (const operand of outputs) if (operand.kind === 'indexed') return registerOf(operand);
  for (const operand of inputs) if (operand.kind === 'indexed') return registerOf(operand);
  return null;
}

function registerOf({ name, index }: Extract<Expression, { kind: 'indexed' }>): FileRegister {
  const register = operandRegister(index, SCOPE);
  return { file: resourceNamed(name), register: register?.class === 'gr' ? register.number : -1 };
}
