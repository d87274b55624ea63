/** A register, as grammar/registers.tsv describes it. */

export type RegisterClass =
  | 'gr'
  | 'fr'
  | 'pr'
  | 'br'
  | 'ar'
  | 'cr'
  | 'psr'
  | 'dahr'
  | 'field'
  | 'file'
  | 'ip'
  | 'state'
  | 'operand';

/** What the software conventions and the architecture say of a register. */
export type RegisterRole =
  | 'constant'
  | 'special'
  | 'scratch'
  | 'preserved'
  | 'argument'
  | 'return'
  | 'stacked'
  | 'kernel'
  | 'counter'
  | 'engine'
  | 'event'
  | 'indexed'
  | 'ignored'
  | 'reserved'
  | 'user'
  | 'system'
  | null;

export interface Register {
  /** Its canonical name: `r12` for `sp`. */
  readonly name: string;
  readonly class: RegisterClass;
  /** Its number in its class; of a psr bit, the bit; -1 when it has none. */
  readonly number: number;
  /** Its resource; -1 for a name that is only an operand (`pr`, `psr.l`). */
  readonly resource: number;
  readonly role: RegisterRole;
  /** Resources of its fields, for a register that has some (`ar.fpsr`). */
  readonly fields: readonly number[];
  /** Resources that every use of it depends on, and that every write to it changes. */
  readonly consults: readonly number[];
  readonly marks: readonly number[];
}
