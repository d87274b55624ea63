/**
 * What runs share: which path holds which text, and each text's structure. Structures fill themselves with tokens,
 * parsed conditions and macro definitions as runs ask for them, so that a second run over the same headers, under
 * whatever configuration, tokenises nothing again.
 */
import { SourceText } from '../syntax/source.ts';
import { type Host, UnreadableFile } from './host.ts';
import { analyseStructure, type FileStructure } from './structure.ts';

export interface PreprocessCache {
  /** The file at a path, or undefined; the host is asked once. Throws an UnreadableFile. */
  file(path: string, host: Host): SourceText | undefined;
  structure(file: SourceText): FileStructure;
}

/** `known` files are found under their names without asking the host, so that trees and tokens share their text. */
export function createCache(known: readonly SourceText[] = []): PreprocessCache {
  const files = new Map<string, SourceText | undefined>(known.map((file) => [file.name, file]));
  const structures = new Map<SourceText, FileStructure>();
  return {
    file(path, host) {
      const found = files.get(path);
      if (found !== undefined || files.has(path)) return found;
      const text = readFrom(host, path);
      const file = text === undefined ? undefined : new SourceText(path, text);
      files.set(path, file);
      return file;
    },
    structure(file) {
      let structure = structures.get(file);
      if (structure === undefined) {
        structure = analyseStructure(file);
        structures.set(file, structure);
      }
      return structure;
    },
  };
}

/**
 * A cache that keeps the structures of some files to itself, and of those that have the same path in the other: with the last
 * run over them they are gone, and so are their tokens.
 */
export function withOwn(cache: PreprocessCache, own: readonly SourceText[]): PreprocessCache {
  const near = createCache(own);
  const paths = new Set(own.map(({ name }) => name));
  const files = new Set(own);
  return {
    file: (path, host) => (paths.has(path) ? near : cache).file(path, host),
    structure: (file) => (files.has(file) ? near : cache).structure(file),
  };
}

function readFrom(host: Host, path: string): string | undefined {
  try {
    return host.read(path);
  } catch (error) {
    throw new UnreadableFile(error instanceof Error ? error.message : String(error));
  }
}
