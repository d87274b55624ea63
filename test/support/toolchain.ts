import { prepareToolchain, type Toolchain } from '../../scripts/inputs/toolchain.mjs';

let known: Toolchain | undefined;

/** The real assembler, linker and what shows their objects, from PATH or fetched into the cache folder; throws when neither can be. */
export function toolchain(): Toolchain {
  known ??= prepareToolchain();
  return known;
}
