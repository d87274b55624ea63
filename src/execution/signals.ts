/** How the execution of an instruction can end other than in its results. */
import type { SourceRange } from '../syntax/source.ts';

/** Code that has no meaning: what it does depends on a value that no manual defines. */
export class Undefined extends Error {}

/** An instruction that nobody can execute: it is not known, or no table says what it does. */
export class Unexecutable extends Error {
  /** @param place where it is spelled */
  constructor(
    message: string,
    readonly place: SourceRange,
  ) {
    super(message);
  }
}

/** The instruction faults. */
export class Fault extends Error {
  /**
   * @param vector its name, as in grammar/vectors.tsv
   * @param detail what is told of it: an address, a register
   */
  constructor(
    readonly vector: string,
    readonly detail: string,
    readonly address: bigint | null = null,
  ) {
    super(`${vector}: ${detail}`);
  }
}

/** Control goes where no code of the image is, or an instruction faults where the handler is not part of the image. */
export type ExecutionExit =
  /** `br.call`: code outside runs and comes back to `back`. */
  | { readonly kind: 'call'; readonly address: bigint; readonly back: bigint }
  | { readonly kind: 'branch'; readonly address: bigint }
  | { readonly kind: 'rfi'; readonly address: bigint }
  /** Taken by a handler that is not part of the image; `resumes`: which mends its cause, and the instruction runs again. */
  | { readonly kind: 'fault'; readonly name: string; readonly detail: string; readonly resumes: boolean }
  /** The hypervisor or the machine answers with something that code here does not see. */
  | { readonly kind: 'break'; readonly number: bigint };
