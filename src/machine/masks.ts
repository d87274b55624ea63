/** Resources that an immediate mask names, bit by bit; all that it may name where its value is not known. */
import { ALL_PREDICATES, ROTATING_PREDICATES } from './candidate.ts';
import { PR, psrBit } from './resources.ts';

/** Bits that a mask of 24 bits can name. */
const MASK_BITS = Array.from({ length: 24 }, (_, bit) => psrBit(bit)).filter((resource) => resource >= 0);

export function psrMask(mask: bigint | undefined): readonly number[] {
  if (mask === undefined) return MASK_BITS;
  const bits: number[] = [];
  for (let rest = Number(BigInt.asUintN(24, mask)), bit = 0; rest !== 0; rest >>>= 1, bit++)
    if ((rest & 1) !== 0 && psrBit(bit) >= 0) bits.push(psrBit(bit));
  return bits;
}

/** Predicates of a mov-to-pr mask: bit n is pn up to p15, bit 16 is all of p16-p63 (SDM vol. 3 ch. 2, mov pr). */
export function predicateMask(mask: bigint | undefined): readonly number[] {
  if (mask === undefined) return ALL_PREDICATES;
  const low = Number(BigInt.asUintN(17, mask));
  const predicates: number[] = [];
  for (let number = 1; number < 16; number++) if ((low >> number) & 1) predicates.push(PR(number));
  return (low >> 16) & 1 ? [...predicates, ...ROTATING_PREDICATES] : predicates;
}
