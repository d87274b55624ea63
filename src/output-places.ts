/** Where outputs go below the folder that they are written to: text alone, no file is looked for. */
import { basename, dirname, resolve, sep } from 'node:path';

/** The folder of a target's listings: `xen:a` as `xen-a`. */
export function targetFolder(label: string): string {
  return label.replace(':', '-');
}

export interface OutputPlaces<T> {
  /** With slashes. */
  readonly places: ReadonlyMap<T, string>;
  /** What is wrong: two files would have one place. */
  readonly clash: string | null;
}

/** The place of each file, by its path: its name; with as many of its folders as it takes to tell files of one name apart. */
export function placesBelow<T>(paths: ReadonlyMap<T, string>): OutputPlaces<T> {
  const alike = new Map<string, T[]>();
  for (const [file, path] of paths) {
    const group = alike.get(basename(path));
    if (group === undefined) alike.set(basename(path), [file]);
    else group.push(file);
  }
  const places = new Map<T, string>();
  for (const [name, group] of alike) {
    const folders = group.map((file) => dirname(resolve(paths.get(file)!)).split(sep));
    const shared = group.length === 1 ? folders[0]!.length : commonLength(folders);
    group.forEach((file, index) => {
      places.set(file, [...folders[index]!.slice(shared), name].join('/'));
    });
  }
  return { places, clash: clashOf(places, paths) };
}

function clashOf<T>(places: ReadonlyMap<T, string>, paths: ReadonlyMap<T, string>): string | null {
  const taken = new Map<string, T>();
  for (const [file, place] of places) {
    const other = taken.get(place);
    if (other !== undefined) return `${paths.get(other)} and ${paths.get(file)} would both be written to ${place}`;
    taken.set(place, file);
  }
  return null;
}

/** How many elements all lists begin with alike. */
function commonLength(lists: readonly (readonly string[])[]): number {
  const [first] = lists as [readonly string[]];
  let length = 0;
  while (length < first.length && lists.every((list) => list[length] === first[length])) length++;
  return length;
}
