/** Lengths of code that a program has in data or instructions: code that is copied elsewhere has its length somewhere. */
import { dataDirective } from '../analysis/program/data.ts';
import type { Program } from '../analysis/program/program.ts';
import type { Label } from '../analysis/program/symbols.ts';
import { equates } from '../machine/symbol-directives.ts';
import type { Expression, Statement } from '../syntax/tree.ts';

export interface KeptLength {
  readonly from: Label;
  readonly to: Label;
  /** The statement that has it. */
  readonly at: number;
}

/** Does an instruction, by its index, stand between two labels of one section? */
export function isBetween({ instructions }: Program, index: number, { from, to }: KeptLength): boolean {
  const { section, statementIndex } = instructions[index]!;
  return section === from.section && statementIndex > from.statement && statementIndex < to.statement;
}

/**
 * Differences of two labels of one section, the later one first. Tables of places within a routine look the same: the first
 * label must be a name that others know, or that of a routine.
 */
export function keptLengths(program: Program): readonly KeptLength[] {
  const routines = new Set(program.routines.map(({ name }) => name));
  return program.statements.flatMap((statement, at) =>
    valuesOf(statement).flatMap((value): readonly KeptLength[] => {
      const difference = differenceOf(value);
      if (difference === null) return [];
      const to = program.symbols.named.get(difference.left);
      const from = program.symbols.named.get(difference.right);
      if (from === undefined || to === undefined || from.section !== to.section) return [];
      if (from.statement >= to.statement || !(from.global || routines.has(from.name))) return [];
      return [{ from, to, at }];
    }),
  );
}

/** What a statement puts into data, a symbol or a register. */
function valuesOf(statement: Statement): readonly Expression[] {
  switch (statement.kind) {
    case 'assignment':
      return [statement.value];
    case 'directive':
      return dataDirective(statement.name)?.values || equates(statement.name) ? statement.args : [];
    case 'instruction':
      return statement.inputs;
    default:
      return [];
  }
}

function differenceOf(value: Expression): { readonly left: string; readonly right: string } | null {
  if (value.kind === 'group') return differenceOf(value.inner);
  if (value.kind !== 'binary') return null;
  const { operator, left, right } = value;
  if (operator === '-' && left.kind === 'name' && right.kind === 'name') return { left: left.name, right: right.name };
  // `(end - start) / 8`, `end - start + 15`
  return differenceOf(left);
}
