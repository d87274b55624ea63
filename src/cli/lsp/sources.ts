/** The sources that a header is looked at with. */
import { readdirSync } from 'node:fs';
import { dirname, posix } from 'node:path';
import { peek } from '../files.ts';
import { isHeaderName, trackedFiles, withIncluders } from '../includers.ts';

/** Most sources of a header that are checked: a whole kernel may include it, and the user waits. */
const MOST_SOURCES = 4;

/**
 * Sources that include a header: first those that are open, then those that git tracks from the working directory on, or, without
 * git, those beside the header.
 *
 * @param header its name in the working directory
 * @param open names of the files that are open
 * @returns at most {@link MOST_SOURCES}, and how many there are
 */
export function sourcesOf(header: string, open: readonly string[]): { taken: readonly string[]; all: number } {
  const files = [...new Set([...open, ...(trackedFiles() ?? beside(header))].map((path) => posix.normalize(path)))];
  const including = withIncluders([header], files, peek).filter((path) => /\.[Ss]$/.test(path));
  const isOpen = new Set(open);
  const sources = [
    ...including.filter((path) => isOpen.has(path)),
    ...including.filter((path) => !isOpen.has(path) && peek(path) !== undefined),
  ];
  return { taken: sources.slice(0, MOST_SOURCES), all: sources.length };
}

function beside(header: string): string[] {
  const folder = dirname(header);
  return readdirSync(folder)
    .filter((name) => /\.[Ss]$/.test(name) || isHeaderName(name))
    .map((name) => posix.join(folder, name));
}
