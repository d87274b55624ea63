/** Where the preprocessor has its files from: this folder never touches the file system. */

export interface Host {
  /** The latin-1 text of a file; undefined when it does not exist. @throws Error for one that exists and cannot be read */
  read(path: string): string | undefined;
}

/** A file is there and cannot be read; the message says which, and why. */
export class UnreadableFile extends Error {}
