/** From an instruction to what it does. Forms are chosen once for each mnemonic; operands are resolved each time. */
import type { Expression, Instruction } from '../syntax/tree.ts';
import { constantValue } from './constants.ts';
import type { Branch, Effects } from './effects.ts';
import { type FormLine, formsOf, type OperandKind } from './forms.ts';
import type { Register } from './register-table.ts';
import { isConstant, PR, psrBit, RESOURCE_COUNT, resourceNamed } from './resources.ts';
import { type Frame, operandRegister, type Scope } from './scope.ts';

/** One word of a form's effects, ready to be applied. */
type Term =
  | { readonly kind: 'resource'; readonly resource: number }
  | { readonly kind: 'operand'; readonly index: number }
  /** Bits or predicates that the value of an immediate names; `index` counts inputs. */
  | { readonly kind: 'psrMask' | 'prMask'; readonly index: number };

interface Write {
  readonly term: Term;
  readonly partial: boolean;
  readonly unconditional: boolean;
}

/** A form as one mnemonic spells it: what depends on completers (the status field) is settled. */
interface Candidate {
  readonly form: FormLine;
  readonly reads: readonly Term[];
  readonly writes: readonly Write[];
  readonly consults: readonly number[];
  /** Positions of the operands that are read or written: `invala.e f1` only names its register. */
  readonly used: readonly number[];
  /** Operand positions of the main results, a branch's register and its link, and the input that is its label; -1: none. */
  readonly results: readonly number[];
  readonly target: number;
  readonly through: number;
  readonly link: number;
  readonly readsMemory: boolean;
  readonly writesMemory: boolean;
}

const candidates = new Map<string, readonly Candidate[]>();
const range = (first: number, last: number, resource: (number: number) => number): readonly number[] =>
  Array.from({ length: last - first + 1 }, (_, index) => resource(first + index));
const ALL_PREDICATES = range(1, 63, PR);
const ROTATING_PREDICATES = range(16, 63, PR);
const PSR_MASK_BITS = range(0, 23, psrBit).filter((bit) => bit >= 0);
const NONE: readonly number[] = [];

const everything = range(0, RESOURCE_COUNT - 1, (resource) => resource).filter(
  (resource) => isConstant[resource] === 0,
);

/**
 * What an instruction does. `scope` gives its names a meaning. An instruction that is not in the tables, or whose
 * operands fit no form of its mnemonic, comes back with `known` false, reading and writing everything.
 */
export function decode(instruction: Instruction, scope: Scope): Effects {
  const list = candidatesOf(instruction.mnemonic);
  const predicate = predicateNumber(instruction.predicate, scope);
  if (list.length === 0) return unknown(predicate);
  const registers = operandRegisters(instruction, scope);
  const { makesFrame, optionalOutput, outputs } = list[0]!.form;
  if (makesFrame) registers[0] = registerInNewFrame(instruction, scope);
  // Forms count operands as if the optional output were there.
  if (optionalOutput && instruction.outputs.length === outputs.length - 1)
    registers.splice(outputs.length - 1, 0, undefined);
  for (const each of list) {
    if (fits(each.form, instruction, registers, scope)) return effects(each, instruction, registers, predicate, scope);
  }
  return unknown(predicate);
}

function candidatesOf(mnemonic: string): readonly Candidate[] {
  let list = candidates.get(mnemonic);
  if (list === undefined) {
    list = formsOf(mnemonic).map((form) => candidate(form, mnemonic));
    candidates.set(mnemonic, list);
  }
  return list;
}

function unknown(predicate: number): Effects {
  return {
    known: false,
    form: null,
    predicate,
    reads: everything,
    writes: everything,
    results: NONE,
    mayWrites: everything,
    branch: null,
    readsMemory: true,
    writesMemory: true,
  };
}

function predicateNumber(predicate: Expression | null, scope: Scope): number {
  if (predicate === null) return 0;
  const register = operandRegister(predicate, scope);
  return register?.class === 'pr' ? register.number : -1;
}

/** The register of each operand, outputs first; of a memory or indirect operand, the one in its brackets. */
function operandRegisters(instruction: Instruction, scope: Scope): (Register | undefined)[] {
  const { outputs, inputs } = instruction;
  const registers: (Register | undefined)[] = [];
  for (let index = 0; index < outputs.length; index++) registers.push(registerIn(outputs[index]!, scope));
  for (let index = 0; index < inputs.length; index++) registers.push(registerIn(inputs[index]!, scope));
  return registers;
}

/** The output of an instruction that makes the frame it is named in: `alloc loc1=ar.pfs,2,2,0,0`. */
function registerInNewFrame(instruction: Instruction, scope: Scope): Register | undefined {
  const output = instruction.outputs[0];
  const inNewFrame: Scope = {
    frame: lastFour(instruction, scope),
    alias: (name) => scope.alias(name),
    symbol: (name) => scope.symbol?.(name),
  };
  return output && registerIn(output, inNewFrame);
}

function registerIn(operand: Expression, scope: Scope): Register | undefined {
  if (operand.kind === 'memory') return operandRegister(operand.address, scope);
  if (operand.kind === 'indexed') return operandRegister(operand, scope) ?? operandRegister(operand.index, scope);
  return operandRegister(operand, scope);
}

function fits(
  form: FormLine,
  instruction: Instruction,
  registers: readonly (Register | undefined)[],
  scope: Scope,
): boolean {
  const { outputs, inputs } = instruction;
  const missing = form.outputs.length - outputs.length;
  if (inputs.length !== form.inputs.length || (missing !== 0 && !(missing === 1 && form.optionalOutput))) return false;
  for (let index = 0; index < outputs.length; index++)
    if (!accepts(form.outputs[index]!, outputs[index]!, registers[index], scope)) return false;
  for (let index = 0; index < inputs.length; index++)
    if (!accepts(form.inputs[index]!, inputs[index]!, registers[form.outputs.length + index], scope)) return false;
  return true;
}

function accepts(kind: OperandKind, operand: Expression, register: Register | undefined, scope: Scope): boolean {
  switch (kind.shape) {
    case 'register':
      if (register === undefined || operand.kind === 'memory' || isFileOperand(operand)) return false;
      return kind.fixed === null
        ? register.class === kind.class && inRange(kind, register.number)
        : register.name === kind.fixed;
    case 'memory':
      return operand.kind === 'memory' && register?.class === 'gr';
    case 'indexed':
      return operand.kind === 'indexed' && operand.name === kind.fixed && register?.class === 'gr';
    case 'label':
      return register === undefined && operand.kind !== 'memory' && operand.kind !== 'indexed';
    case 'immediate':
      return isImmediate(operand, register) && acceptsValue(kind, operand, scope);
  }
}

/** `rr[r3]`, not a rotating name `x[1]`. */
function isFileOperand(operand: Expression): boolean {
  return operand.kind === 'indexed' && resourceNamed(operand.name) >= 0;
}

/** Names of psr bits are registers to us and constants to the assembler. */
function isImmediate(operand: Expression, register: Register | undefined): boolean {
  if (operand.kind === 'memory' || operand.kind === 'indexed') return false;
  return register === undefined || register.class === 'psr';
}

/** Only literal numbers are held against the range: what a symbol will be is for the assembler to judge. */
function acceptsValue(kind: OperandKind, operand: Expression, scope: Scope): boolean {
  if (kind.ranges.length === 0 || operand.kind !== 'number' || kind.word !== '1') return true;
  return constantValue(operand, scope) === 1n;
}

function inRange(kind: OperandKind, number: number): boolean {
  for (const [first, last] of kind.ranges) if (number >= first && number <= last) return true;
  return kind.ranges.length === 0;
}

/** The frame that `alloc` makes, inputs, locals, outputs, rotating; null when it is no alloc or its sizes are not known. */
export function allocFrame(instruction: Instruction, scope: Scope): Frame | null {
  return candidatesOf(instruction.mnemonic)[0]?.form.makesFrame ? lastFour(instruction, scope) : null;
}

function lastFour(instruction: Instruction, scope: Scope): Frame | null {
  const sizes = instruction.inputs.slice(-4).map((input) => constantValue(input, scope));
  if (sizes.length < 4 || sizes.includes(undefined)) return null;
  const [inputs, locals, outputs, rotating] = sizes.map(Number) as [number, number, number, number];
  return { inputs, locals, outputs, rotating };
}

/** Builds the effects of an instruction that fits its form. */
function effects(
  chosen: Candidate,
  instruction: Instruction,
  registers: readonly (Register | undefined)[],
  predicate: number,
  scope: Scope,
): Effects {
  const reads: number[] = [];
  const writes: number[] = [];
  let mayWrites = NONE;
  let unconditionalWrites = NONE;
  let consults = chosen.consults;
  if (predicate > 0) reads.push(PR(predicate));
  for (const term of chosen.reads) addTerm(reads, term, instruction, registers, scope);
  for (const write of chosen.writes) {
    const from = writes.length;
    const exact = addTerm(writes, write.term, instruction, registers, scope);
    if (writes.length === from) continue;
    if (write.partial || !exact) mayWrites = [...mayWrites, ...writes.slice(from)];
    if (write.unconditional) unconditionalWrites = [...unconditionalWrites, ...writes.slice(from)];
    if (write.term.kind === 'operand') for (const mark of registers[write.term.index]!.marks) add(writes, mark);
  }
  for (const index of chosen.used) {
    const register = registers[index];
    if (register !== undefined && register.consults.length > 0) consults = union(consults, register.consults);
  }
  const { form } = chosen;
  return {
    known: true,
    form,
    predicate,
    reads,
    writes,
    results: resultsOf(chosen, registers),
    mayWrites,
    unconditionalWrites,
    consults,
    branch: form.branch === null ? null : branchOf(form.branch, chosen, instruction, registers),
    readsMemory: chosen.readsMemory,
    writesMemory: chosen.writesMemory,
  };
}

/** Adds a term's resources that are not there yet; false when only some of them may be meant. */
function addTerm(
  list: number[],
  term: Term,
  instruction: Instruction,
  registers: readonly (Register | undefined)[],
  scope: Scope,
): boolean {
  switch (term.kind) {
    case 'resource':
      add(list, term.resource);
      return true;
    case 'operand': {
      const register = registers[term.index];
      if (register === undefined) return true; // an output that was left out
      add(list, register.resource);
      for (const field of register.fields) add(list, field);
      return true;
    }
    default: {
      const value = constantValue(instruction.inputs[term.index]!, scope);
      for (const resource of term.kind === 'psrMask' ? psrMask(value) : predicateMask(value)) add(list, resource);
      return value !== undefined;
    }
  }
}

function add(list: number[], resource: number): void {
  if (resource >= 0 && isConstant[resource] === 0 && !list.includes(resource)) list.push(resource);
}

function union(left: readonly number[], right: readonly number[]): readonly number[] {
  const missing = right.filter((resource) => !left.includes(resource));
  return missing.length === 0 ? left : [...left, ...missing];
}

function psrMask(mask: bigint | undefined): readonly number[] {
  if (mask === undefined) return PSR_MASK_BITS;
  const bits: number[] = [];
  for (let rest = Number(BigInt.asUintN(24, mask)), bit = 0; rest !== 0; rest >>>= 1, bit++)
    if ((rest & 1) !== 0 && psrBit(bit) >= 0) bits.push(psrBit(bit));
  return bits;
}

/** Predicates of a mov-to-pr mask: bit n is pn up to p15, bit 16 is all of p16-p63 (SDM vol. 3 ch. 2, mov pr). */
function predicateMask(mask: bigint | undefined): readonly number[] {
  if (mask === undefined) return ALL_PREDICATES;
  const low = Number(BigInt.asUintN(17, mask));
  const predicates: number[] = [];
  for (let number = 1; number < 16; number++) if ((low >> number) & 1) predicates.push(PR(number));
  return (low >> 16) & 1 ? [...predicates, ...ROTATING_PREDICATES] : predicates;
}

function resultsOf(chosen: Candidate, registers: readonly (Register | undefined)[]): readonly number[] {
  const results: number[] = [];
  for (const index of chosen.results) add(results, registers[index]?.resource ?? -1);
  return results;
}

function branchOf(
  kind: Branch['kind'],
  chosen: Candidate,
  instruction: Instruction,
  registers: readonly (Register | undefined)[],
): Branch {
  const { target, through, link } = chosen;
  return {
    kind,
    target: target < 0 ? null : instruction.inputs[target]!,
    through: through < 0 ? null : registers[through]!.number,
    link: link < 0 ? null : registers[link]!.number,
  };
}

// A form's columns, compiled for one mnemonic.

function candidate(form: FormLine, mnemonic: string): Candidate {
  const operands = [...form.outputs, ...form.inputs];
  const terms = (words: readonly string[]): Term[] => words.flatMap((word) => readWord(word, form, mnemonic));
  const writes = form.writes.flatMap((word): Write[] => {
    const mark = word[word.length - 1];
    const bare = mark === '?' || mark === '!' ? word.slice(0, -1) : word;
    return terms([bare]).map((term) => ({ term, partial: mark === '?', unconditional: mark === '!' }));
  });
  const reads = terms(form.reads);
  const used = [...reads, ...writes.map(({ term }) => term)].flatMap((term) =>
    term.kind === 'operand' ? [term.index] : [],
  );
  const at = (test: (kind: OperandKind) => boolean): number => operands.findIndex(test);
  return {
    form,
    reads,
    writes,
    consults: terms(form.consults).map((term) => (term.kind === 'resource' ? term.resource : -1)),
    used: [...new Set(used)],
    results: form.noResult ? [] : resultPositions(form.outputs),
    target: form.branch === null ? -1 : form.inputs.findIndex((kind) => kind.word.startsWith('target')),
    through: form.branch === null ? -1 : at((kind) => kind.word === 'b2'),
    link: form.branch === null ? -1 : at((kind) => kind.word === 'b1'),
    readsMemory: form.reads.includes('memory'),
    writesMemory: form.writes.includes('memory'),
  };
}

/** All register outputs, but not a predicate that comes second: a compare's, or a reciprocal approximation's. */
function resultPositions(outputs: readonly OperandKind[]): number[] {
  return outputs.flatMap((kind, index) =>
    kind.shape === 'register' && !(index > 0 && kind.class === 'pr') ? [index] : [],
  );
}

function readWord(word: string, { outputs, inputs }: FormLine, mnemonic: string): Term[] {
  const index = [...outputs, ...inputs].findIndex((kind) => kind.name === word);
  if (index >= 0) return [{ kind: 'operand', index }];
  if (word === 'p.all') return ALL_PREDICATES.map((resource) => ({ kind: 'resource', resource }));
  if (word === 'p.rotating') return ROTATING_PREDICATES.map((resource) => ({ kind: 'resource', resource }));
  const mask = /^(psr|p)\.\{(mask\d+)\}$/.exec(word);
  if (mask !== null) {
    const input = inputs.findIndex((kind) => kind.name === mask[2]);
    return [{ kind: mask[1] === 'psr' ? 'psrMask' : 'prMask', index: input }];
  }
  const resource = resourceNamed(word.replace('{sf}', statusField(mnemonic)));
  if (resource < 0) throw new Error(`grammar/instructions.tsv: unknown resource ${word}`);
  return [{ kind: 'resource', resource }];
}

/** The floating-point status field that a mnemonic names by .s0 to .s3; sf0 when it names none. */
function statusField(mnemonic: string): string {
  return `sf${/\.s([0-3])$/.exec(mnemonic)?.[1] ?? '0'}`;
}
