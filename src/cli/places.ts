/** Where outputs go: `<name>` for files of the call and headers beside them, `include/<path>` for headers found by -I. */
import { basename, posix } from 'node:path';
import { fileKey, type Project } from '../project/project.ts';
import type { SourceText } from '../syntax/source.ts';
import { Failure } from './failure.ts';
import { STANDARD_INPUT } from './files.ts';

/** Relative paths of output files. Throws a Failure when two files of the call would go to one place. */
export function outputPlaces(project: Project, files: readonly SourceText[]): Map<SourceText, string> {
  const searched = searchedHeaders(project);
  const places = new Map<SourceText, string>();
  const taken = new Map<string, string>();
  for (const file of files) {
    const place = searched.get(fileKey(file)) ?? basename(file.name === STANDARD_INPUT ? 'stdin.S' : file.name);
    const other = taken.get(place);
    if (other !== undefined)
      throw new Failure(`${other} and ${file.name} would both be written to ${place}; build them in two calls`);
    taken.set(place, file.name);
    places.set(file, place);
  }
  return places;
}

/** Headers that were found in a directory of -I, with the path that the sources spell. */
function searchedHeaders(project: Project): Map<string, string> {
  const inputs = new Set(project.inputs.map(fileKey));
  const paths = new Map<string, string>();
  for (const { preprocessed } of project.units)
    for (const { path, local, resolved } of preprocessed.includes)
      if (!local && resolved !== undefined && !inputs.has(fileKey(resolved)))
        paths.set(fileKey(resolved), posix.join('include', path));
  return paths;
}
