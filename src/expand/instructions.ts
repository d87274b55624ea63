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

/** Cache, by the table of hypercalls and the text. */
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
    entry = readInstruction(text, hypercalls);
    read.set(text, entry);
  }
  return entry;
}

function readInstruction(text: string, hypercalls: Hypercalls): BodyInstruction {
  const { statements, errors } = parseTokens(tokenize(new SourceText('<body>', text)));
  const [statement] = statements;
  if (statement?.kind !== 'instruction') {
    const instruction: Instruction = {
      kind: 'instruction',
      predicate: null,
      mnemonic: text,
      mnemonicFirst: 0,
      mnemonicLast: 0,
      outputs: [],
      inputs: [],
      first: 0,
      last: 0,
    };
    return { instruction, effects: decode(instruction, anyFrame), complete: false };
  }
  // An operand that is missing, or cannot be read, is kept as opaque.
  const isRead = [...statement.outputs, ...statement.inputs].every(({ kind }) => kind !== 'opaque');
  const complete = errors.length === 0 && isRead;
  return { instruction: statement, effects: effectsInBody(statement, hypercalls), complete };
}

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
