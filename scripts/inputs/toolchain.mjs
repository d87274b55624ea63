/** The real assembler, linker and what shows their objects: from PATH, else Debian's, fetched without root. */
import { join } from 'node:path';
import { withDependencies } from './debian.mjs';
import { fetchPrograms } from './programs.mjs';
import { onPath } from './run.mjs';

const PACKAGE = 'binutils-ia64-linux-gnu';
const PREFIX = 'ia64-linux-gnu-';
const PROGRAMS = /** @type {const} */ (['as', 'objdump', 'ld', 'objcopy', 'readelf', 'addr2line']);
const NAMES = PROGRAMS.map((name) => `${PREFIX}${name}`);

/**
 * Paths of ia64-linux-gnu-as and the others, by the last part of their names.
 *
 * @typedef {Readonly<Record<typeof PROGRAMS[number], string>>} Toolchain
 */

/**
 * Finds or fetches the toolchain.
 *
 * @returns {Toolchain}
 */
export function prepareToolchain() {
  if (NAMES.every((name) => onPath(name) !== null)) return paths((name) => onPath(name) ?? name);
  try {
    return fetchToolchain();
  } catch (error) {
    throw new Error(
      `${NAMES.join(', ')} are not on PATH and could not be fetched; install Debian's package ${PACKAGE} ` +
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
  const bin = fetchPrograms('toolchain', NAMES, () => withDependencies(PACKAGE));
  return paths((name) => join(bin, name));
}

/**
 * @param {(name: string) => string} where
 * @returns {Toolchain}
 */
function paths(where) {
  const [as, objdump, ld, objcopy, readelf, addr2line] =
    /** @type {[string, string, string, string, string, string]} */ (NAMES.map(where));
  return { as, objdump, ld, objcopy, readelf, addr2line };
}
