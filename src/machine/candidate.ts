/** Forms made ready for decoding: a line of grammar/instructions.tsv as one mnemonic spells it. */
import type { Effects } from './effects.ts';
import { type FormLine, formsOf, type OperandKind } from './forms.ts';
import { type NatRule, natRuleOf } from './nat.ts';
import type { Register, RegisterClass } from './register.ts';
import { isConstant, PR, resourceNamed } from './resources.ts';

/** An operand whose register is written, and how. */
export interface OperandWrite {
  /** Position among the operands, outputs first. */
  readonly index: number;
  readonly partial: boolean;
  readonly unconditional: boolean;
}

/** What depends on completers (the status field) is settled; what depends on operands is still to be filled in. */
export interface CandidateForm {
  readonly form: FormLine;
  /** Positions of the operands whose registers are read; and the resources read whatever the operands are. */
  readonly operandReads: readonly number[];
  readonly fixedReads: readonly number[];
  readonly operandWrites: readonly OperandWrite[];
  readonly fixedWrites: readonly number[];
  /** The parts of `fixedWrites` that are partial. */
  readonly fixedMayWrites: readonly number[];
  readonly consults: readonly number[];
  /** Positions of the operands that grammar/nat.tsv speaks of; null: it says nothing of the form. */
  readonly nat: NatPositions | null;
  /** The input whose value is a mask of the psr bits or predicates that are written; null when there is none. */
  readonly mask: { readonly kind: 'psr' | 'pr'; readonly input: number } | null;
  /** Positions of the operands that are read or written: `invala.e f1` only names its register. */
  readonly used: readonly number[];
  /** Those of them that the form does not fix. */
  readonly open: readonly number[];
  /** Positions of the main results, of a branch's register and of its link; the input that is its label; -1: none. */
  readonly results: readonly number[];
  readonly through: number;
  readonly link: number;
  readonly target: number;
  readonly readsMemory: boolean;
  readonly writesMemory: boolean;
  /** Effects already built, by predicate and registers: instructions repeat. Null where more than registers counts. */
  readonly built: Map<number, Effects> | null;
}

/** Positions among the operands, outputs first. */
export type NatPositions = { readonly [list in keyof NatRule]: readonly number[] };

const range = (first: number, last: number): readonly number[] =>
  Array.from({ length: last - first + 1 }, (_, index) => PR(first + index));

export const ALL_PREDICATES = range(1, 63);
export const ROTATING_PREDICATES = range(16, 63);

/** The forms that a mnemonic may be. */
export interface Candidates {
  readonly mnemonic: string;
  /** In the order in which they are to be tried. */
  readonly forms: readonly FormLine[];
  /** Those that operands of given kinds may fit, by `operandsKey`; filled in as operands come along. */
  readonly byOperands: Map<number, readonly CandidateForm[]>;
}

const candidates = new Map<string, Candidates>();

export function candidatesOf(mnemonic: string): Candidates {
  let found = candidates.get(mnemonic);
  if (found === undefined) {
    found = { mnemonic, forms: formsOf(mnemonic), byOperands: new Map() };
    candidates.set(mnemonic, found);
  }
  return found;
}

/**
 * Kinds of operands, as small numbers: memory, an indirect file, a value, a name like `in0` that the frame does not
 * have (a label may be called so, a value is not), or a register of a class.
 */
export const OperandCode = { memory: 1, indexed: 2, value: 3, stackedName: 4, register: 5 } as const;

const CLASSES: readonly RegisterClass[] = ['gr', 'fr', 'pr', 'br', 'ar', 'cr', 'dahr', 'ip', 'operand'];
const CODE_BASE = 16;

/** The code of an operand by what it is: its register decides, where it is one; the name of a psr bit is a value. */
export function registerCode(register: Register): number {
  return register.class === 'psr' ? OperandCode.value : OperandCode.register + CLASSES.indexOf(register.class);
}

/** Codes of the operands, outputs first, in one number; there are never more than eight. */
export function addCode(key: number, code: number): number {
  return key * CODE_BASE + code;
}

/** The candidates that fit operands of these kinds, and this many outputs, but for ranges and fixed registers. */
export function candidatesFor(found: Candidates, codes: readonly number[], outputs: number): readonly CandidateForm[] {
  return found.forms.filter((form) => accepts(form, codes, outputs)).map((form) => candidateOf(form, found.mnemonic));
}

const madeBefore = new Map<FormLine, CandidateForm>();

/** Mnemonics share a form's candidate unless the mnemonic says which status field is meant. */
function candidateOf(form: FormLine, mnemonic: string): CandidateForm {
  const known = madeBefore.get(form);
  if (known !== undefined) return known;
  const made = makeCandidate(form, mnemonic);
  if (!namesStatusField(form)) madeBefore.set(form, made);
  return made;
}

const STATUS_FIELD = '{sf}';

function namesStatusField({ reads, writes, consults }: FormLine): boolean {
  return [...reads, ...writes, ...consults].some((word) => word.includes(STATUS_FIELD));
}

/** `codes` count operands as if an optional output were there; its code is 0 when it is not. */
function accepts(form: FormLine, codes: readonly number[], outputs: number): boolean {
  if (form.outputs.length !== outputs || form.outputs.length + form.inputs.length !== codes.length) return false;
  const fits = (kind: OperandKind, code: number | undefined): boolean =>
    code === 0 || code === kindCode(kind) || (code === OperandCode.stackedName && kind.shape === 'label');
  return (
    form.outputs.every((kind, index) => fits(kind, codes[index])) &&
    form.inputs.every((kind, index) => fits(kind, codes[outputs + index]))
  );
}

function kindCode(kind: OperandKind): number {
  if (kind.shape === 'memory') return OperandCode.memory;
  if (kind.shape === 'indexed') return OperandCode.indexed;
  return kind.shape === 'register' ? OperandCode.register + CLASSES.indexOf(kind.class!) : OperandCode.value;
}

function makeCandidate(form: FormLine, mnemonic: string): CandidateForm {
  const { outputs, inputs } = form;
  const operands = [...outputs, ...inputs];
  const position = (word: string): number => operands.findIndex((kind) => kind.name === word);
  const fixed = (words: readonly string[]): number[] => fixedResources(words, operands, mnemonic);
  const operandReads = form.reads.map(position).filter((index) => index >= 0);
  const operandWrites = form.writes.map((word) => operandWrite(word, position)).filter((write) => write.index >= 0);
  const used = [...new Set([...operandReads, ...operandWrites.map((write) => write.index)])];
  const maskInput = inputs.findIndex((kind) => form.writes.some((word) => word.endsWith(`{${kind.name}}`)));
  const branching = (index: number): number => (form.branch === null ? -1 : index);
  return {
    form,
    operandReads,
    fixedReads: fixed(form.reads),
    operandWrites,
    fixedWrites: fixed(form.writes.map(withoutMark)),
    fixedMayWrites: fixed(form.writes.filter((word) => word.endsWith('?')).map(withoutMark)),
    consults: fixed(form.consults),
    nat: natPositions(form, position),
    mask:
      maskInput < 0
        ? null
        : { kind: form.writes.some((word) => word.startsWith('p.')) ? 'pr' : 'psr', input: maskInput },
    used,
    open: used.filter((index) => operands[index]!.fixed === null || operands[index]!.shape === 'indexed'),
    results: form.noResult ? [] : resultPositions(outputs),
    through: branching(position('b2')),
    link: branching(position('b1')),
    target: branching(inputs.findIndex((kind) => kind.shape === 'label')),
    readsMemory: form.reads.includes('memory'),
    writesMemory: form.writes.includes('memory'),
    built: maskInput < 0 && form.branch === null ? new Map() : null,
  };
}

/** A line may speak for forms that lack one of its operands: `fc` has no r2. */
function natPositions({ id }: FormLine, position: (word: string) => number): NatPositions | null {
  const rule = natRuleOf(id);
  if (rule === null) return null;
  const positions = (words: readonly string[]): number[] => words.map(position).filter((index) => index >= 0);
  return { checks: positions(rule.checks), never: positions(rule.never), any: positions(rule.any) };
}

function operandWrite(word: string, position: (word: string) => number): OperandWrite {
  return { index: position(withoutMark(word)), partial: word.endsWith('?'), unconditional: word.endsWith('!') };
}

function withoutMark(word: string): string {
  return word.endsWith('?') || word.endsWith('!') ? word.slice(0, -1) : word;
}

/** All register outputs, but not a predicate that comes second: a compare's, or a reciprocal approximation's. */
function resultPositions(outputs: readonly OperandKind[]): number[] {
  return outputs.flatMap((kind, index) =>
    kind.shape === 'register' && !(index > 0 && kind.class === 'pr') ? [index] : [],
  );
}

/** The resources of those words that are no operands and no masks. */
function fixedResources(words: readonly string[], operands: readonly OperandKind[], mnemonic: string): number[] {
  const resources = new Set<number>();
  for (const word of words) {
    if (operands.some((kind) => kind.name === word) || word.includes('{mask')) continue;
    for (const resource of wordResources(word, mnemonic)) if (isConstant[resource] === 0) resources.add(resource);
  }
  return [...resources];
}

function wordResources(word: string, mnemonic: string): readonly number[] {
  if (word === 'p.all') return ALL_PREDICATES;
  if (word === 'p.rotating') return ROTATING_PREDICATES;
  const resource = resourceNamed(
    word.includes(STATUS_FIELD) ? word.replace(STATUS_FIELD, statusField(mnemonic)) : word,
  );
  if (resource < 0) throw new Error(`grammar/instructions.tsv: unknown resource ${word}`);
  return [resource];
}

/** The floating-point status field that a mnemonic names by .s0 to .s3; sf0 when it names none. */
function statusField(mnemonic: string): string {
  return `sf${/\.s([0-3])$/.exec(mnemonic)?.[1] ?? '0'}`;
}
