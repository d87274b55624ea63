/**
 * Code whose place a program counts in bytes: `br f+0x20`, `br .-0x30`, `mov r2=ip ;; adds r2=0x40,r2`, or works out from the lengths
 * of the code before it: `mov r2=ip ;; shladd r2=r3,4,r2 ;; mov b6=r2`. What is put between there moves what stands behind it, and the number leads elsewhere. Requires: the program.
 */
import { dataDirective } from '../analysis/program/data.ts';
import type { Program } from '../analysis/program/program.ts';
import { type Label, resolveTarget } from '../analysis/program/symbols.ts';
import { isOfClass } from '../machine/classes.ts';
import { isStep } from '../machine/copies.ts';
import { isBranch, registerOf } from '../machine/register-numbers.ts';
import { equates } from '../machine/symbol-directives.ts';
import { evaluateNumber } from '../syntax/evaluate.ts';
import type { Expression, Statement } from '../syntax/tree.ts';
import { addressRegisters, placesHeld, writerBefore } from './held-addresses.ts';

/** Bytes of a bundle, and the most instructions in one. A number below that names a slot. */
const BUNDLE = 16;
const SLOTS = 3;

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
      if (value.kind === 'number' || (value.kind === 'name' && !program.symbols.computed.has(value.name))) continue;
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
  markRows(program, counted);
  return counted;
}

/**
 * Marks code that an address in it with a distance added leads into: `mov r2=ip ;; shladd r3=r32,4,r2 ;; mov b6=r3` goes into a
 * row of pieces of one length. Where the row ends nobody says: it may be all that follows in the routine.
 */
function markRows(program: Program, counted: Map<number, number>): void {
  for (const { index, effects, statementIndex } of program.instructions) {
    if (!effects.writes.some((resource) => isBranch(registerOf[1][resource]!)) || effects.branch !== null) continue;
    for (const from of rowsLedInto(program, index))
      for (const at of restOfRoutine(program, from)) if (!counted.has(at)) counted.set(at, statementIndex);
  }
}

/** The instructions to whose address the value that is put into a branch register adds something unknown. */
function rowsLedInto(program: Program, move: number): readonly number[] {
  const [target = -1] = addressRegisters(program, move);
  const sum = writerBefore(program, target, move);
  if (sum < 0 || !isOfClass(program.instructions[sum]!.effects.form, 'address-sums')) return [];
  const terms = addressRegisters(program, sum);
  return terms.flatMap((register, term) => {
    const others = terms.filter((_, each) => each !== term);
    return others.every((other) => isComputed(program, other, sum)) ? placesHeld(program, register, sum, true) : [];
  });
}

/** Whether a register holds a number that the program computes: none out of memory, and none that it spells. */
function isComputed(program: Program, register: number, before: number): boolean {
  const writer = writerBefore(program, register, before);
  if (writer < 0) return true;
  const { effects } = program.instructions[writer]!;
  return !effects.readsMemory && addressRegisters(program, writer).length > 0;
}

function restOfRoutine({ instructions, next }: Program, from: number): number[] {
  const rest: number[] = [];
  const { routine } = instructions[from]!;
  for (let at = from; at >= 0 && instructions[at]!.routine === routine; at = next[at]!) rest.push(at);
  return rest;
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
  const [register = -1] = addressRegisters(program, step);
  return placesHeld(program, register, step);
}
