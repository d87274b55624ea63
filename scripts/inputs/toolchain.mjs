/** The real assembler and disassembler: from PATH, else Debian's, fetched without root. */
import { join } from 'node:path';
import { withDependencies } from './debian.mjs';
import { fetchPrograms } from './programs.mjs';
import { onPath } from './run.mjs';

const PACKAGE = 'binutils-ia64-linux-gnu';
const AS = 'ia64-linux-gnu-as';
const OBJDUMP = 'ia64-linux-gnu-objdump';

/**
 * @typedef {object} Toolchain
 * @property {string} as path of ia64-linux-gnu-as
 * @property {string} objdump path of ia64-linux-gnu-objdump
 */

/**
 * Finds or fetches the toolchain.
 *
 * @returns {Toolchain}
 */
export function prepareToolchain() {
  const as = onPath(AS);
  const objdump = onPath(OBJDUMP);
  if (as !== null && objdump !== null) return { as, objdump };
  try {
    return fetchToolchain();
  } catch (error) {
    throw new Error(
      `${AS} and ${OBJDUMP} are not on PATH and could not be fetched; install Debian's package ${PACKAGE} ` +
        `(apt-get install ${PACKAGE}) or any GNU binutils built for ia64-linux-gnu.\n` +
        `${error instanceof Error ? error.message : error}`,
    );
  }
}

/**
 * The toolchain in the cache folder, whatever is on PATH.
 *
 * @returns {Toolchain}
 */
export function fetchToolchain() {
  const bin = fetchPrograms('toolchain', [AS, OBJDUMP], () => withDependencies(PACKAGE));
  return { as: join(bin, AS), objdump: join(bin, OBJDUMP) };
}
