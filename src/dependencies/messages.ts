/** Dependency violations in words. */

import type { Program } from '../analysis/program/program.ts';
import type { SourceRange } from '../syntax/source.ts';
import type { FoundViolation } from './reading.ts';

const USES = {
  RAW: ['reads', 'writes'],
  WAW: ['writes', 'writes too'],
  WAR: ['writes', 'reads'],
  serialization: ['depends on', 'writes'],
} as const;

/** `ld8 reads psr.dt, which rsm at ivt.S:12 writes: srlz.d must stand between them, behind a stop`. */
export function messageOf(
  program: Program,
  violation: FoundViolation,
  placeOf: (instruction: number) => string,
): string {
  const { kind, resource, first, second } = violation;
  if (kind === 'position') return positionMessage(program, first, second, placeOf);
  const [uses, used] = USES[kind];
  const place = first === second ? 'it' : `${word(program, first)} at ${placeOf(first)}`;
  return `${word(program, second)} ${uses} ${resource}, which ${place} ${used}: ${cureOf(violation)}`;
}

/** What a person must put between the two. */
export function cureOf({ kind, semantics }: Pick<FoundViolation, 'kind' | 'semantics'>): string {
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

/** What a person must put between the two besides stops; null: nothing. */
export function serializationFor({ kind, semantics }: Pick<FoundViolation, 'kind' | 'semantics'>): string | null {
  if (kind === 'serialization' || semantics === 'instr') return 'srlz.i';
  return semantics === 'data' || semantics === 'specific' ? 'srlz.d' : null;
}

function positionMessage(
  program: Program,
  first: number,
  second: number,
  placeOf: (instruction: number) => string,
): string {
  const { effects } = program.instructions[second]!;
  if (first === second) return `${word(program, second)} cannot be predicated`;
  if (effects.form?.position === 'first') return `${word(program, second)} must be the first of its instruction group`;
  return `${word(program, first)} at ${placeOf(first)} must be the last of its instruction group`;
}

function word(program: Program, instruction: number): string {
  const { statement } = program.instructions[instruction]!;
  return statement.kind === 'instruction' ? statement.mnemonic : statement.name;
}

/** `ivt.S:12`, where an instruction is spelled. */
export function spelledPlace({ instructions }: Program): (instruction: number) => string {
  return (instruction) => shortPlace(instructions[instruction]!);
}

/** `ivt.S:12`: the file without its folders, and the line. */
export function shortPlace({ file, start }: Pick<SourceRange, 'file' | 'start'>): string {
  return `${file.name.replace(/^.*\//, '')}:${file.position(start).line}`;
}
