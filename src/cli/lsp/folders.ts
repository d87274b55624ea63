/** Which folder the files of an editor are checked from, and how files are called there. */
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { peek } from '../files.ts';
import { CONFIG_NAME } from '../find-config.ts';
import { withSlashes } from '../path-text.ts';

/** The path of a file's URI; null for what is in no file (`untitled:`), or on another machine. */
export function pathOfUri(uri: string): string | null {
  try {
    return new URL(uri).protocol === 'file:' ? resolve(fileURLToPath(uri)) : null;
  } catch {
    return null;
  }
}

export function uriOfPath(path: string): string {
  return pathToFileURL(path).href;
}

/**
 * Where `pvasm check` would be called for a file: the folder of the nearest pvasm.toml; else the innermost folder of the workspace
 * around the file; else its own.
 */
export function checkFolder(path: string, workspace: readonly string[]): string {
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    if (peek(join(folder, CONFIG_NAME)) !== undefined) return folder;
    if (dirname(folder) === folder) break;
  }
  const around = workspace.filter((folder) => path.startsWith(folder.endsWith(sep) ? folder : folder + sep));
  return around.sort((a, b) => b.length - a.length)[0] ?? dirname(path);
}

/** A path as it is given on a command line in a folder: relative to it, with slashes. */
export function nameFrom(folder: string, path: string): string {
  const name = relative(folder, path);
  return withSlashes(isAbsolute(name) ? path : name);
}

/** Does something with a folder as the working directory, which relative names and `pvasm.toml` are found from. */
export function inFolder<T>(folder: string, action: () => T): T {
  const before = process.cwd();
  process.chdir(folder);
  try {
    return action();
  } finally {
    process.chdir(before);
  }
}
