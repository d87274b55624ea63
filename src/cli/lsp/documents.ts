/** The files that an editor has open, as the tool reads them. */
import { encoded } from '../../editor/positions.ts';
import type { SourceText } from '../../syntax/source.ts';
import { readSource, readUnsaved } from '../files.ts';
import { nameFrom } from './folders.ts';

export interface OpenDocument {
  readonly uri: string;
  readonly path: string;
  readonly version: number;
  /** The bytes that would be saved, one a character. */
  readonly text: string;
}

/** What is open, and how often anything has changed that a check may read. */
export class OpenDocuments {
  readonly #documents = new Map<string, OpenDocument>();
  readonly #sources = new Map<string, SourceText>();
  /** By path: the texts that replace files. */
  readonly #texts = new Map<string, string>();
  /** Grows with each change, of what is open or of a file: what was found out before may be wrong. */
  generation = 0;

  constructor() {
    readUnsaved(this.#texts);
  }

  get(path: string): OpenDocument | undefined {
    return this.#documents.get(path);
  }

  all(): readonly OpenDocument[] {
    return [...this.#documents.values()];
  }

  put(uri: string, path: string, version: number, shown: string): void {
    const text = encoded(shown);
    this.#documents.set(path, { uri, path, version, text });
    this.#texts.set(path, text);
    this.#changed(path);
  }

  close(path: string): void {
    this.#documents.delete(path);
    this.#texts.delete(path);
    this.#changed(path);
  }

  #changed(path: string): void {
    this.generation++;
    this.#sources.delete(path);
  }

  /**
   * An open file as a source, called as from a folder, which is the working directory; the same object until it changes, so that
   * its tree is made once. Throws a Failure for what is no text.
   */
  source({ path }: OpenDocument, folder: string): SourceText {
    const name = nameFrom(folder, path);
    const known = this.#sources.get(path);
    if (known?.name === name) return known;
    const source = readSource(name);
    this.#sources.set(path, source);
    return source;
  }
}
