/** The only writes of the tool: all files of a call or none, and nothing left behind, whatever goes wrong between. */
import {
  chmodSync,
  chownSync,
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmdirSync,
  rmSync,
  type Stats,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { Failure } from './failure.ts';
import { systemMessage } from './files.ts';

export interface OutputFile {
  readonly path: string;
  /** Latin-1, as all text of the tool. */
  readonly text: string;
}

/** A file on its way to its place. */
interface Pending {
  /** As the messages call it. */
  readonly path: string;
  /** Where it goes: behind all symbolic links. */
  readonly place: string;
  readonly temporary: string;
  /** Another name of what stood there before; null: nothing did, or it is still there. */
  backup: string | null;
  renamed: boolean;
}

/**
 * Writes all files or none: each beside its place first, then all are renamed. A file whose bytes would not change is left
 * alone, so that its time stamp stays and `make` does not rebuild. Symbolic links are followed, and a file keeps its mode.
 * Signals wait until all is done or undone. Throws a Failure when something cannot be written.
 */
export function writeFiles(files: readonly OutputFile[]): void {
  const release = holdSignals();
  const pending: Pending[] = [];
  const folders: string[] = [];
  let current = '';
  try {
    for (const { path, text } of distinct(files)) {
      current = path;
      prepare(path, text, pending, folders);
    }
    for (const each of pending) {
      current = each.path;
      replace(each, pending.length > 1);
    }
    for (const { backup } of pending) if (backup !== null) rmSync(backup, { force: true });
  } catch (error) {
    undo(pending, folders);
    throw new Failure(`${current}: cannot write: ${systemMessage(error)}`);
  } finally {
    release();
  }
}

/** One path is written once. Two texts for it are a mistake of the caller. */
function distinct(files: readonly OutputFile[]): OutputFile[] {
  const byPath = new Map<string, OutputFile>();
  for (const file of files) {
    const before = byPath.get(file.path);
    if (before !== undefined && before.text !== file.text) throw new Error(`two texts for ${file.path}`);
    byPath.set(file.path, file);
  }
  return [...byPath.values()];
}

/** Writes a file beside its place, unless it is there already. */
function prepare(path: string, text: string, pending: Pending[], folders: string[]): void {
  const status = statSync(path, { throwIfNoEntry: false });
  if (status?.isDirectory()) throw Object.assign(new Error(), { code: 'EISDIR' });
  if (status !== undefined && !status.isFile()) {
    writeFileSync(path, text, 'latin1'); // a device or a pipe takes what comes; it cannot be replaced
    return;
  }
  if (status !== undefined && isWritten(path, status, text)) return;
  const made = makeFolders(dirname(path));
  if (made !== undefined) folders.push(dirname(path), made);
  const place = status === undefined ? path : realpathSync(path);
  const temporary = join(dirname(place), `.${pending.length}.pvasm-${process.pid}`);
  pending.push({ path, place, temporary, backup: null, renamed: false });
  writeFileSync(temporary, text, 'latin1');
  if (status !== undefined) keepRights(temporary, status);
}

/**
 * Makes a folder with all that lead to it, and returns the first one that was missing; undefined: none was. Node's own `recursive`
 * never ends where no folder can be made and the system says that there is none (below /proc; Node 20).
 */
function makeFolders(folder: string): string | undefined {
  const missing: string[] = [];
  for (let each = folder; !existsSync(each) && dirname(each) !== each; each = dirname(each)) missing.push(each);
  missing.reverse();
  for (const [at, each] of missing.entries()) {
    try {
      mkdirSync(each);
    } catch (error) {
      if (statSync(each, { throwIfNoEntry: false })?.isDirectory() === true) continue; // another call has made it in between
      for (const made of missing.slice(0, at).reverse()) attempt(() => rmdirSync(made));
      throw error;
    }
  }
  return missing[0];
}

function isWritten(path: string, status: Stats, text: string): boolean {
  return status.size === text.length && readFileSync(path, 'latin1') === text;
}

/** Only root may give a file away; for others the owner is who writes. */
function keepRights(path: string, { mode, uid, gid }: Stats): void {
  try {
    chownSync(path, uid, gid);
  } catch {}
  chmodSync(path, mode & 0o7777);
}

/** Puts a file in its place; what was there before is kept under another name if others of the call may still fail. */
function replace(file: Pending, others: boolean): void {
  const { place, temporary } = file;
  if (others && existsSync(place)) {
    const backup = `${temporary}.old`;
    try {
      linkSync(place, backup);
    } catch {
      file.backup = backup;
      copyFileSync(place, backup); // not every file system has hard links
    }
    file.backup = backup;
  }
  renameSync(temporary, place);
  file.renamed = true;
}

/** Leaves everything as it was before. */
function undo(pending: readonly Pending[], folders: readonly string[]): void {
  for (const { place, temporary, backup, renamed } of [...pending].reverse()) {
    attempt(() => rmSync(temporary, { force: true }));
    if (renamed && backup !== null) attempt(() => renameSync(backup, place));
    else if (renamed) attempt(() => rmSync(place, { force: true }));
    else if (backup !== null) attempt(() => rmSync(backup, { force: true }));
  }
  // Others may have begun to use a folder that this call made: only empty ones go.
  for (let at = folders.length - 2; at >= 0; at -= 2) {
    const [deepest, made] = [folders[at]!, folders[at + 1]!];
    for (let folder = deepest; folder.length >= made.length; folder = dirname(folder))
      if (!attempt(() => rmdirSync(folder))) break;
  }
}

function attempt(action: () => void): boolean {
  try {
    action();
    return true;
  } catch {
    return false;
  }
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Until the function that this returns is called, a signal is only taken note of; then it does what it would have done. */
function holdSignals(): () => void {
  // Node calls a listener when all that is under way is done: by then the files are written, and there is nothing to undo.
  const end = (signal: NodeJS.Signals) => {
    for (const each of SIGNALS) process.removeListener(each, end);
    process.kill(process.pid, signal);
  };
  for (const each of SIGNALS) process.on(each, end);
  return () =>
    setImmediate(() => {
      for (const each of SIGNALS) process.removeListener(each, end);
    });
}
