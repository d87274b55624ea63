import type { Operation } from '../project/operations.ts';
import type { SpelledContext } from '../project/spelled.ts';
import type { Unit } from '../project/units.ts';
import type { SourceText } from '../syntax/source.ts';

/** Where a site was met after preprocessing: once per expansion of its macro and per configuration. */
export interface Instance {
  readonly unit: Unit;
  /** Index of the site's first and last instruction in `unit.analysis`; they differ only in fused runs. */
  readonly first: number;
  readonly last: number;
  /** Operand registers by canonical name, immediates as decimal numbers, in the operation's order. */
  readonly operands: readonly string[];
  /** Qualifying predicates by canonical name, in the operation's order; `p0` where there is none. */
  readonly predicates: readonly string[];
}

/** The registers that a macro-ised site names beyond the operands of the instruction. */
export interface Scratch {
  /** The branch register that takes a return address, or null (spelled `-`). */
  readonly branch: string | null;
  readonly general: readonly string[];
  readonly predicates: readonly string[];
  /** The branch register that a call through a table goes through; it stands last. Absent where no target is such a call. */
  readonly through?: string;
  /** {@link PFS} is named: `br.call` may destroy it. */
  readonly pfs?: boolean;
}

/** What a call writes besides its branch register: a macro whose place can do without its value names it behind all others. */
export const PFS = 'ar.pfs';

export interface SourceSpan {
  readonly start: number;
  readonly end: number;
}

/** One instruction, fused run or ASM_ macro, as spelled in one place of one file. */
export interface Site {
  readonly file: SourceText;
  /** The characters of `file.text` that are the site: from its predicate to its last operand. */
  readonly start: number;
  readonly end: number;
  /** What else a fused run has: the stops and instructions behind the first one. */
  readonly rest: readonly SourceSpan[];
  readonly operation: Operation;
  /** `macro` when the file already spells the site as its ASM_ macro. */
  readonly spelling: 'instruction' | 'macro';
  /** Qualifying predicates as spelled, in the operation's order; null where there is none. */
  readonly predicates: readonly (string | null)[];
  /** Operands as spelled, in the operation's order. */
  readonly operands: readonly string[];
  /** For a macro: the registers its arguments name. For an instruction: null, still to be chosen. */
  readonly scratch: Scratch | null;
  readonly surroundings: SpelledContext;
  /** Operands and predicates as far as they can be known from the spelling alone. */
  readonly spelledOperands: { readonly operands: readonly string[]; readonly predicates: readonly string[] };
  /** Empty when no configuration reaches the site (a macro that nobody expands). */
  readonly instances: readonly Instance[];
}

/** An instruction that is a site but cannot be rewritten, and why, in words. */
export interface Refusal {
  readonly file: SourceText;
  readonly start: number;
  readonly end: number;
  readonly operation: Operation;
  readonly reason: string;
}

export interface Sites {
  /** By file, in the order of the files and of their offsets. */
  readonly sites: readonly Site[];
  readonly refusals: readonly Refusal[];
}
