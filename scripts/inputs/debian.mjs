/**
 * Debian packages without root: fetched with apt-get from the machine's own package sources, unpacked with dpkg-deb.
 * Nothing is installed and no file outside the cache folder is written.
 */
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { cacheRoot } from './cache.mjs';
import { mustRun, onPath, run } from './run.mjs';

/** Packages that every Debian machine has, with a version that matches its kernel and loader: never fetched. */
const ALWAYS_THERE = new Set(['libc6', 'libgcc-s1', 'gcc-12-base', 'libcrypt1']);

/**
 * Downloads packages as .deb files into `folder`.
 *
 * @param {readonly string[]} names
 * @param {string} folder
 * @returns {string[]} paths of the .deb files
 */
export function downloadPackages(names, folder) {
  mkdirSync(folder, { recursive: true });
  try {
    apt('apt-get', ['download', ...names], folder);
  } catch (error) {
    const list = names.join(' ');
    throw new Error(`could not fetch Debian's ${list}; install by hand: apt-get install ${list}\n${reason(error)}`);
  }
  return readdirSync(folder)
    .filter((name) => name.endsWith('.deb'))
    .map((name) => join(folder, name));
}

/**
 * Downloads packages and what they need and the machine does not have, as .deb files into `folder`: one call of apt for all.
 *
 * @param {readonly string[]} names
 * @param {string} folder
 * @returns {string[]} paths of the .deb files
 */
export function downloadMissing(names, folder) {
  mkdirSync(join(folder, 'partial'), { recursive: true });
  const quietly = ['--download-only', '--yes', '--no-install-recommends'];
  const ours = ['-o', 'Debug::NoLocking=1', '-o', `Dir::Cache::archives=${folder}`];
  apt('apt-get', [...ours, 'install', ...quietly, ...names], folder);
  return readdirSync(folder)
    .filter((name) => name.endsWith('.deb'))
    .map((name) => join(folder, name));
}

/**
 * A package and everything it depends on, less what every machine has.
 *
 * @param {string} name
 * @returns {string[]}
 */
export function withDependencies(name) {
  const found = new Set([name]);
  for (const each of found) for (const dependency of dependencies(each)) found.add(dependency);
  return [...found];
}

/** @param {string} name */
function dependencies(name) {
  const answer = apt('apt-cache', ['depends', '--important', name]);
  return [...answer.matchAll(/^ +(?:Pre)?Depends: (?!<)(\S+)/gm)]
    .map((match) => /** @type {string} */ (match[1]))
    .filter((dependency) => !ALWAYS_THERE.has(dependency));
}

/**
 * Unpacks a .deb file's contents under `folder`.
 *
 * @param {string} deb
 * @param {string} folder
 */
export function unpack(deb, folder) {
  mkdirSync(folder, { recursive: true });
  mustRun('dpkg-deb', ['-x', deb, folder]);
}

let ownLists = false;

/**
 * Runs an apt tool on the machine's package lists; where they are empty, unreadable or too old, on lists of our own, which
 * are fetched into the cache (a private apt state, so that it works for any user).
 *
 * @param {string} program
 * @param {readonly string[]} args
 * @param {string} [cwd]
 * @returns {string} stdout
 */
function apt(program, args, cwd = cacheRoot) {
  if (onPath(program) === null || onPath('dpkg-deb') === null) {
    throw new Error(`${program} and dpkg-deb are not on PATH, so nothing can be fetched from Debian`);
  }
  if (!ownLists) {
    const answer = run(program, [...userOptions(), ...args], { cwd });
    if (answer.status === 0 && (program !== 'apt-cache' || answer.stdout !== '')) return answer.stdout;
    mustRun('apt-get', [...privateState(), 'update']);
    ownLists = true;
  }
  return mustRun(program, [...privateState(), ...args], { cwd });
}

/** Options that let apt work for a user who is not root, on the machine's own lists. */
function userOptions() {
  const user = process.getuid?.() === 0 ? ['-o', 'APT::Sandbox::User=root'] : [];
  // No cache files: the user may not write them, and root should not have to clean up after us.
  return ['-q', ...user, '-o', 'Dir::Cache::pkgcache=', '-o', 'Dir::Cache::srcpkgcache='];
}

/** Options that keep apt's lists and locks in our cache folder. */
function privateState() {
  const state = join(cacheRoot, 'apt');
  for (const name of ['lists/partial', 'archives/partial']) mkdirSync(join(state, name), { recursive: true });
  return [
    ...userOptions(),
    ...['-o', `Dir::State::lists=${state}/lists`],
    ...['-o', `Dir::Cache=${state}`],
    ...['-o', 'Debug::NoLocking=1'],
  ];
}

/** @param {unknown} error */
function reason(error) {
  return error instanceof Error ? error.message : String(error);
}
