/**
 * Debian packages without root: fetched with apt-get from the machine's own package sources, unpacked with dpkg-deb.
 * Nothing is installed and no file outside the cache folder is written.
 */
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { cacheRoot } from './cache.mjs';
import { mustRun, onPath, run } from './run.mjs';

/** Packages that every Debian machine has, with a version that matches its kernel and loader: never fetched. */
const ALWAYS_THERE = new Set(['libc6', 'libgcc-s1', 'gcc-12-base', 'libcrypt1']);

/**
 * Downloads packages as .deb files into `folder`.
 *
 * The machine's package lists are used when they will do; where they are empty or too old, lists of our own are fetched
 * into the cache (a private apt state, so that it works for any user).
 *
 * @param {readonly string[]} names
 * @param {string} folder
 * @returns {string[]} paths of the .deb files
 */
export function downloadPackages(names, folder) {
  needApt(names);
  mkdirSync(folder, { recursive: true });
  if (run('apt-get', [...userOptions(), 'download', ...names], { cwd: folder }).status !== 0) {
    mustRun('apt-get', [...privateState(), 'update']);
    mustRun('apt-get', [...privateState(), 'download', ...names], { cwd: folder });
  }
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
  needApt([name]);
  const found = new Set([name]);
  for (const each of found) for (const dependency of dependencies(each)) found.add(dependency);
  return [...found];
}

/** @param {string} name */
function dependencies(name) {
  const query = ['depends', '--important', name];
  let answer = run('apt-cache', [...userOptions(), ...query]);
  if (answer.status !== 0 || answer.stdout === '') {
    if (!existsSync(join(cacheRoot, 'apt/lists'))) mustRun('apt-get', [...privateState(), 'update']);
    answer = run('apt-cache', [...privateState(), ...query]);
  }
  if (answer.status !== 0) throw new Error(`apt-cache depends ${name}: ${answer.stderr.trim()}`);
  return [...answer.stdout.matchAll(/^ +(?:Pre)?Depends: (?!<)(\S+)/gm)]
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

/** @param {readonly string[]} names */
function needApt(names) {
  if (onPath('apt-get') !== null && onPath('dpkg-deb') !== null) return;
  throw new Error(
    `this machine has no apt-get and dpkg-deb, so Debian's ${names.join(', ')} cannot be fetched; see docs/CONTRIBUTING.md, ` +
      `"Where there is no apt"`,
  );
}
