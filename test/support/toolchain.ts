import { prepareToolchain } from '../../scripts/inputs/toolchain.mjs';

export interface Toolchain {
  /** Path of ia64-linux-gnu-as. */
  readonly as: string;
  /** Path of ia64-linux-gnu-objdump. */
  readonly objdump: string;
}

let known: Toolchain | undefined;

/** The real assembler and disassembler, from PATH or fetched into the cache folder; throws when neither can be. */
export function toolchain(): Toolchain {
  known ??= prepareToolchain();
  return known;
}
