/** File names as findings, baselines and suppressions show them: relative to the project, with forward slashes. */
import { posix } from 'node:path';

/**
 * A function from a file's name as the user gave it to its name relative to the project, so that output and baseline
 * are the same on every machine and from every folder.
 *
 * @param root absolute path of the project: the folder of pvasm.toml, or the working directory
 * @param directory absolute path of the working directory, which relative names are relative to
 */
export function relativeNames(root: string, directory: string): (name: string) => string {
  const base = slashes(root);
  const here = slashes(directory);
  const relativeName = (name: string): string => {
    const given = slashes(name);
    const absolute = isAbsolute(given) ? posix.normalize(given) : posix.join(here, given);
    return posix.relative(base, absolute) || '.';
  };
  // Every finding asks, and few files are asked for.
  const known = new Map<string, string>();
  return (name) => {
    let found = known.get(name);
    if (found === undefined) {
      found = relativeName(name);
      known.set(name, found);
    }
    return found;
  };
}

/** A relative name as a URI reference (RFC 3986): every byte that is not plain is percent-encoded. */
export function nameAsUri(name: string): string {
  return name.replace(/[^A-Za-z0-9._~/-]/gu, encodeBytes);
}

function slashes(path: string): string {
  return path.replace(/\\/g, '/');
}

/** `/x`, and `C:/x`, which only Windows has. */
export function isAbsolute(path: string): boolean {
  return path.startsWith('/') || /^[A-Za-z]:\//.test(path);
}

function encodeBytes(character: string): string {
  return [...Buffer.from(character, 'utf8')]
    .map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`)
    .join('');
}
