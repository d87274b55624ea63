/** Dependencies between instructions: violations in code that stands, and conflicts that an expansion would make. */

import type { Program } from '../analysis/program/program.ts';
import { groupEnds } from '../bundles/layout.ts';
import { readForViolations } from './check.ts';
import { messageOf, spelledPlace } from './messages.ts';
import { readAcrossBranches } from './paths.ts';
import type { FoundViolation as Found } from './reading.ts';

export interface DependencyViolation extends Found {
  /** The manual forbids it; false: the assembler warns of something that cannot happen. */
  readonly real: boolean;
  /** What is wrong and what it takes, in words. */
  readonly message: string;
}

export interface DependencyOptions {
  /** Whether a `break`, by its index in the program, never comes back; left out: all do. */
  readonly neverReturns?: (instruction: number) => boolean;
  /** Report where the assembler puts in a stop because an instruction must begin or end its group; left out: no. */
  readonly positions?: boolean;
  /** Only what is real; left out: also what the assembler alone objects to. */
  readonly onlyReal?: boolean;
  /** The place that messages name for an instruction; left out: where it is spelled, be it in a macro of ours. */
  readonly placeOf?: (instruction: number) => string;
}

/**
 * Every dependency violation of a program, in the order of its text: what GNU as -x warns of, and what it does not see.
 * The time is linear in the size of the program.
 */
export function checkDependencies(program: Program, options: DependencyOptions = {}): DependencyViolation[] {
  const groups = groupEnds(program);
  const { violations, departures } = readForViolations(program, groups, { ...options, reader: 'manual' });
  const real = [...violations, ...readAcrossBranches(program, departures)];
  // The assembler says nothing of positions: it puts in the stop.
  const asks = options.onlyReal !== true || real.some(({ kind }) => kind !== 'position');
  const seen = asks ? readForViolations(program, groups, { reader: 'assembler' }).violations : [];
  const all = new Map<string, Found & { real: boolean }>();
  for (const violation of seen) all.set(identity(violation), { ...violation, real: false });
  for (const violation of real) {
    const known = all.get(identity(violation));
    if (known !== undefined) known.real = true;
    else all.set(identity(violation), { ...named(violation), real: true });
  }
  return [...all.values()]
    .filter((violation) => violation.real || options.onlyReal !== true)
    .sort((a, b) => a.second - b.second)
    .map((violation) => ({
      ...violation,
      message: messageOf(program, violation, options.placeOf ?? spelledPlace(program)),
    }));
}

/** A missing instruction serialization that the assembler does not report is a srlz.d that it accepts in its place. */
function named(violation: Found): Found {
  return violation.semantics === 'instr' ? { ...violation, kind: 'serialization' } : violation;
}

function identity({ kind, resource, first, second, semantics }: Found): string {
  return `${kind} ${resource} ${first} ${second} ${semantics}`;
}
