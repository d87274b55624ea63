/** What goes from thread to thread. */
import { SourceText } from '../syntax/source.ts';

/** A value that can go from thread to thread: plain data, in which source texts are numbers in a list of their own. */
export interface Packed {
  readonly value: unknown;
  readonly files: readonly PlainText[];
}

export type PlainText = Pick<SourceText, 'name' | 'text'>;

/** Packs plain data that mentions source texts. */
export function pack(value: unknown): Packed {
  const numbers = new Map<SourceText, number>();
  const plain = (part: unknown): unknown => {
    if (typeof part !== 'object' || part === null) return part;
    if (Array.isArray(part)) return part.map(plain);
    if (!(part instanceof SourceText))
      return Object.fromEntries(Object.entries(part).map(([key, each]) => [key, plain(each)]));
    if (!numbers.has(part)) numbers.set(part, numbers.size);
    return { [FILE]: numbers.get(part) };
  };
  return { value: plain(value), files: [...numbers.keys()].map(({ name, text }) => ({ name, text })) };
}

/** What was packed, with the texts that `fileOf` gives for those that were mentioned. */
export function unpack({ value, files }: Packed, fileOf: (file: PlainText) => SourceText): unknown {
  const texts = files.map(fileOf);
  const whole = (part: unknown): unknown => {
    if (typeof part !== 'object' || part === null) return part;
    if (Array.isArray(part)) return part.map(whole);
    if (FILE in part) return texts[part[FILE] as number];
    return Object.fromEntries(Object.entries(part).map(([key, each]) => [key, whole(each)]));
  };
  return whole(value);
}

/** No name of anything else. */
const FILE = '#file';
