/** The GNU binutils source, for its IA-64 opcode tables and assembler tests: facts and yardstick, never copied. */
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { cached } from './cache.mjs';
import { downloadPackages, unpack } from './debian.mjs';
import { provideXz } from './programs.mjs';
import { mustRun } from './run.mjs';

const PACKAGE = 'binutils-source';
const INSTALLED = '/usr/src/binutils';
const WANTED = ['*/opcodes/ia64*', '*/include/opcode/ia64.h', '*/gas/testsuite/gas/ia64/*'];
const RECIPE = '1';

/**
 * The folder that holds `opcodes/`, `include/opcode/ia64.h` and `gas/testsuite/gas/ia64/`.
 *
 * @returns {string}
 */
export function prepareBinutilsSource() {
  return cached('binutils-source', RECIPE, (folder) => {
    provideXz();
    let tarball = findTarball(INSTALLED);
    if (tarball === null) {
      for (const deb of downloadPackages([PACKAGE], join(folder, 'deb'))) unpack(deb, join(folder, 'deb'));
      tarball = findTarball(join(folder, 'deb/usr/src/binutils'));
    }
    if (tarball === null) throw new Error(`${PACKAGE} holds no binutils-*.tar.xz`);
    mustRun('tar', ['-xf', tarball, '-C', folder, '--strip-components=1', '--wildcards', ...WANTED]);
    rmSync(join(folder, 'deb'), { recursive: true, force: true });
  });
}

/** @param {string} folder */
function findTarball(folder) {
  if (!existsSync(folder)) return null;
  const name = readdirSync(folder).find((each) => /^binutils-.*\.tar\./.test(each));
  return name === undefined ? null : join(folder, name);
}
