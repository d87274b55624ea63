import { registerFor } from '../machine/purposes.ts';
import type { Operation } from '../project/operations.ts';
import type { SpelledContext } from '../project/spelled.ts';
import type { Unit } from '../project/units.ts';
import type { SourceText } from '../syntax/source.ts';

/** One occurrence of a site after preprocessing: there is one for each expansion of its macro and each configuration. */
export interface Instance {
  readonly unit: Unit;
  /** Indices of the site's first and last instruction in `unit.analysis`; they differ only for fused runs. */
  readonly first: number;
  readonly last: number;
  /** Operand registers by canonical name, immediates as decimal numbers, in the operation's order. */
  readonly operands: readonly string[];
  /** Qualifying predicates by canonical name, in the operation's order; `p0` where there is none. */
  readonly predicates: readonly string[];
}

/** The registers that the macro call of a site names in addition to the operands of the instruction. */
export interface Scratch {
  /** The branch register for the return address of a call; null: none (spelled `-`). */
  readonly branch: string | null;
  readonly general: readonly string[];
  readonly predicates: readonly string[];
  /** The branch register that a call through a table branches through; the last argument. Absent when no target has such calls. */
  readonly through?: string;
  /** Whether {@link PFS} is an argument, so that a `br.call` may destroy it. */
  readonly pfs?: boolean;
}

/** The register that `br.call` writes besides its branch register; the last scratch argument where liveness proved it free. */
export const PFS: string = registerFor('previous-frame').name;

export interface SourceSpan {
  readonly start: number;
  readonly end: number;
}

/** One instruction, fused run or ASM_ macro call, as spelled at one place of one file. */
export interface Site {
  readonly file: SourceText;
  /** The site is the characters `start` to (not with) `end` of `file.text`: from its predicate to its last operand. */
  readonly start: number;
  readonly end: number;
  /** The ranges of the other parts of a fused run: stops, and the instructions after the first one. */
  readonly rest: readonly SourceSpan[];
  readonly operation: Operation;
  /** `macro` when the file already spells the site as its ASM_ macro. */
  readonly spelling: 'instruction' | 'macro';
  /** Qualifying predicates as spelled, in the operation's order; null where there is none. */
  readonly predicates: readonly (string | null)[];
  /** Operands as spelled, in the operation's order. */
  readonly operands: readonly string[];
  /** For a macro call: the registers that its arguments name. For an instruction: null, as they are still to be chosen. */
  readonly scratch: Scratch | null;
  readonly surroundings: SpelledContext;
  /** Operands and predicates in canonical form, as far as the spelling alone tells them. */
  readonly spelledOperands: { readonly operands: readonly string[]; readonly predicates: readonly string[] };
  /** Empty when no configuration reaches the site (in a macro that is never expanded). */
  readonly instances: readonly Instance[];
}

/** An instruction that is a site but cannot be rewritten, with the reason in words. */
export interface Refusal {
  readonly file: SourceText;
  readonly start: number;
  readonly end: number;
  readonly operation: Operation;
  readonly reason: string;
}

export interface Sites {
  /** In the order of the files, within a file by offset. */
  readonly sites: readonly Site[];
  readonly refusals: readonly Refusal[];
}
