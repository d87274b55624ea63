/** Programs that are not on PATH: Debian's, unpacked without root in the cache folder and started through wrappers. */
import { chmodSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { cached } from './cache.mjs';
import { downloadPackages, unpack, withDependencies } from './debian.mjs';
import { mustRun, onPath } from './run.mjs';

const RECIPE = '2';

/**
 * A folder of the cache with programs of Debian packages, each started by a wrapper that finds the libraries it was
 * unpacked with. Every program is proven to run.
 *
 * @param {string} name the cache folder's name
 * @param {readonly string[]} programs
 * @param {() => readonly string[]} packages
 * @returns {string} the folder of the wrappers
 */
export function fetchPrograms(name, programs, packages) {
  const root = cached(name, RECIPE, (folder) => {
    const debs = join(folder, 'debs');
    for (const deb of downloadPackages(packages(), debs)) unpack(deb, folder);
    rmSync(debs, { recursive: true });
    mkdirSync(join(folder, 'bin'));
    for (const program of programs) writeWrapper(folder, program);
  });
  const bin = join(root, 'bin');
  // A folder that was unpacked for fewer programs has the others all the same.
  for (const program of programs)
    if (!existsSync(join(bin, program)) && existsSync(join(root, 'usr/bin', program))) writeWrapper(root, program);
  for (const program of programs) mustRun(join(bin, program), ['--version']);
  return bin;
}

/**
 * Puts a program on this process's PATH (and so on its children's) if it is not there already.
 *
 * @param {string} program
 * @param {() => readonly string[]} packages
 */
function provide(program, packages) {
  if (onPath(program) !== null) return;
  try {
    process.env.PATH = `${fetchPrograms(program, [program], packages)}${delimiter}${process.env.PATH ?? ''}`;
  } catch (error) {
    const reason = error instanceof Error ? error.message : error;
    throw new Error(`${program} is not on PATH and could not be fetched; install it\n${reason}`);
  }
}

/** gcc, for its preprocessor and compiler alone: the driver, without the assembler, linker and libraries it depends on. */
export function provideCompiler() {
  provide('gcc', () => {
    const preprocessor = withDependencies('cpp');
    const drivers = preprocessor.filter((name) => name.startsWith('cpp')).map((name) => name.replace('cpp', 'gcc'));
    return [...preprocessor, ...drivers];
  });
}

/** xz, which tar needs to unpack what Debian's source packages hold. */
export function provideXz() {
  provide('xz', () => ['xz-utils', 'liblzma5']);
}

/** patch, which applies the diffs that the tool prints. */
export function providePatch() {
  provide('patch', () => ['patch']);
}

/**
 * fish, which reads the completion that the tool prints for it.
 *
 * @returns {string} what a script for it begins with: one that was unpacked does not find its own functions
 */
export function provideFish() {
  provide('fish', () => ['fish', 'fish-common', 'libpcre2-32-0', 'libtinfo6', 'libncurses6', 'libstdc++6']);
  const functions = join(dirname(onPath('fish') ?? ''), '../usr/share/fish/functions');
  return existsSync(functions) ? `set fish_function_path ${functions}; ` : '';
}

/** make and ninja, which build samples/kbuild. */
export function provideMakers() {
  provide('make', () => ['make']);
  provide('ninja', () => ['ninja-build', 'libstdc++6', 'libgcc-s1']);
}

/**
 * The wrapper names its folder by its own place, so that the cache can be moved.
 *
 * @param {string} folder
 * @param {string} program
 */
function writeWrapper(folder, program) {
  const wrapper = join(folder, 'bin', program);
  const libraries = libraryFolders(folder).map((each) => `$root/${each}`);
  const lines = [
    '#!/bin/sh',
    `root=\${0%/bin/${program}}`,
    `LD_LIBRARY_PATH=${libraries.join(':')}`,
    'export LD_LIBRARY_PATH',
    `exec "$root/usr/bin/${program}" "$@"`,
  ];
  writeFileSync(wrapper, `${lines.join('\n')}\n`);
  chmodSync(wrapper, 0o755);
}

/**
 * Folders that may hold shared libraries, lib/<machine> and usr/lib/<machine>, as paths below `root`.
 *
 * @param {string} root
 */
export function libraryFolders(root) {
  return ['lib', 'usr/lib'].flatMap((lib) => {
    const folder = join(root, lib);
    if (!existsSync(folder)) return []; // packages for a merged /usr have no /lib
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => `${lib}/${entry.name}`);
  });
}
