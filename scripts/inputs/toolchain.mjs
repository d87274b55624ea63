/** The real assembler and disassembler: from PATH, else Debian's, unpacked without root in the cache folder. */
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { cached } from './cache.mjs';
import { downloadPackages, unpack, withDependencies } from './debian.mjs';
import { onPath, run } from './run.mjs';

const PACKAGE = 'binutils-ia64-linux-gnu';
const RECIPE = '1';

/**
 * @typedef {object} Toolchain
 * @property {string} as path of ia64-linux-gnu-as
 * @property {string} objdump path of ia64-linux-gnu-objdump
 * @property {NodeJS.ProcessEnv} env the environment to run them in
 */

/**
 * Finds or fetches the toolchain, and proves that it runs.
 *
 * @returns {Toolchain}
 */
export function prepareToolchain() {
  const as = onPath('ia64-linux-gnu-as');
  const objdump = onPath('ia64-linux-gnu-objdump');
  if (as !== null && objdump !== null) return { as, objdump, env: process.env };
  try {
    return fetchToolchain();
  } catch (error) {
    throw new Error(
      `ia64-linux-gnu-as and ia64-linux-gnu-objdump are not on PATH and could not be fetched; install Debian's ` +
        `package ${PACKAGE} (apt-get install ${PACKAGE}) or any GNU binutils built for ia64-linux-gnu.\n` +
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
  const root = cached('toolchain', RECIPE, (folder) => {
    const debs = join(folder, 'debs');
    for (const deb of downloadPackages(withDependencies(PACKAGE), debs)) unpack(deb, folder);
    rmSync(debs, { recursive: true });
  });
  const env = { ...process.env, LD_LIBRARY_PATH: libraryFolders(root).join(':') };
  const as = join(root, 'usr/bin/ia64-linux-gnu-as');
  const objdump = join(root, 'usr/bin/ia64-linux-gnu-objdump');
  for (const program of [as, objdump]) {
    const { status, stderr } = run(program, ['--version'], { env });
    if (status !== 0) throw new Error(`${program} does not run: ${stderr.trim()}`);
  }
  return { as, objdump, env };
}

/**
 * Folders that hold shared libraries: lib/<machine> and usr/lib/<machine>.
 *
 * @param {string} root
 */
function libraryFolders(root) {
  const folders = [];
  for (const lib of ['lib', 'usr/lib']) {
    let names;
    try {
      names = readdirSync(join(root, lib), { withFileTypes: true });
    } catch {
      continue; // merged-/usr packages have no /lib
    }
    for (const entry of names) if (entry.isDirectory()) folders.push(join(root, lib, entry.name));
  }
  return folders;
}
