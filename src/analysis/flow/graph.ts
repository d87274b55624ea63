/** The graph that liveness is solved on: what interpreter.ts makes of one run, or lifted-graph.ts of several. */

import type { Bank } from '../../machine/register-numbers.ts';
import type { ProgramInstruction } from '../program/program.ts';
import type { BasicBlock } from './flow.ts';

/** A block on one register bank. */
export interface Node {
  readonly id: number;
  readonly block: BasicBlock;
  readonly bank: Bank;
  /** Its instructions, in order. */
  readonly code: readonly ProgramInstruction[];
  /** By instruction of the node: psr.ic in front of it. */
  readonly psrIc: Uint8Array;
  /** By instruction: the pair that its qualifying predicate is one of (pairs.ts), or 0. */
  readonly pair: Uint8Array;
  /** By instruction: 1 where a fault would go to the nested-miss handler with its registers set up. */
  readonly nests: Uint8Array;
  readonly exit: Exit;
  /** Nodes that a fault of the first instruction goes to. */
  recoveries: readonly number[];
}

/** How control leaves a node. */
export interface Exit {
  /** Predicate under which `taken` and what follows it hold; 0: always; -1: may hold or not. */
  readonly predicate: number;
  /** The pair that it is one of, or 0. */
  readonly predicatePair: number;
  /** Nodes of this program that it may go to when taken. */
  readonly taken: readonly number[];
  /** `taken` names places that a register of unknown content may lead to, and perhaps never does. */
  readonly unsure: boolean;
  /** What code outside this program may read when taken; null: everything; [] with `taken` empty: nothing. */
  readonly reads: readonly number[] | null;
  /** Registers that the outside code destroys before control comes back to `next`. */
  readonly clobbers: readonly number[];
  /** Does the taken branch, a call, come back to `next`? */
  readonly returns: boolean;
  /** The next node in the section, reached when the branch is not taken or a call returns; NOWHERE, or EXTERNAL. */
  readonly next: number;
  /** The branch register the unresolved branch goes through, its convention: for explanations. */
  readonly why: string;
}

export interface Graph {
  readonly nodes: readonly Node[];
  /** Node of a block on bank 0 or 1, at `block * 2 + bank`; -1 when it never runs on that bank. */
  readonly nodeOf: Int32Array;
}
