/** From an instruction to what it does. */
import type { Expression, Instruction } from '../syntax/tree.ts';
import {
  addCode,
  type CandidateForm,
  type Candidates,
  candidatesFor,
  candidatesOf,
  type NatPositions,
  OperandCode,
  registerCode,
} from './candidate.ts';
import { constantValue } from './constants.ts';
import type { Branch, Effects, NatEffects } from './effects.ts';
import type { FormLine, OperandKind } from './forms.ts';
import { predicateMask, psrMask } from './masks.ts';
import type { NameScope, RegisterFrame } from './naming.ts';
import type { Register } from './register.ts';
import { registerByName } from './register-table.ts';
import { isConstant, PR, RESOURCE_COUNT } from './resources.ts';
import { isStackedName, operandRegister } from './scope.ts';

/** The register of each operand, outputs first; of a memory or indirect operand, the one in its brackets. */
type OperandRegisters = (Register | undefined)[];

const NONE: readonly number[] = [];
const EVERYTHING = Array.from({ length: RESOURCE_COUNT }, (_, resource) => resource).filter(
  (resource) => isConstant[resource] === 0,
);
/** Resource numbers are smaller; keys of built effects are made of them. */
const KEY_BASE = 1024;
/** Of any form; and the code of an operand that fits none. */
const MOST_OPERANDS = 6;
const NO_CODE = 15;
/** Inputs, locals, outputs, rotating. */
const FRAME_SIZES = 4;

/**
 * What an instruction does. `scope` gives its names a meaning. An instruction that is not in the tables, or whose
 * operands fit no form of its mnemonic, comes back with `known` false, reading and writing everything. Instructions that
 * do the same may share one object.
 */
export function decode(instruction: Instruction, scope: NameScope): Effects {
  const found = candidatesOf(instruction.mnemonic);
  const predicate = predicateNumber(instruction.predicate, scope);
  if (found.forms.length === 0) return unknown(predicate);
  const registers = operandRegisters(instruction, found.forms[0]!, scope);
  const candidate = choose(found, instruction, registers);
  if (candidate === undefined) return unknown(predicate);
  if (candidate.built === null) return build(candidate, instruction, registers, predicate, scope);
  const key = registersKey(candidate, registers, predicate);
  let effects = candidate.built.get(key);
  if (effects === undefined) {
    effects = build(candidate, instruction, registers, predicate, scope);
    candidate.built.set(key, effects);
  }
  return effects;
}

/** The frame that `alloc` makes, inputs, locals, outputs, rotating; null when it is no alloc or its sizes are not known. */
export function allocFrame(instruction: Instruction, scope: NameScope): RegisterFrame | null {
  if (instruction.inputs.length < FRAME_SIZES || instruction.outputs.length !== 1) return null; // almost always
  return candidatesOf(instruction.mnemonic).forms[0]?.makesFrame ? frameMade(instruction, scope) : null;
}

function frameMade(instruction: Instruction, scope: NameScope): RegisterFrame | null {
  const sizes = instruction.inputs.slice(-FRAME_SIZES).map((input) => constantValue(input, scope));
  if (sizes.length < FRAME_SIZES || sizes.includes(undefined)) return null;
  const [inputs, locals, outputs, rotating] = sizes.map(Number) as [number, number, number, number];
  return { inputs, locals, outputs, rotating };
}

function unknown(predicate: number): Effects {
  return {
    known: false,
    form: null,
    predicate,
    reads: EVERYTHING,
    writes: EVERYTHING,
    results: NONE,
    mayWrites: EVERYTHING,
    branch: null,
    readsMemory: true,
    writesMemory: true,
  };
}

function predicateNumber(predicate: Expression | null, scope: NameScope): number {
  if (predicate === null) return 0;
  const register = operandRegister(predicate, scope);
  return register?.class === 'pr' ? register.number : -1;
}

/** One number for a qualifying predicate and the registers that the form leaves open, at most four. */
function registersKey(candidate: CandidateForm, registers: OperandRegisters, predicate: number): number {
  const { open } = candidate;
  let key = predicate + 2; // -1 is a predicate too
  for (let at = 0; at < open.length; at++) {
    const register = registers[open[at]!];
    if (register !== undefined) key = key * KEY_BASE + register.resource;
  }
  return key;
}

// Operands

function operandRegisters(instruction: Instruction, form: FormLine, scope: NameScope): OperandRegisters {
  const { outputs, inputs } = instruction;
  const registers: OperandRegisters = [];
  for (let index = 0; index < outputs.length; index++) registers.push(registerIn(outputs[index]!, scope));
  if (form.makesFrame) registers[0] = registerInNewFrame(instruction, scope);
  // Forms count operands as if the optional output were there.
  if (form.optionalOutput && outputs.length === form.outputs.length - 1) registers.push(undefined);
  for (let index = 0; index < inputs.length; index++) registers.push(registerIn(inputs[index]!, scope));
  return registers;
}

/** The output of an instruction that makes the frame it is named in: `alloc loc1=ar.pfs,2,2,0,0`. */
function registerInNewFrame(instruction: Instruction, scope: NameScope): Register | undefined {
  const output = instruction.outputs[0];
  const inNewFrame: NameScope = {
    frame: frameMade(instruction, scope),
    alias: (name) => scope.alias(name),
    symbol: (name) => scope.symbol?.(name),
  };
  return output && registerIn(output, inNewFrame);
}

function registerIn(operand: Expression, scope: NameScope): Register | undefined {
  switch (operand.kind) {
    case 'memory':
      return operandRegister(operand.address, scope);
    case 'indexed':
      return operandRegister(operand, scope) ?? operandRegister(operand.index, scope);
    default:
      return operandRegister(operand, scope);
  }
}

/** The first form that the operands fit. */
function choose(found: Candidates, instruction: Instruction, registers: OperandRegisters): CandidateForm | undefined {
  const { outputs, inputs } = instruction;
  const missing = registers.length - outputs.length - inputs.length;
  if (registers.length > MOST_OPERANDS) return undefined;
  let key = outputs.length + missing + 1; // so that keys of more operands are larger
  for (let index = 0; index < registers.length; index++) key = addCode(key, codeAt(instruction, registers, index));
  let list = found.byOperands.get(key);
  if (list === undefined) {
    const codes = registers.map((_, index) => codeAt(instruction, registers, index));
    list = candidatesFor(found, codes, outputs.length + missing);
    found.byOperands.set(key, list);
  }
  for (let at = 0; at < list.length; at++) if (fits(list[at]!.form, instruction, registers)) return list[at];
  return undefined;
}

/** What an operand is, as `OperandCode` has it; 0 for an output that was left out. */
function codeAt(instruction: Instruction, registers: OperandRegisters, index: number): number {
  const operand = operandAt(instruction, registers, index);
  if (operand === undefined) return 0;
  const register = registers[index];
  if (operand.kind === 'memory') return register?.class === 'gr' ? OperandCode.memory : NO_CODE;
  if (operand.kind === 'indexed' && registerByName(operand.name)?.class === 'file')
    return register?.class === 'gr' ? OperandCode.indexed : NO_CODE;
  if (register !== undefined) return registerCode(register);
  return operand.kind === 'name' && isStackedName(operand.name) ? OperandCode.stackedName : OperandCode.value;
}

/** The operand at a position that counts the output which may have been left out. */
function operandAt(
  { outputs, inputs }: Instruction,
  registers: OperandRegisters,
  index: number,
): Expression | undefined {
  return index < outputs.length ? outputs[index] : inputs[index - (registers.length - inputs.length)];
}

/** What is left to see when the kinds of the operands fit: fixed registers, ranges, the constant 1. */
function fits(form: FormLine, instruction: Instruction, registers: OperandRegisters): boolean {
  const { outputs, inputs } = form;
  for (let index = 0; index < registers.length; index++) {
    const kind = index < outputs.length ? outputs[index]! : inputs[index - outputs.length]!;
    if (kind.needsCheck && !fitsExactly(kind, operandAt(instruction, registers, index), registers[index])) return false;
  }
  return true;
}

function fitsExactly(kind: OperandKind, operand: Expression | undefined, register: Register | undefined): boolean {
  if (operand === undefined) return true;
  switch (kind.shape) {
    case 'register':
      return kind.fixed === null ? inRange(kind, register!.number) : register!.name === kind.fixed;
    case 'indexed':
      return operand.kind === 'indexed' && operand.name === kind.fixed;
    default:
      // Tells `add r1=r2,r3,1` from others; what a symbol will be is for the assembler to judge.
      return operand.kind !== 'number' || operand.value === 1n;
  }
}

function inRange(kind: OperandKind, number: number): boolean {
  return kind.ranges.some(([first, last]) => number >= first && number <= last);
}

// Effects

function build(
  candidate: CandidateForm,
  instruction: Instruction,
  registers: OperandRegisters,
  predicate: number,
  scope: NameScope,
): Effects {
  const { form } = candidate;
  const written = buildWrites(candidate, instruction, registers, scope);
  return {
    known: true,
    form,
    predicate,
    reads: buildReads(candidate, registers, predicate),
    writes: written.all,
    results: resultsOf(candidate, registers),
    mayWrites: written.partial,
    unconditionalWrites: written.unconditional,
    consults: buildConsults(candidate, registers),
    ...(candidate.nat === null ? {} : { nat: buildNat(candidate.nat, registers) }),
    branch: form.branch === null ? null : branchOf(form.branch, candidate, instruction, registers),
    readsMemory: candidate.readsMemory,
    writesMemory: candidate.writesMemory,
  };
}

function buildReads(candidate: CandidateForm, registers: OperandRegisters, predicate: number): readonly number[] {
  const { operandReads, fixedReads } = candidate;
  if (predicate <= 0 && operandReads.length === 0) return fixedReads;
  const reads: number[] = [];
  if (predicate > 0) add(reads, PR(predicate));
  for (let at = 0; at < operandReads.length; at++) addRegister(reads, registers[operandReads[at]!]);
  return withFixed(reads, fixedReads);
}

interface Written {
  readonly all: readonly number[];
  readonly partial: readonly number[];
  readonly unconditional: readonly number[];
}

function buildWrites(
  candidate: CandidateForm,
  instruction: Instruction,
  registers: OperandRegisters,
  scope: NameScope,
): Written {
  const all: number[] = [];
  const partial: number[] = [];
  const unconditional: number[] = [];
  for (const write of candidate.operandWrites) {
    const register = registers[write.index];
    if (register === undefined) continue; // an output that was left out
    addRegister(all, register);
    if (write.partial) addRegister(partial, register);
    if (write.unconditional) addRegister(unconditional, register);
    if (isConstant[register.resource] === 0) for (const mark of register.marks) add(all, mark);
  }
  if (candidate.mask !== null) {
    const value = constantValue(instruction.inputs[candidate.mask.input]!, scope);
    const named = candidate.mask.kind === 'psr' ? psrMask(value) : predicateMask(value);
    for (const resource of named) all.push(resource);
    if (value === undefined) partial.push(...named);
  }
  return {
    all: withFixed(all, candidate.fixedWrites),
    partial: withFixed(partial, candidate.fixedMayWrites),
    unconditional,
  };
}

/** The candidate's own, and what using its registers depends on. */
function buildConsults(candidate: CandidateForm, registers: OperandRegisters): readonly number[] {
  let consults = candidate.consults;
  for (const index of candidate.used) {
    const register = registers[index];
    if (register !== undefined && register.consults.length > 0) consults = withFixed([...consults], register.consults);
  }
  return consults;
}

function buildNat(positions: NatPositions, registers: OperandRegisters): NatEffects {
  const resources = (list: readonly number[]): number[] => {
    const found: number[] = [];
    for (const index of list) add(found, registers[index]?.resource ?? -1);
    return found;
  };
  return { checks: resources(positions.checks), never: resources(positions.never), any: resources(positions.any) };
}

function addRegister(list: number[], register: Register | undefined): void {
  if (register === undefined) return;
  add(list, register.resource);
  for (const field of register.fields) add(list, field);
}

function add(list: number[], resource: number): void {
  if (resource >= 0 && isConstant[resource] === 0 && !list.includes(resource)) list.push(resource);
}

/** `list` with those of `fixed` that are not in it: `fixed` itself when the list is empty. */
function withFixed(list: number[], fixed: readonly number[]): readonly number[] {
  if (fixed.length === 0) return list;
  if (list.length === 0) return fixed;
  for (const resource of fixed) if (!list.includes(resource)) list.push(resource);
  return list;
}

function resultsOf(candidate: CandidateForm, registers: OperandRegisters): readonly number[] {
  const results: number[] = [];
  for (const index of candidate.results) add(results, registers[index]?.resource ?? -1);
  return results;
}

function branchOf(
  kind: Branch['kind'],
  candidate: CandidateForm,
  instruction: Instruction,
  registers: OperandRegisters,
): Branch {
  const { target, through, link } = candidate;
  return {
    kind,
    target: target < 0 ? null : instruction.inputs[target]!,
    through: through < 0 ? null : registers[through]!.number,
    link: link < 0 ? null : registers[link]!.number,
  };
}
