/** One instruction of an image. */

import type { ProgramInstruction } from '../analysis/program/program.ts';
import { isOfClass } from '../machine/classes.ts';
import type { FormLine } from '../machine/forms.ts';
import type { NameScope } from '../machine/naming.ts';
import { natRuleOf } from '../machine/nat.ts';
import { operandRegister } from '../machine/scope.ts';
import type { Instruction } from '../syntax/tree.ts';
import { compileSteps, type Operands, type Run } from './compile.ts';
import type { Machine } from './machine.ts';
import { NotationError } from './notation.ts';
import { generalRegister, type OperandScope, operandsOf } from './operands.ts';
import { choices, filledIn, semanticsOf } from './semantics.ts';
import { Undefined } from './signals.ts';

/** How the machine differs from the manual's: properties of a hypervisor's guest. */
export interface Platform {
  /** Whether privileged instructions trap and are emulated: with the effects of the manual, and serialized. */
  readonly isGuest: boolean;
  /** By form, or by form and register (`mov-from-cr cr.itm`): its semantics here, in the notation. */
  readonly instead: ReadonlyMap<string, string>;
  /** By form, or by form and register: why it cannot be executed here. */
  readonly refused: ReadonlyMap<string, string>;
  /** The semantics of a hypercall in a slot; null if the instruction is none; a text: why it cannot be executed. */
  hypercall(instruction: Instruction, slot: number): Meaning | string | null;
}

export interface Meaning {
  /** Its semantics, in the notation. */
  readonly does: string;
  /** Why executing it here has no defined meaning; empty when it has one. */
  readonly wrong: string;
  /** General registers whose value must not be a NaT. */
  readonly checks: readonly number[];
}

export interface CompiledInstruction {
  readonly run: Run;
  /** Number of the qualifying predicate; 0 for none. */
  readonly predicate: number;
  readonly isBranch: boolean;
  /** What it does when its predicate is false; null: nothing. */
  readonly otherwise: Run | null;
  /** General registers whose value must not be a NaT. */
  readonly checks: readonly number[];
  readonly constants: readonly bigint[];
}

export const NATIVE: Platform = {
  isGuest: false,
  instead: new Map(),
  refused: new Map(),
  hypercall: () => null,
};

/** Compiles an instruction; the result is a text when it cannot be executed: the reason. */
export function compileInstruction(
  { statement, effects }: ProgramInstruction,
  scope: OperandScope,
  platform: Platform,
  slot: number,
): CompiledInstruction | string {
  if (statement.kind === 'macroCall') return `the macro ${statement.name} is not known`;
  if (!effects.known || effects.form === null) return `the instruction '${statement.mnemonic}' is not known`;
  const form = effects.form as FormLine;
  const meaning = meaningOf(statement, form, platform, slot, scope.names);
  if (typeof meaning === 'string') return meaning;
  try {
    // Semantics that name `qp` handle a false predicate by themselves.
    const asks = /\bqp\b/.test(meaning.does);
    const operands = withPredicates(operandsOf(statement, form, scope), effects.predicate);
    const constants = [...operands.values()].filter((value) => typeof value === 'bigint');
    return {
      run: meaning.wrong === '' ? compileSteps(meaning.does, operands) : refusing(meaning.wrong),
      predicate: asks ? 0 : Math.max(0, effects.predicate),
      isBranch: form.unit === 'B' || form.branch !== null,
      otherwise: clearing(form, operands),
      checks: [...checksOf(statement, form, scope), ...meaning.checks],
      constants: isOfClass(form, 'bit-tests') ? constants.map((position) => 1n << (position & 63n)) : constants,
    };
  } catch (error) {
    if (error instanceof NotationError) return `${form.id}, '${meaning.does}': ${error.message}`;
    return `'${statement.mnemonic}' cannot be executed: ${(error as Error).message}`;
  }
}

function refusing(why: string): Run {
  return () => {
    throw new Undefined(why);
  };
}

/** Adds the operands `qp`, the qualifying predicate, and p2 if a compare has no second predicate: then nothing is written. */
function withPredicates(operands: Operands, predicate: number): Operands {
  const qualifying = {
    read: (machine: Machine) => (machine.holds(predicate, true) ? 1n : 0n),
    write: () => undefined,
  };
  const second: [string, bigint][] = operands.has('p1') && !operands.has('p2') ? [['p2', 0n]] : [];
  return new Map([...operands, ...second, ['qp', qualifying]]);
}

function meaningOf(
  statement: Instruction,
  form: FormLine,
  platform: Platform,
  slot: number,
  names: NameScope,
): Meaning | string {
  const refused = ofPlatform(platform.refused, statement, form, names);
  if (refused !== undefined) return { does: '', wrong: `${form.id}: ${refused}`, checks: [] };
  const called = platform.hypercall(statement, slot);
  if (called !== null) return called;
  const instead = ofPlatform(platform.instead, statement, form, names);
  const does =
    instead === undefined
      ? semanticsOf(form, statement.mnemonic)
      : filledIn(instead, choices(form.pattern, statement.mnemonic));
  if (does === null) return `the instruction '${statement.mnemonic}' (${form.id}) has no line in grammar/semantics.tsv`;
  return { does, wrong: '', checks: [] };
}

/** The entry of a platform's table for an instruction: for its form and one of its registers, else for its form alone. */
function ofPlatform(
  table: ReadonlyMap<string, string>,
  { outputs, inputs }: Instruction,
  form: FormLine,
  names: NameScope,
): string | undefined {
  for (const operand of [...outputs, ...inputs]) {
    const register = operandRegister(operand, names);
    const meaning = register === undefined ? undefined : table.get(`${form.id} ${register.name}`);
    if (meaning !== undefined) return meaning;
  }
  return table.get(form.id);
}

/** Compares with .unc, and frcpa, clear their target predicates when their qualifying predicate is false (SDM vol. 3). */
function clearing(form: FormLine, operands: Operands): Run | null {
  const cleared = form.writes.filter((word) => word.endsWith('!')).map((word) => `test(${word.slice(0, -1)}, 0, 0)`);
  return cleared.length === 0 ? null : compileSteps(cleared.join('; '), operands);
}

function checksOf(statement: Instruction, form: FormLine, scope: OperandScope): number[] {
  if (form.branch === 'check') return [];
  const words = natRuleOf(form.id)?.checks ?? [];
  const found = new Set<number>();
  const look = (word: string, at: number, list: Instruction['inputs']): void => {
    if (!words.includes(word)) return;
    const register = generalRegister(list[at], scope.names);
    if (register > 0) found.add(register);
  };
  for (const [at, kind] of form.outputs.entries()) look(kind.name, at, statement.outputs);
  for (const [at, kind] of form.inputs.entries()) look(kind.name, at, statement.inputs);
  return [...found];
}
