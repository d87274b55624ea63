/** Dependency violations in words. */

import type { Program } from '../analysis/program/program.ts';
import type { FoundViolation } from './reading.ts';

const USES = {
  RAW: ['reads', 'writes'],
  WAW: ['writes', 'writes too'],
  WAR: ['writes', 'reads'],
  serialization: ['depends on', 'writes'],
} as const;

/** `ld8 reads psr.dt, which rsm in line 12 writes: srlz.d must stand between them, behind a stop`. */
export function messageOf(
  program: Program,
  violation: FoundViolation,
  lineOf: (instruction: number) => number,
): string {
  const { kind, resource, first, second } = violation;
  if (kind === 'position') return positionMessage(program, first, second, lineOf);
  const [uses, used] = USES[kind];
  const place = first === second ? 'it' : `${word(program, first)} in line ${lineOf(first)}`;
  return `${word(program, second)} ${uses} ${resource}, which ${place} ${used}: ${needed(violation)}`;
}

function needed({ kind, semantics }: FoundViolation): string {
  if (kind === 'serialization') return 'srlz.d does not do here, it takes a stop, srlz.i and a stop';
  switch (semantics) {
    case 'data':
      return 'a stop and srlz.d must stand between them';
    case 'instr':
      return 'a stop, srlz.i and a stop must stand between them';
    case 'specific':
      return 'srlz.d must stand between them';
    default:
      return 'a stop must stand between them';
  }
}

function positionMessage(
  program: Program,
  first: number,
  second: number,
  lineOf: (instruction: number) => number,
): string {
  const { effects } = program.instructions[second]!;
  if (first === second) return `${word(program, second)} cannot be predicated`;
  if (effects.form?.position === 'first') return `${word(program, second)} must be the first of its instruction group`;
  return `${word(program, first)} in line ${lineOf(first)} must be the last of its instruction group`;
}

function word(program: Program, instruction: number): string {
  const { statement } = program.instructions[instruction]!;
  return statement.kind === 'instruction' ? statement.mnemonic : statement.name;
}

/** The line that an instruction is spelled in. */
export function spelledLine({ instructions }: Program): (instruction: number) => number {
  return (instruction) => {
    const { file, start } = instructions[instruction]!;
    return file.position(start).line;
  };
}
