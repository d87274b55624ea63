/** Where a hypervisor keeps a piece of a guest's state: an address in memory that the guest can reach. */
import type { Machine } from './machine.ts';

export interface Place {
  readonly address: (machine: Machine) => bigint;
  /** Bytes. */
  readonly size: number;
  /** A 1 means that the bit is off. */
  readonly inverted: boolean;
}

/** Piece of state (`cr.ifa`, `psr.ic`, `bank`) to place. */
export type Places = ReadonlyMap<string, Place>;
