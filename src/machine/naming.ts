/** What gives the names in operands a meaning: aliases, absolute symbols, the register frame. */

/** The current register frame, as `alloc` or `.regstk` made it: in0 is r32, loc0 follows the inputs, out0 the locals. */
export interface RegisterFrame {
  readonly inputs: number;
  readonly locals: number;
  readonly outputs: number;
  readonly rotating: number;
}

export interface NameScope {
  /** The register that the file gives a name to: `name = reg`, `.rotr name[n]` (its first register); undefined for other names. */
  alias(name: string): string | undefined;
  /** Null: not known; then in0, loc0, out0 mean no register. */
  readonly frame: RegisterFrame | null;
  /** The value of an absolute symbol. */
  symbol?(name: string): bigint | undefined;
}
