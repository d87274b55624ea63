/**
 * What runs share: which path holds which text, and each text's structure. Structures fill themselves with tokens,
 * parsed conditions and macro definitions as runs ask for them, so that a second run over the same headers, under
 * whatever configuration, tokenises nothing again.
 */
import { SourceText } from '../syntax/source.ts';
import { analyseStructure, type FileStructure } from './structure.ts';
import type { Host } from './types.ts';

export interface PreprocessCache {
  /** The file at a path, or undefined; the host is asked once. */
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
      const text = host.read(path);
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

/** A cache that keeps one file's structure to itself: with the last run over it, it is gone, and so are its tokens. */
export function forgetful(cache: PreprocessCache, own: SourceText): PreprocessCache {
  const near = createCache([own]);
  return {
    file: (path, host) => cache.file(path, host),
    structure: (file) => (file === own ? near : cache).structure(file),
  };
}
