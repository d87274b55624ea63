/** Choices that are the same in every run, unless FC_SEED asks for others. */

import { givenSeed } from '../support/seed.ts';

/** A generator of numbers in [0, 1), seeded by a text (mulberry32 behind an FNV-1a hash). */
export function seeded(seed: string): () => number {
  let state = 0x811c9dc5 ^ (givenSeed() ?? 0);
  for (let at = 0; at < seed.length; at++) state = Math.imul(state ^ seed.charCodeAt(at), 0x01000193);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** The list in an order of its own. */
export function shuffled<Item>(list: readonly Item[], random: () => number): Item[] {
  const items = [...list];
  for (let at = items.length - 1; at > 0; at--) {
    const other = Math.floor(random() * (at + 1));
    [items[at], items[other]] = [items[other]!, items[at]!];
  }
  return items;
}
