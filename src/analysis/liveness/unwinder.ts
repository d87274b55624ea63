/**
 * Registers that an unwinder reads. `.save ar.lc, r3` says that r3 holds ar.lc from here on, and whoever unwinds the stack out of the
 * routine, or out of what it calls, takes it from there. Requires: the program.
 */
import { constantValue } from '../../machine/constants.ts';
import type { NameScope } from '../../machine/naming.ts';
import { registerName, registerNamed } from '../../machine/register-numbers.ts';
import { operandRegister } from '../../machine/scope.ts';
import { unwinderOperands } from '../../machine/unwind-directives.ts';
import type { Statement } from '../../syntax/tree.ts';
import type { Program } from '../program/program.ts';
import { place } from '../program/spelling.ts';

type Directive = Extract<Statement, { kind: 'directive' }>;

/** A register that an unwind directive names: read by an unwinder from there to the end of the routine. */
interface UnwinderRead {
  readonly register: number;
  readonly directive: Directive;
  /** Index of the directive among the statements. */
  readonly statement: number;
}

/** By index of a routine: what an unwinder reads in it, in the order of the directives. */
export type UnwinderReads = ReadonlyMap<number, readonly UnwinderRead[]>;

export function unwinderReads({ statements, names }: Program): UnwinderReads {
  const byRoutine = new Map<number, UnwinderRead[]>();
  let own: UnwinderRead[] | null = null;
  for (let at = 0; at < statements.length; at++) {
    const statement = statements[at]!;
    if (statement.kind !== 'directive') continue;
    if (statement.name === '.proc') {
      own = [];
      byRoutine.set(byRoutine.size, own);
    } else if (statement.name === '.endp') own = null;
    else if (own !== null && unwinderOperands(statement.name).length > 0)
      own.push(...readsOf(statement, at, names.scopeAt(at)));
  }
  return byRoutine;
}

function readsOf(directive: Directive, statement: number, scope: NameScope): UnwinderRead[] {
  const { args } = directive;
  return unwinderOperands(directive.name).flatMap(({ operand, isFirst }) => {
    const named = args[operand] === undefined ? undefined : operandRegister(args[operand]!, scope);
    const first = named === undefined ? -1 : registerNamed(named.name);
    if (first < 0) return [];
    const count = isFirst ? bitsSet(constantValue(args[0]!, scope) ?? 0n) : 1;
    return Array.from({ length: count }, (_, at) => ({ register: first + at, directive, statement }));
  });
}

function bitsSet(mask: bigint): number {
  let count = 0;
  for (let left = BigInt.asUintN(64, mask); left !== 0n; left &= left - 1n) count++;
  return count;
}

/** A program, and what an unwinder reads in it. */
interface Unwound {
  readonly program: Program;
  readonly unwinder: UnwinderReads;
}

/** The registers that an unwinder reads while the instruction runs. */
export function unwinderRegisters({ program, unwinder }: Unwound, instruction: number): readonly number[] {
  return readsAt({ program, unwinder }, instruction).map(({ register }) => register);
}

/** Why an unwinder reads the register while the instruction runs; null: it does not. */
export function whyUnwound({ program, unwinder }: Unwound, instruction: number, register: number): string | null {
  const read = readsAt({ program, unwinder }, instruction).find((each) => each.register === register);
  if (read === undefined) return null;
  const { first, name } = read.directive;
  return `${registerName(register)} is live: an unwinder reads it, as \`${name}\` at ${place(program.tokens[first]!)} says`;
}

function readsAt({ program, unwinder }: Unwound, instruction: number): readonly UnwinderRead[] {
  const { routine, statementIndex } = program.instructions[instruction]!;
  return (unwinder.get(routine) ?? []).filter(({ statement }) => statement < statementIndex);
}
