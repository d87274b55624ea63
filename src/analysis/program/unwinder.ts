/**
 * Registers that an unwinder reads. `.save ar.lc, r3` says that r3 holds ar.lc from here on, and whoever unwinds the stack out of the
 * routine, or out of what it calls, takes it from there. Requires: nothing but the names.
 */
import { constantValue } from '../../machine/constants.ts';
import type { NameScope } from '../../machine/naming.ts';
import { registerNamed } from '../../machine/register-numbers.ts';
import { operandRegister } from '../../machine/scope.ts';
import { unwinderOperands } from '../../machine/unwind-directives.ts';
import type { Statement } from '../../syntax/tree.ts';
import type { ProgramInstruction } from './program.ts';

/** A register that an unwind directive names: read by an unwinder from there to the end of the routine. */
export interface UnwinderRead {
  readonly register: number;
  readonly directive: Extract<Statement, { kind: 'directive' }>;
  /** Index of the directive among the statements. */
  readonly statement: number;
}

/** By index of a routine: what an unwinder reads in it, in the order of the directives. */
export type UnwinderReads = ReadonlyMap<number, readonly UnwinderRead[]>;

/** What a directive of a routine makes an unwinder read. */
export function unwinderReads(
  directive: UnwinderRead['directive'],
  statement: number,
  names: NameScope,
): UnwinderRead[] {
  const { args } = directive;
  return unwinderOperands(directive.name).flatMap(({ operand, isFirst }) => {
    const named = args[operand] === undefined ? undefined : operandRegister(args[operand]!, names);
    const first = named === undefined ? -1 : registerNamed(named.name);
    if (first < 0) return [];
    const count = isFirst ? bitsSet(constantValue(args[0]!, names) ?? 0n) : 1;
    return Array.from({ length: count }, (_, at) => ({ register: first + at, directive, statement }));
  });
}

/** What an unwinder reads while the instruction runs. */
export function unwinderReadsAt(
  reads: UnwinderReads,
  { routine, statementIndex }: Pick<ProgramInstruction, 'routine' | 'statementIndex'>,
): readonly UnwinderRead[] {
  return (reads.get(routine) ?? []).filter(({ statement }) => statement < statementIndex);
}

function bitsSet(mask: bigint): number {
  let count = 0;
  for (let left = BigInt.asUintN(64, mask); left !== 0n; left &= left - 1n) count++;
  return count;
}
