/** A register that is not given back to the code it belongs to. */
export interface Loss {
  readonly register: string;
  /** Whose register it is. */
  readonly owner: 'interrupted' | 'caller';
  /** The instruction that writes it, or the access to memory that may miss: the handler of the miss writes it then. */
  readonly write: number;
  /** The rfi or return before which it should have been restored. */
  readonly end: number;
  /** A branch from which only the other way gives it back, or the return that goes back into its own routine; -1: neither. */
  readonly fork: number;
  /** False: the entry value was overwritten before anything had read it, so that nothing can give it back. */
  readonly saved: boolean;
  /** Where `write` does not write the register but the last copy of its entry value: the instruction that has changed it before; else -1. */
  readonly changed: number;
}
