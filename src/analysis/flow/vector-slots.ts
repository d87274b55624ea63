/** The slots of an interruption vector table, as the program lays them out. Requires: the flow. */

import { vectorAt } from '../../machine/vector-table.ts';
import type { Program } from '../program/program.ts';
import type { Flow } from './flow.ts';

/** One slot of an interruption vector table. */
export interface VectorSlot {
  /** Bytes from the start of the table; null when the code does not say it as `table+constant`. */
  readonly offset: number | null;
  /** The last label in front of its first instruction; null when it has none. */
  readonly label: string | null;
  /** Bundles that fit. */
  readonly bundles: number;
  readonly first: number;
}

export function vectorSlots({ program, flow }: { readonly program: Program; readonly flow: Flow }): VectorSlot[] {
  const offsets = new Map<number, number | null>();
  for (const origin of program.origins) if (origin.instruction >= 0) offsets.set(origin.instruction, origin.offset);
  const names = new Map<number, string>();
  for (const label of program.symbols.labels) if (label.kind === 'label') names.set(label.instruction, label.name);
  return flow.vectors.map((block) => {
    const { first } = flow.blocks[block]!;
    const offset = offsets.has(first) ? offsets.get(first)! : 0;
    return {
      offset,
      label: names.get(first) ?? null,
      bundles: vectorAt(offset ?? 0).bundles,
      first,
    };
  });
}
