/**
 * Code whose place a program counts in bytes: `br f+0x20`, `br .-0x30`, `mov r2=ip ;; adds r2=0x40,r2`. What is put between
 * there moves what stands behind it, and the number leads elsewhere. Requires: the program.
 */
import { dataDirective } from '../analysis/program/data.ts';
import type { Program } from '../analysis/program/program.ts';
import { type Label, resolveTarget } from '../analysis/program/symbols.ts';
import { isOfClass } from '../machine/classes.ts';
import { copiedRegister, isStep } from '../machine/copies.ts';
import { registerFor } from '../machine/purposes.ts';
import { branch, isBranch, registerOf } from '../machine/register-numbers.ts';
import { equates } from '../machine/symbol-directives.ts';
import { evaluateNumber } from '../syntax/evaluate.ts';
import type { Expression, Statement } from '../syntax/tree.ts';

/** Bytes of a bundle, and the most instructions in one. A number below that names a slot. */
const BUNDLE = 16;
const SLOTS = 3;
const HERE = registerFor('instruction-pointer').resource;
/** How many instructions before a step the address that it adds to is looked for. */
const NEAR = 64;

/** An expression as a label, or `.`, and bytes counted from there. */
interface Sum {
  readonly labels: readonly Label[];
  /** How often `.` is added, or taken away. */
  readonly here: number;
  readonly bytes: number;
}

/**
 * By instruction: the statement that counts the bytes of the code it is part of. An instruction stands for at most a third of a
 * bundle, so what is surely in the way, and perhaps some more behind it, is there.
 */
export function countedCode(program: Program): ReadonlyMap<number, number> {
  const counted = new Map<number, number>();
  const tables = new Set(program.origins.map(({ base }) => base));
  const mark = (from: number, bytes: number, statement: number): void => {
    for (const at of between(program, from, bytes)) if (!counted.has(at)) counted.set(at, statement);
  };
  program.statements.forEach((statement, at) => {
    const instruction = program.instructionOf[at]!;
    for (const value of valuesOf(statement)) {
      const sum = sumOf(program, value, at);
      if (sum === null || Math.abs(sum.bytes) < BUNDLE) continue;
      const [label, ...others] = sum.labels;
      if (others.length > 0) continue;
      // What `.org` puts at a place of a table stays there.
      if (label !== undefined && sum.here <= 0 && !tables.has(label.name)) mark(label.instruction, sum.bytes, at);
      if (label === undefined && sum.here === 1 && instruction >= 0) mark(instruction, sum.bytes, at);
    }
  });
  for (const { index, effects, statement, statementIndex } of program.instructions) {
    if (!isStep(effects) || statement.kind !== 'instruction') continue;
    const bytes = Number(
      statement.inputs.map((input) => evaluateNumber(input)).find((value) => value !== undefined) ?? 0n,
    );
    if (Math.abs(bytes) < BUNDLE) continue;
    for (const from of addressesStepped(program, index)) mark(from, bytes, statementIndex);
  }
  return counted;
}

/** What a statement puts into data, a symbol or a register, and where it branches to. */
function valuesOf(statement: Statement): readonly Expression[] {
  switch (statement.kind) {
    case 'assignment':
      return [statement.value];
    case 'directive':
      return dataDirective(statement.name) !== null || equates(statement.name) ? statement.args : [];
    case 'instruction':
      return statement.inputs;
    default:
      return [];
  }
}

/** Null where an expression is no sum of labels of code, `.` and numbers. */
function sumOf(program: Program, expression: Expression, at: number, depth = 0): Sum | null {
  const number = evaluateNumber(expression);
  if (number !== undefined) return { labels: [], here: 0, bytes: Number(number) };
  switch (expression.kind) {
    case 'here':
      return { labels: [], here: 1, bytes: 0 };
    case 'group':
      return sumOf(program, expression.inner, at, depth);
    case 'relocation':
      return expression.argument === null ? null : sumOf(program, expression.argument, at, depth);
    case 'binary': {
      if (expression.operator !== '+' && expression.operator !== '-') return null;
      const left = sumOf(program, expression.left, at, depth);
      const right = sumOf(program, expression.right, at, depth);
      if (left === null || right === null) return null;
      const sign = expression.operator === '+' ? 1 : -1;
      // The difference of two labels is known when the listing is assembled.
      if (sign < 0 && right.labels.length > 0) return null;
      return {
        labels: [...left.labels, ...right.labels],
        here: left.here + sign * right.here,
        bytes: left.bytes + sign * right.bytes,
      };
    }
    case 'name':
    case 'local': {
      const label = resolveTarget(program.symbols, expression, at)?.label;
      if (label != null) return label.instruction < 0 ? null : { labels: [label], here: 0, bytes: 0 };
      const value = expression.kind === 'name' ? program.symbols.computed.get(expression.name) : undefined;
      return value === undefined || depth > 8 ? null : sumOf(program, value, at, depth + 1);
    }
    default:
      return null;
  }
}

/** The instructions of the section from one on, or in front of it, that so many bytes may hold. */
function between({ instructions }: Program, from: number, bytes: number): readonly number[] {
  const found: number[] = [];
  const { section } = instructions[from]!;
  const most = Math.ceil((Math.abs(bytes) * SLOTS) / BUNDLE);
  const step = bytes < 0 ? -1 : 1;
  for (let at = bytes < 0 ? from - 1 : from; at >= 0 && at < instructions.length && found.length < most; at += step)
    if (instructions[at]!.section === section) found.push(at);
  return found;
}

/** The instructions whose address an instruction adds to, where the instructions in front of it tell. */
function addressesStepped(program: Program, step: number): readonly number[] {
  const registers = registerOf[1];
  const source = (at: number): number => {
    const { reads } = program.instructions[at]!.effects;
    return registers[reads.find((resource) => registers[resource]! >= 0) ?? -1] ?? -1;
  };
  let register = source(step);
  let at = program.previous[step]!;
  for (let count = 0; at >= 0 && count < NEAR; count++, at = program.previous[at]!) {
    const { effects, statement, statementIndex } = program.instructions[at]!;
    if (!effects.writes.some((resource) => registers[resource] === register)) continue;
    if (effects.reads.includes(HERE)) return [at];
    if (effects.branch?.kind === 'call') return program.next[at]! < 0 ? [] : [program.next[at]!];
    const copied = copiedRegister(effects, registers);
    if (copied >= 0) register = copied;
    else if (isOfClass(effects.form, 'moves') && statement.kind === 'instruction') {
      const label = resolveTarget(program.symbols, statement.inputs[0] ?? null, statementIndex)?.label;
      return label == null || label.instruction < 0 ? [] : [label.instruction];
    } else return [];
  }
  return isBranch(register) ? placesBehindCalls(program, register) : [];
}

/** Where calls come back that link by a branch register. */
function placesBehindCalls({ instructions, next }: Program, register: number): readonly number[] {
  return instructions
    .filter(({ effects: { branch: call } }) => call?.kind === 'call' && branch(call.link ?? 0) === register)
    .map(({ index }) => next[index]!)
    .filter((at) => at >= 0);
}
