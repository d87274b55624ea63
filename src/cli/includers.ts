/** Which sources a changed header is for: a commit hook is given the header alone, and findings are about what includes it. */
import { spawnSync } from 'node:child_process';
import { posix } from 'node:path';
import { Failure } from './failure.ts';
import { peek } from './files.ts';

const INCLUDE = /^[ \t]*#[ \t]*(?:include|include_next|import)[ \t]*["<]([^">\n]+)[">]/gm;

/**
 * The sources among the given files, and in place of its headers (`.h`) the tracked sources that include them, by way of
 * other headers too. Headers are told by the last part of their name, which finds too many rather than too few. A header that no
 * source includes is C's, and drops out.
 *
 * @param tracked the files to look through
 * @param read the text of one; undefined when there is none
 */
export function withIncluders(
  given: readonly string[],
  tracked: readonly string[],
  read: (path: string) => string | undefined,
): string[] {
  const includers = new Map<string, string[]>();
  for (const path of given.some(isHeaderName) ? tracked : []) {
    for (const [, header] of (read(path) ?? '').matchAll(INCLUDE)) {
      const name = posix.basename(header!);
      const before = includers.get(name);
      if (before === undefined) includers.set(name, [path]);
      else before.push(path);
    }
  }
  const reached = new Set(given);
  for (const path of reached)
    if (isHeaderName(path)) for (const each of includers.get(posix.basename(path)) ?? []) reached.add(each);
  return [...new Set([...reached].map((path) => posix.normalize(path)))].filter((path) => !isHeaderName(path));
}

export function isHeaderName(path: string): boolean {
  return path.endsWith('.h');
}

/** {@link withIncluders} over the assembly sources and headers that git tracks from the working directory on. */
export function withTrackedIncluders(given: readonly string[]): string[] {
  if (!given.some(isHeaderName)) return [...given];
  const tracked = trackedFiles();
  if (tracked === null) throw new Failure('--with-includers asks git for the sources, and this is no work tree of git');
  return withIncluders(given, tracked, peek);
}

/** The assembly sources and headers that git tracks from the working directory on; null where git knows of no work tree. */
export function trackedFiles(): string[] | null {
  const { status, stdout } = spawnSync('git', ['ls-files', '-z', '--', '*.S', '*.s', '*.h'], {
    encoding: 'latin1',
    maxBuffer: 1 << 28,
  });
  return status === 0 ? stdout.split('\0').filter((path) => path !== '') : null;
}
