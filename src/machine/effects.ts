/**
 * What an instruction does, as numbers: every architectural resource has one small integer, and an instruction's
 * effects are two short lists of them. Numbering is defined in `resources.ts`.
 */
import type { Expression } from '../syntax/tree.ts';

export interface Branch {
  readonly kind: 'jump' | 'call' | 'return' | 'loop' | 'rfi' | 'check' | 'epc' | 'ia32';
  /** Label or expression it goes to; null for an indirect branch. */
  readonly target: Expression | null;
  /** Branch register (0-7) an indirect branch goes through, else null. */
  readonly through: number | null;
  /** Branch register (0-7) a call writes its return address to, else null. */
  readonly link: number | null;
}

export interface Effects {
  /** False: the instruction is not in the tables. It then reads and writes everything. */
  readonly known: boolean;
  /** The form's ID in grammar/, for messages and for finding operations; null when unknown. */
  readonly form: Form | null;
  /** Qualifying predicate, 0-63; 0 means always. -1: it could not be resolved to a register. */
  readonly predicate: number;
  /** Resource numbers read and written; r0, f0, f1 and p0 never appear. `reads` holds the qualifying predicate. */
  readonly reads: readonly number[];
  readonly writes: readonly number[];
  /** The subset of `writes` that are the instruction's main result (not a post-incremented base, a link register or
   *  the second predicate of a compare). Liveness presumes an unread main result to have a hidden reader. */
  readonly results: readonly number[];
  /** The subset of `writes` that happen only in part or only sometimes even when the predicate is true (compare types
   *  and/or/andcm, `st8.spill` into ar.unat, masks whose value is not known): they do not kill. */
  readonly mayWrites: readonly number[];
  /** The subset of `writes` that happen even when the predicate is false (compare type unc, frcpa's predicate). */
  readonly unconditionalWrites?: readonly number[];
  /** State that decides how it translates or whether it faults (psr.dt, dtc, rr, the bank and frame of its operands):
   *  dependencies that need serialization, but not the flow of data. */
  readonly consults?: readonly number[];
  /** What it says of NaT bits (grammar/nat.tsv); undefined: only that NaTs propagate from what it reads to what it writes. */
  readonly nat?: NatEffects;
  readonly branch: Branch | null;
  readonly readsMemory: boolean;
  readonly writesMemory: boolean;
}

/** Registers, as resource numbers. */
export interface NatEffects {
  /** No NaT where the instruction neither faulted nor, as a check, branched. */
  readonly checks: readonly number[];
  /** Results that are no NaT, and those that may be one, whatever the operands are. */
  readonly never: readonly number[];
  readonly any: readonly number[];
}

/** One line of grammar/instructions: an instruction form. */
export interface Form {
  readonly id: string;
  readonly mnemonic: string;
  /** A, I, M, B, F, L+X (`X`), or `none` for pseudo-ops of no fixed unit (break, nop, hint, mov ar). */
  readonly unit: 'A' | 'I' | 'M' | 'B' | 'F' | 'X' | 'any';
  /** The words of grammar/operands.tsv, outputs first. */
  readonly operandClass: readonly string[];
  readonly privileged: boolean;
  readonly sensitive: boolean;
  /** `first`/`last`: its place in the instruction group; null: anywhere. */
  readonly position: 'first' | 'last' | null;
  readonly predicable: boolean;
  /** A compare that gives its two predicates opposite values, always or unless an operand is a NaT; null: no such one. */
  readonly complements?: 'always' | 'unless-nat' | null;
  /** Of a parallel compare: whether it only sets (or) or only clears (and) its first and second predicate; else empty. */
  readonly parallel?: readonly string[];
  /** Slots it takes in a bundle: 1, or 2 for movl, brl and long nop/break/hint (MLX). */
  readonly slots: 1 | 2;
  /** Only in the last slot of a bundle: the loop branches. */
  readonly lastSlot?: boolean;
  /** Undefined unless a stop follows it directly (SDM vol. 3, brl). */
  readonly stopBehind?: boolean;
  /** Its encodings (SDM vol. 3, chapter 4): `A4`; `I20` and `M20` when the assembler chooses between units. */
  readonly formats?: readonly string[];
}
