/** Lengths of code that a program has in data or instructions: code that is copied elsewhere has its length somewhere. */
import { dataDirective } from '../analysis/program/data.ts';
import type { Program } from '../analysis/program/program.ts';
import { type Label, resolveTarget } from '../analysis/program/symbols.ts';
import { equates } from '../machine/symbol-directives.ts';
import type { Expression, Statement } from '../syntax/tree.ts';

/** Where code ends: at a label, or at a statement that says `.`. */
export type CodeEnd = Pick<Label, 'name' | 'section' | 'statement'>;

export interface KeptLength {
  readonly from: Label;
  readonly to: CodeEnd;
  /** The statement that has it. */
  readonly at: number;
}

/** Does an instruction, by its index, stand between two labels of one section? */
export function isBetween({ instructions }: Program, index: number, { from, to }: KeptLength): boolean {
  const { section, statementIndex } = instructions[index]!;
  return section === from.section && statementIndex > from.statement && statementIndex < to.statement;
}

/**
 * Differences of two places of one section, the later one first. Tables of places within a routine look the same: the first
 * place must have a name that others know, or that of a routine.
 */
export function keptLengths(program: Program): readonly KeptLength[] {
  const { symbols } = program;
  const routines = new Set(program.routines.map(({ name }) => name));
  const isKnown = ({ global, name }: Label) => global || routines.has(name);
  const known = new Set(symbols.labels.filter(isKnown).map(({ instruction }) => instruction));
  return program.statements.flatMap((statement, at) =>
    valuesOf(statement).flatMap((value): readonly KeptLength[] => {
      const difference = differenceOf(value);
      // An instruction that adds `1f - routine` to an address goes on at a place within the routine.
      if (difference === null || (isCode(statement) && difference.to.kind !== 'name')) return [];
      const from = resolveTarget(symbols, difference.from, at)?.label;
      if (from == null || !(isKnown(from) || known.has(from.instruction))) return [];
      const to: CodeEnd | null | undefined =
        difference.to.kind === 'here'
          ? { name: '.', section: from.section, statement: at } // or the assembler would refuse the difference
          : resolveTarget(symbols, difference.to, at)?.label;
      return to == null || from.section !== to.section || from.statement >= to.statement ? [] : [{ from, to, at }];
    }),
  );
}

/** `data8` without a dot is spelled as an instruction. */
function isCode(statement: Statement): boolean {
  return statement.kind === 'instruction' && dataDirective(statement.mnemonic) == null;
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

interface Terms {
  readonly added: Expression[];
  readonly taken: Expression[];
}

/** The two places of `end - start`, `end + 15 - start`, `(end - start) / 8`, `. - start`; null for anything else. */
function differenceOf(value: Expression): { readonly from: Expression; readonly to: Expression } | null {
  if (value.kind === 'name' || value.kind === 'number') return null; // most are
  const terms: Terms = { added: [], taken: [] };
  collect(value, terms);
  const [to, ...moreAdded] = terms.added;
  const [from, ...moreTaken] = terms.taken;
  if (to === undefined || from === undefined || moreAdded.length > 0 || moreTaken.length > 0) return null;
  return { from, to };
}

/** Sorts the places in a value by their sign; of a quotient, product or mask it is the first operand that counts. */
function collect(value: Expression, terms: Terms): void {
  const { added, taken } = terms;
  switch (value.kind) {
    case 'group':
      collect(value.inner, terms);
      break;
    case 'binary':
      collect(value.left, terms);
      if (value.operator === '+') collect(value.right, terms);
      if (value.operator === '-') collect(value.right, { added: taken, taken: added });
      break;
    case 'unary':
      if (value.operator === '-') collect(value.operand, { added: taken, taken: added });
      break;
    case 'name':
    case 'local':
    case 'here':
      added.push(value);
      break;
  }
}
