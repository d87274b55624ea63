/** Conditions that are no choice, as the sources of a call agree on them: a header may be read by several. */
import { branchAt } from '../preprocess/conditional-macros.ts';
import { analyseStructure, type FileStructure } from '../preprocess/structure.ts';
import type { SourceText } from '../syntax/source.ts';
import { fileKey } from './files.ts';
import type { ReadSource, TestedFlag } from './reading.ts';

export interface DecidedPlaces {
  /** Whether the condition of the directive at an offset holds, where every source that reads the file decides so; or null. */
  outcome(file: SourceText, directive: number): boolean | null;
  /** The -D and -U that the conditions of a source depend on. */
  restsOn(source: SourceText): readonly TestedFlag[];
  /** The symbols that conditions of the assembler have found undefined in a source, in order; null for no source with sites. */
  undefinedIn(source: SourceText): readonly string[] | null;
  /** Whether a place is in a branch that is never compiled. */
  ruledOut(file: SourceText, offset: number): boolean;
}

/** Nothing is decided. */
export const CHOICES: DecidedPlaces = {
  outcome: () => null,
  restsOn: () => [],
  undefinedIn: () => null,
  ruledOut: () => false,
};

/** @param undefinedNames by source: the symbols that its conditions have found undefined */
export function decidedPlaces(
  sources: readonly ReadSource[],
  undefinedNames: ReadonlyMap<SourceText, ReadonlySet<string>>,
): DecidedPlaces {
  const bySource = sources.map(({ decided, runs }) => ({
    outcomes: new Map([...decided].map(([{ group, start }, outcome]) => [`${fileKey(group.file)}:${start}`, outcome])),
    files: new Set(runs.flatMap(({ result }) => result.files.map(fileKey))),
  }));
  const structures = new Map<SourceText, FileStructure>();
  const structureOf = (file: SourceText): FileStructure => {
    const known = structures.get(file) ?? analyseStructure(file);
    structures.set(file, known);
    return known;
  };
  const outcome = (file: SourceText, directive: number): boolean | null => {
    const key = fileKey(file);
    const readers = bySource.filter(({ files }) => files.has(key));
    const [first, ...others] = new Set(readers.map(({ outcomes }) => outcomes.get(`${key}:${directive}`) ?? null));
    return others.length > 0 ? null : (first ?? null);
  };
  return {
    outcome,
    restsOn: (source) => sources.find((read) => read.source === source)?.restsOn ?? [],
    undefinedIn(source) {
      const names = undefinedNames.get(source);
      return names === undefined ? null : [...names].sort();
    },
    ruledOut(file, offset) {
      let branch = branchAt(structureOf(file).groups, offset);
      for (; branch !== null; branch = branch.group.parent) {
        const { branches } = branch.group;
        const before = branches.slice(0, branches.indexOf(branch));
        if (before.some(({ start }) => outcome(file, start) === true)) return true;
        if (branch.keyword !== 'else' && outcome(file, branch.start) === false) return true;
      }
      return false;
    },
  };
}
