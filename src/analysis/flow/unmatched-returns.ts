/**
 * Returns through a register of unknown content. A label whose address was put into that register, or where addresses are not
 * followed, may be where they lead: in the mode of the return, not in that in which the address was taken.
 */
import type { Bank } from '../../machine/register-numbers.ts';
import type { FoundEdges } from './edges.ts';
import type { EntryStates } from './entry-states.ts';
import type { Moves } from './moves.ts';
import { type FlowState, join, opaqueState } from './state.ts';

export class UnmatchedReturns {
  /** By mask of registers * 2 + bank: psr.ic and cr.iip at all of them. */
  readonly #modes = new Map<number, FlowState>();

  /** @param places branch registers that an address may have come through to the branch, as a mask; ESCAPED */
  add(places: number, bank: Bank, { psrIc, resumesAt }: FlowState): void {
    const mode = { ...opaqueState(psrIc, true), resumesAt };
    const known = this.#modes.get(places * 2 + bank);
    if (known === undefined) this.#modes.set(places * 2 + bank, mode);
    else join(known, mode);
  }

  /** Joins their states into those of the labels that they may lead to; true when that changed any. */
  reach(entries: EntryStates, { addressTaken }: FoundEdges, { branchedThrough, anyThrough }: Moves): boolean {
    let isNew = false;
    for (const [key, mode] of this.#modes) {
      const places = key >> 1;
      for (const block of addressTaken) {
        if ((anyThrough & places) === 0 && ((branchedThrough.get(block) ?? 0) & places) === 0) continue;
        if (entries.reach(block, (key & 1) as Bank, mode)) isNew = true;
      }
    }
    return isNew;
  }
}
