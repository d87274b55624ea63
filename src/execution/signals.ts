/** Exceptional ends of an instruction's execution. */
import type { SourceRange } from '../syntax/source.ts';

/** The code has no defined meaning: its effect depends on a value that the manual leaves undefined. */
export class Undefined extends Error {}

/** An instruction that cannot be executed: it is unknown, or has no line in the tables. */
export class Unexecutable extends Error {
  /** @param place where it is spelled */
  constructor(
    message: string,
    readonly place: SourceRange,
  ) {
    super(message);
  }
}

/** The instruction faults. No Error: runs meet many, and each would take down the calls that led to it. */
export class Fault {
  /**
   * @param vector its name, as in grammar/vectors.tsv
   * @param detail further words for messages: an address, a register
   */
  constructor(
    readonly vector: string,
    readonly detail: string,
    readonly address: bigint | null = null,
  ) {}
}

/** Control leaves the image, or an instruction faults and its handler is not in the image. */
export type ExecutionExit =
  /** A `br.call` to code outside the image, which returns to `back`. */
  | { readonly kind: 'call'; readonly address: bigint; readonly back: bigint }
  | { readonly kind: 'branch'; readonly address: bigint }
  | { readonly kind: 'rfi'; readonly address: bigint }
  /** A fault whose handler is not in the image. `resumes`: the handler removes the cause, and the instruction is executed again. */
  | { readonly kind: 'fault'; readonly name: string; readonly detail: string; readonly resumes: boolean }
  /** A `break` that the hypervisor or firmware handles. */
  | { readonly kind: 'break'; readonly number: bigint };
