/** Addresses in the backing store: every 64th word holds the NaT bits of the 63 registers before it (SDM vol. 2, ch. 6). */

const COLLECTION = 63;

const slotOf = (address: bigint): number => Number((address >> 3n) & 63n);

/** Whether the word at an address holds NaT bits instead of a register. */
export function isCollection(address: bigint): boolean {
  return slotOf(address) === COLLECTION;
}

/** The address that is `registers` registers above an address. */
export function advanced(address: bigint, registers: number): bigint {
  const slot = slotOf(address);
  const collections =
    slot === COLLECTION ? 1 + Math.floor(registers / COLLECTION) : Math.floor((slot + registers) / 63);
  return BigInt.asUintN(64, address + 8n * BigInt(registers + (registers === 0 ? 0 : collections)));
}

/** The number of registers between two addresses. */
export function registersBetween(from: bigint, to: bigint): number {
  const words = Number(BigInt.asIntN(64, to - from) >> 3n);
  return words - (Number((to >> 3n) / 64n) - Number((from >> 3n) / 64n));
}
