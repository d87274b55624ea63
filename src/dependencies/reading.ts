/** The state of reading a program for dependency violations, and what the reading gives. */

import type { Program } from '../analysis/program/program.ts';
import type { DependencyKind, DependencySemantics } from '../machine/dependencies.ts';
import { RESOURCE_COUNT } from '../machine/resources.ts';
import type { Knowledge } from './access-pair.ts';
import * as marking from './marks.ts';
import * as relating from './relations.ts';
import type { TakenBranch } from './taken-branch.ts';
import { newValues } from './values.ts';

/**
 * An instruction that lacks a stop or serialization towards an earlier one, or has the wrong position in its instruction
 * group.
 */
export interface FoundViolation {
  /**
   * RAW, WAW, WAR: as the manual has it. serialization: a srlz.d stands where a srlz.i must. position: it must be the
   * first or the last of its instruction group and is not (`resource` is `group`), or must not be predicated.
   */
  readonly kind: DependencyKind | 'serialization' | 'position';
  /** `r8`, `psr.ic`, `cfm`. */
  readonly resource: string;
  /** Instruction indices in the program. */
  readonly first: number;
  readonly second: number;
  readonly semantics: DependencySemantics;
  /** GNU as -x warns of it, too. */
  readonly seenByGas: boolean;
}

/**
 * By whose rules code is read. `assembler`: those of GNU as, with its omissions and errors. `manual`: those of the manual.
 */
export type Reader = 'assembler' | 'manual';

/** The state of a reading under way. */
export interface Reading {
  readonly program: Program;
  readonly marks: marking.Marks;
  readonly knowledge: Knowledge;
  readonly found: FoundViolation[];
  /** Between `.auto` and `.explicit` the assembler puts in what is missing. */
  automatic: boolean;
  /** `.pred.safe_across_calls` */
  safeAcrossCalls: readonly number[];
  readonly departures: TakenBranch[];
  /** A `break` that the hypervisor or the kernel does not come back from. */
  readonly neverReturns: (instruction: number) => boolean;
  readonly positions: boolean;
  /** The last instruction of the open group, and one that must be its last; -1: none. */
  lastOfGroup: number;
  mustBeLast: number;
}

/** The result of a reading. */
export interface Findings {
  readonly violations: readonly FoundViolation[];
  /** Branches that may be taken with writes that are not serialized. */
  readonly departures: readonly TakenBranch[];
}

export interface ReadingOptions {
  readonly reader: Reader;
  /** Whether a `break`, by its index in the program, never comes back; left out: all do. */
  readonly neverReturns?: (instruction: number) => boolean;
  /** Report where the assembler puts in a stop because an instruction must begin or end its group. */
  readonly positions?: boolean;
}

export function startReading(program: Program, options: ReadingOptions): Reading {
  const { reader, neverReturns = () => false, positions = false } = options;
  const asAssembler = reader === 'assembler';
  return {
    program,
    marks: marking.newMarks(RESOURCE_COUNT),
    knowledge: {
      asAssembler,
      relations: relating.newRelations(asAssembler),
      values: newValues(),
      spillBit: -1,
      rotating: 0,
    },
    found: [],
    automatic: false,
    safeAcrossCalls: [],
    departures: [],
    neverReturns,
    positions,
    lastOfGroup: -1,
    mustBeLast: -1,
  };
}

/** A stop, or what ends a group like one. */
export function endGroup(reading: Reading): void {
  marking.nextGroup(reading.marks);
  reading.lastOfGroup = reading.mustBeLast = -1;
}
