/** Where outputs go, and how they name what stays where it is. */
import { realpathSync } from 'node:fs';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import type { SourceText } from '../syntax/source.ts';
import { Failure } from './failure.ts';
import { STANDARD_INPUT } from './files.ts';

/**
 * The place of each file of a call below the folder of its outputs, with slashes: its name; with as many of its folders as it
 * takes to tell files of one name apart.
 */
export function outputPlaces(files: readonly SourceText[]): Map<SourceText, string> {
  const alike = new Map<string, SourceText[]>();
  for (const file of files) {
    const name = file.name === STANDARD_INPUT ? 'stdin.S' : basename(file.name);
    alike.set(name, [...(alike.get(name) ?? []), file]);
  }
  const places = new Map<SourceText, string>();
  for (const [name, group] of alike) {
    const folders = group.map((file) => (file.name === STANDARD_INPUT ? [] : foldersOf(file)));
    const shared = group.length === 1 ? folders[0]!.length : commonLength(folders);
    group.forEach((file, index) => {
      places.set(file, [...folders[index]!.slice(shared), name].join('/'));
    });
  }
  const taken = new Map<string, SourceText>();
  for (const [file, place] of places) {
    const other = taken.get(place);
    if (other !== undefined) throw new Failure(`${other.name} and ${file.name} would both be written to ${place}`);
    taken.set(place, file);
  }
  return places;
}

function foldersOf({ name }: SourceText): string[] {
  return dirname(resolve(name)).split(sep);
}

/** How many elements all lists begin with alike. */
function commonLength(lists: readonly (readonly string[])[]): number {
  const [first] = lists as [readonly string[]];
  let length = 0;
  while (length < first.length && lists.every((list) => list[length] === first[length])) length++;
  return length;
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
    return realpathSync(whole);
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
    return realpathSync(path);
  } catch {
    return join(realFolder(dirname(path)), basename(path));
  }
}
