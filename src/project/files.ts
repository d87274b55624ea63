/** Whether two paths mean one file, and a file as another tool may read it. */
import { posix } from 'node:path';
import { SourceText } from '../syntax/source.ts';

/** A `.s` file as cpp may read it, for the ASM_ macros in it: comments from `#` on are blank, and all offsets stay. */
export function readableByCpp(file: SourceText): SourceText {
  if (file.dialect === 'cpp') return file;
  return new SourceText(
    file.name,
    file.text.replace(/^([ \t]*)(#.*)/gm, (_, blanks: string, comment: string) => blanks + ' '.repeat(comment.length)),
    file.dialect,
    file.text,
  );
}

/** By text: its path in one spelling, worked out once. */
const keys = new WeakMap<SourceText, string>();

/** The key of a file: the same for all spellings of its path, and for all readers. */
export function fileKey(file: SourceText): string {
  let key = keys.get(file);
  if (key === undefined) {
    key = posix.normalize(file.name);
    keys.set(file, key);
  }
  return key;
}
