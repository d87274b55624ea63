/**
 * The project's cache folder: real input that is fetched once and never committed.
 *
 * Everything here is synchronous: it runs before the tests start, or in scripts.
 */
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The project's root folder. */
export const projectRoot = join(dirname(fileURLToPath(import.meta.url)), '../..');

/** Where fetched and generated input is kept; PVASM_CACHE moves it (several clones can share one). */
export const cacheRoot = process.env.PVASM_CACHE ?? join(projectRoot, '.cache');

/**
 * The folder `<cache>/<name>`, made by `make` when it is not there yet or was made by another recipe.
 *
 * `make` fills a scratch folder that is renamed into place when complete, so the folder is never seen half made; a lock
 * keeps two processes from making it at the same time.
 *
 * @param {string} name
 * @param {string} recipe changes whenever the contents would: an older folder is then made anew
 * @param {(folder: string, finalFolder: string) => void} make
 * @returns {string} the folder's absolute path
 */
export function cached(name, recipe, make) {
  const folder = join(cacheRoot, name);
  if (madeBy(folder) === recipe) return folder;
  mkdirSync(cacheRoot, { recursive: true });
  return locked(`${folder}.lock`, () => {
    if (madeBy(folder) === recipe) return folder; // another process made it while this one waited
    const scratch = `${folder}.${process.pid}.tmp`;
    rmSync(scratch, { recursive: true, force: true });
    mkdirSync(scratch, { recursive: true });
    try {
      make(scratch, folder);
      writeFileSync(join(scratch, '.recipe'), recipe);
      rmSync(folder, { recursive: true, force: true });
      renameSync(scratch, folder);
    } finally {
      rmSync(scratch, { recursive: true, force: true });
    }
    return folder;
  });
}

/** @param {string} folder */
function madeBy(folder) {
  const stamp = join(folder, '.recipe');
  return existsSync(stamp) ? readFileSync(stamp, 'utf8') : null;
}

/**
 * Runs `work` while holding a lock folder that names its owner's process; the lock of a dead process is broken.
 *
 * @template T
 * @param {string} lock
 * @param {() => T} work
 * @returns {T}
 */
function locked(lock, work) {
  while (!tryLock(lock)) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
  try {
    return work();
  } finally {
    rmSync(lock, { recursive: true, force: true });
  }
}

/** @param {string} lock */
function tryLock(lock) {
  try {
    mkdirSync(lock);
    writeFileSync(join(lock, 'pid'), String(process.pid));
    return true;
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EEXIST') throw error;
  }
  if (isAbandoned(lock)) rmSync(lock, { recursive: true, force: true });
  return false;
}

/** @param {string} lock */
function isAbandoned(lock) {
  try {
    return !isRunning(Number(readFileSync(join(lock, 'pid'), 'utf8')));
  } catch {
    // No name in it yet: its owner is about to write it, unless it died before it could.
    return existsSync(lock) && Date.now() - statSync(lock).mtimeMs > 10_000;
  }
}

/** @param {number} pid */
function isRunning(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM';
  }
}
