/** Instructions of bodies as data: parsed and decoded once for each text. */
import { constantValue } from '../machine/constants.ts';
import { decode } from '../machine/decode.ts';
import type { Effects } from '../machine/effects.ts';
import type { FormLine } from '../machine/forms.ts';
import { anyFrame } from '../project/operations.ts';
import { parseTokens } from '../syntax/parse.ts';
import { SourceText } from '../syntax/source.ts';
import { tokenize } from '../syntax/tokenize.ts';
import type { Instruction } from '../syntax/tree.ts';
import { type Hypercalls, hypercallOf, NO_HYPERCALLS, withHypercall } from './hypercalls.ts';

export interface BodyInstruction {
  readonly instruction: Instruction;
  readonly effects: Effects;
  /** False when an operand is missing, or the text is no instruction. */
  readonly complete: boolean;
}

/** Caches: what a text says, and what it does by a table of hypercalls. */
const parsed = new Map<string, BodyInstruction>();
const known = new WeakMap<Hypercalls, Map<string, BodyInstruction>>();

/**
 * Parses and decodes an instruction of a body with canonical register names. A text that is no instruction counts as an unknown one,
 * which reads and writes everything.
 */
export function bodyInstruction(text: string, hypercalls: Hypercalls = NO_HYPERCALLS): BodyInstruction {
  let read = known.get(hypercalls);
  if (read === undefined) {
    read = new Map();
    known.set(hypercalls, read);
  }
  let entry = read.get(text);
  if (entry === undefined) {
    entry = withItsHypercall(parsed.get(text) ?? readInstruction(text), hypercalls);
    read.set(text, entry);
  }
  return entry;
}

function withItsHypercall(entry: BodyInstruction, hypercalls: Hypercalls): BodyInstruction {
  const hypercall = hypercallOf(entry.instruction, hypercalls);
  return hypercall === undefined ? entry : { ...entry, effects: withHypercall(entry.effects, hypercall) };
}

function readInstruction(text: string): BodyInstruction {
  const { statements, errors } = parseTokens(tokenize(new SourceText('<body>', text)));
  const [statement] = statements;
  const isOne = statement?.kind === 'instruction';
  const instruction: Instruction = isOne ? statement : { ...NO_INSTRUCTION, mnemonic: text };
  // An operand that is missing, or cannot be read, is kept as opaque.
  const isRead = [...instruction.outputs, ...instruction.inputs].every(({ kind }) => kind !== 'opaque');
  const complete = isOne && errors.length === 0 && isRead;
  const entry = { instruction, effects: decode(instruction, anyFrame), complete };
  parsed.set(text, entry);
  return entry;
}

const NO_INSTRUCTION: Instruction = {
  ...{ kind: 'instruction', predicate: null, mnemonic: '', mnemonicFirst: 0, mnemonicLast: 0 },
  ...{ outputs: [], inputs: [], first: 0, last: 0 },
};

/** The effects of an instruction, with those of the hypercall that it is. */
export function effectsInBody(instruction: Instruction, hypercalls: Hypercalls): Effects {
  const effects = decode(instruction, anyFrame);
  const hypercall = hypercallOf(instruction, hypercalls);
  return hypercall === undefined ? effects : withHypercall(effects, hypercall);
}

/** Whether the immediates of an instruction are in the ranges of its form. */
export function immediatesFit({ instruction, effects }: Pick<BodyInstruction, 'instruction' | 'effects'>): boolean {
  const { inputs } = instruction;
  const { form } = effects;
  const kinds = (form as FormLine | null)?.inputs ?? [];
  if (kinds.length !== inputs.length) return true;
  return inputs.every((operand, index) => {
    const kind = kinds[index]!;
    const value = constantValue(operand, anyFrame);
    if (kind.shape !== 'immediate' || value === undefined || kind.ranges.length === 0) return true;
    const signed = BigInt.asIntN(64, BigInt(value));
    return kind.ranges.some(([first, last]) => [BigInt(value), signed].some((each) => each >= first && each <= last));
  });
}
