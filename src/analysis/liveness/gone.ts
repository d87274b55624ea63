/** What has destroyed a register's value, as one number a register: the state of the analysis in clobbered-reads.ts. */
import { registerName } from '../../machine/register-numbers.ts';

export interface ClobberedRead {
  /** The instruction that reads it. */
  readonly instruction: number;
  readonly register: string;
  /**
   * call: `by` is the call. fault: `by` loads the address at which the nested-miss handler goes on. frame: `by` left an
   * empty register frame. entry: `by` is the first instruction of an interruption vector. routine: of a routine.
   */
  readonly kind: Kind;
  readonly by: number;
}

const KINDS = ['call', 'fault', 'frame', 'entry', 'routine'] as const;
export type Kind = (typeof KINDS)[number];

/** The state of one register, as a number; PRESENT: its value is still there. */
export const PRESENT = 0;

export function gone(kind: Kind, by: number): number {
  return 1 + KINDS.indexOf(kind) + by * KINDS.length;
}

export function kindOf(what: number): Kind {
  return KINDS[(what - 1) % KINDS.length]!;
}

export function describe(instruction: number, register: number, what: number): ClobberedRead {
  const kind = kindOf(what);
  return { instruction, register: registerName(register), kind, by: Math.floor((what - 1) / KINDS.length) };
}
