/** What git says has changed, for a check of that alone. */
import { spawnSync } from 'node:child_process';
import { posix } from 'node:path';
import { Failure } from './failure.ts';

const SOURCES = ['*.S', '*.s'];

/**
 * The sources to check when only what has changed since a revision is looked at: those that have, and headers that have, in
 * whose place `check` takes what includes them. Where anything has changed that a check goes by (pvasm.toml, a convention
 * file), all are. Files that git does not track yet count as changed. Paths are relative to the working directory.
 *
 * @param given the files of the call, which the answer is among; none: all that git tracks
 * @param settings the files that the call goes by
 */
export function changedSince(revision: string, given: readonly string[], settings: readonly string[]): string[] {
  if (revision.startsWith('-')) throw new Failure(`--changed-since ${revision}: no revision of git`);
  const changed = new Set([
    ...git(['diff', '--name-only', '--relative', '--diff-filter=d', '-z', `${revision}^{commit}`, '--']),
    ...git(['ls-files', '--others', '--exclude-standard', '-z']),
  ]);
  const paths = given.map((path) => posix.normalize(path));
  const removed = git(['diff', '--name-only', '--relative', '--diff-filter=D', '-z', `${revision}^{commit}`, '--']);
  const decides = (path: string): boolean => changed.has(posix.normalize(path)) || removed.includes(path);
  if (settings.some(decides) || removed.some((path) => path.endsWith('pvasm.toml')))
    return given.length > 0 ? paths : git(['ls-files', '-z', '--', ...SOURCES]);
  const sources = [...changed].filter((path) => /\.[Ssh]$/.test(path));
  if (given.length === 0) return sources;
  return sources.filter((path) => paths.includes(path) || path.endsWith('.h'));
}

function git(words: readonly string[]): string[] {
  const { status, stdout, stderr, error } = spawnSync('git', words, { encoding: 'latin1', maxBuffer: 1 << 28 });
  if (error !== undefined) throw new Failure('--changed-since asks git, which cannot be run');
  if (status !== 0) throw new Failure(`--changed-since: git says: ${stderr.trim().split('\n')[0] ?? ''}`);
  return stdout.split('\0').filter((path) => path !== '');
}
