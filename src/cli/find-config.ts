/** Where the configuration of a project is. */
import { dirname, relative, resolve } from 'node:path';
import { readOptional } from './files.ts';

export const CONFIG_NAME = 'pvasm.toml';

/** The nearest pvasm.toml, from the working directory upward; null when there is none. */
export function findConfig(): string | null {
  for (let folder = process.cwd(); ; folder = dirname(folder)) {
    const path = relative('', resolve(folder, CONFIG_NAME));
    if (readOptional(path) !== undefined) return path;
    if (dirname(folder) === folder) return null;
  }
}
