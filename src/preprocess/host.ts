/** Where the preprocessor has its files from: this folder never touches the file system. */
export interface Host {
  /** The latin-1 text of a file, or undefined when there is none. */
  read(path: string): string | undefined;
}
