/** Bundles in memory: SDM vol. 3, 4.1 "Bundle formats" and 4.5 "B-Unit instruction encodings". */

const SLOT_BITS = 41n;
const SLOT_MASK = (1n << SLOT_BITS) - 1n;
const TEMPLATE_BITS = 5n;
/** Reserved templates (SDM vol. 3, table 4-1), without the lowest bit, which is the stop at the end. */
const RESERVED_TEMPLATES = new Set([0x06, 0x14, 0x1a, 0x1e]);
const MLX = 0x04;
/** By template, without its lowest bit: the slots of the B unit. */
const BRANCH_SLOTS: ReadonlyMap<number, readonly number[]> = new Map([
  [0x10, [2]], // MIB
  [0x12, [1, 2]], // MBB
  [0x16, [0, 1, 2]], // BBB
  [0x18, [2]], // MMB
  [0x1c, [2]], // MFB
]);
/** Major opcodes of IP-relative branches. */
const RELATIVE_OPCODES = new Set([4n, 5n]);
const LONG_OPCODES = new Set([12n, 13n]);

export function isBundle(bundle: Uint8Array): boolean {
  return !RESERVED_TEMPLATES.has(templateOf(bundle));
}

function templateOf(bundle: Uint8Array): number {
  return bundle[0]! & 0x1e;
}

/** The result of changing a branch's displacement. */
export type Moved =
  | 'moved'
  /** The target is out of range: more than 16 MB away. */
  | 'farther'
  /** There is no IP-relative branch in this slot. */
  | 'none';

/**
 * Corrects the displacement of a branch in a copied bundle, so that its target stays the same.
 *
 * @param bundle the copy, which is changed
 * @param distance address of the original minus address of the copy, in bytes
 */
export function moveBranch(bundle: Buffer, slot: number, distance: bigint): Moved {
  return changeBranch(bundle, slot, (from) => from + distance / 16n);
}

/** Sets the target of a branch. @param distance from its bundle, in bytes */
export function aimBranch(bundle: Buffer, slot: number, distance: bigint): Moved {
  return changeBranch(bundle, slot, () => distance / 16n);
}

/** @param change gives the new displacement for the old one, both in bundles */
function changeBranch(bundle: Buffer, slot: number, change: (from: bigint) => bigint): Moved {
  if (templateOf(bundle) === MLX) return slot === 2 ? changeLongBranch(bundle, change) : 'none';
  if (!BRANCH_SLOTS.get(templateOf(bundle))?.includes(slot)) return 'none';
  const code = readSlot(bundle, slot);
  if (!RELATIVE_OPCODES.has(code >> 37n)) return 'none';
  const field = (((code >> 36n) & 1n) << 20n) | ((code >> 13n) & 0xfffffn);
  const moved = change(BigInt.asIntN(21, field));
  if (BigInt.asIntN(21, moved) !== moved) return 'farther';
  const bits = BigInt.asUintN(21, moved);
  writeSlot(
    bundle,
    slot,
    (code & ~((1n << 36n) | (0xfffffn << 13n))) | ((bits >> 20n) << 36n) | ((bits & 0xfffffn) << 13n),
  );
  return 'moved';
}

/** `brl`: the displacement has 60 bits, in slots 1 and 2. */
function changeLongBranch(bundle: Buffer, change: (from: bigint) => bigint): Moved {
  const code = readSlot(bundle, 2);
  const more = readSlot(bundle, 1);
  if (!LONG_OPCODES.has(code >> 37n)) return 'none';
  const field = (((code >> 36n) & 1n) << 59n) | ((more >> 2n) << 20n) | ((code >> 13n) & 0xfffffn);
  const bits = BigInt.asUintN(60, change(field));
  writeSlot(
    bundle,
    2,
    (code & ~((1n << 36n) | (0xfffffn << 13n))) | ((bits >> 59n) << 36n) | ((bits & 0xfffffn) << 13n),
  );
  writeSlot(bundle, 1, (more & 3n) | (((bits >> 20n) & ((1n << 39n) - 1n)) << 2n));
  return 'moved';
}

function whole(bundle: Buffer): bigint {
  return bundle.readBigUInt64LE(0) | (bundle.readBigUInt64LE(8) << 64n);
}

function readSlot(bundle: Buffer, slot: number): bigint {
  return (whole(bundle) >> (TEMPLATE_BITS + SLOT_BITS * BigInt(slot))) & SLOT_MASK;
}

function writeSlot(bundle: Buffer, slot: number, code: bigint): void {
  const shift = TEMPLATE_BITS + SLOT_BITS * BigInt(slot);
  const value = (whole(bundle) & ~(SLOT_MASK << shift)) | (code << shift);
  bundle.writeBigUInt64LE(value & ((1n << 64n) - 1n), 0);
  bundle.writeBigUInt64LE(value >> 64n, 8);
}
