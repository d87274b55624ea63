/** Where outputs go, and how they name what stays where it is. */
import { realpathSync } from 'node:fs';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { placesBelow } from '../output-places.ts';
import type { SourceText } from '../syntax/source.ts';
import { Failure } from './failure.ts';
import { STANDARD_INPUT } from './files.ts';

/** The place of each file of a call below the folder of its outputs. Throws a Failure where two would have one. */
export function outputPlaces(files: readonly SourceText[]): ReadonlyMap<SourceText, string> {
  const { places, clash } = placesBelow(
    new Map(files.map((file) => [file, file.name === STANDARD_INPUT ? 'stdin.S' : file.name])),
  );
  if (clash !== null) throw new Failure(clash);
  return places;
}

/** A function that gives the path, with slashes, from an output's folder to a file where it stands. */
export function pathsFrom(folder: string): (place: string, file: SourceText) => string {
  const known = new Map<string, string>();
  const real = (path: string) => {
    let found = known.get(path);
    if (found === undefined) {
      found = realFolder(path);
      known.set(path, found);
    }
    return found;
  };
  return (place, { name }) =>
    relative(real(dirname(join(folder, place))), join(real(dirname(name)), basename(name))).replaceAll(sep, '/');
}

/** A folder without symbolic links, be it made already or not: `..` means another folder behind a link than before it. */
export function realFolder(path: string): string {
  const whole = resolve(path);
  try {
    return realpathSync.native(whole);
  } catch {
    return dirname(whole) === whole ? whole : join(realFolder(dirname(whole)), basename(whole));
  }
}

/** Refuses to write over what the call reads. */
export function refuseToOverwrite(paths: readonly string[], read: readonly SourceText[], instead: string): void {
  const sources = new Map(read.map(({ name }) => [realFile(name), name]));
  for (const path of paths) {
    const source = sources.get(realFile(path));
    if (source !== undefined) throw new Failure(`${path} would be written over the source ${source}; ${instead}`);
  }
}

function realFile(path: string): string {
  try {
    return realpathSync.native(path);
  } catch {
    return join(realFolder(dirname(path)), basename(path));
  }
}
