/** What a planted fault is. */
import type { Edit } from '../../src/syntax/edits.ts';

export interface Mutant {
  /** The class of faults, a row of the table. */
  readonly fault: string;
  /** The file that holds the fault: the source or a header of it. */
  readonly file: string;
  /** What makes the fault of the macro-ised text, in order. */
  readonly edits: readonly Edit[];
  /** The rules that are about such a fault, the best first; a finding of another does not count. */
  readonly rules: readonly string[];
  /** Characters of the text without the fault in whose lines a finding must stand, or which it must name. */
  readonly start: number;
  readonly end: number;
  /** A register that a finding in the same routine may name instead of standing at the fault; null: none. */
  readonly register: string | null;
  /** The fault in words, for the list of what is missed. */
  readonly what: string;
}

/** Mutants by their class, in the order of the first of each. */
export function byFault<Kind extends Mutant>(mutants: readonly Kind[]): ReadonlyMap<string, readonly Kind[]> {
  const classes = new Map<string, Kind[]>();
  for (const mutant of mutants) {
    const known = classes.get(mutant.fault);
    if (known === undefined) classes.set(mutant.fault, [mutant]);
    else known.push(mutant);
  }
  return classes;
}
