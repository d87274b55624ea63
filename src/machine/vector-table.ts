/** The interruption vectors, from grammar/vectors.tsv. */
import table from '../../grammar/vectors.tsv';
import { cellWords } from './tsv.ts';

export interface Vector {
  /** Bytes from the start of the table. */
  readonly offset: number;
  /** Bundles of its slot. */
  readonly bundles: number;
  /** Taken from within another handler, whose registers it finds. */
  readonly nested: boolean;
  /** Taken because the program asked for it: it may destroy what a call may. */
  readonly called: boolean;
  /** Registers of bank 0 that firmware has put something in. */
  readonly given: readonly string[];
}

const vectors: readonly Vector[] = table
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'))
  .map((line) => {
    const [offset, bundles, , taken, given] = line.split('\t');
    return {
      offset: Number(offset),
      bundles: Number(bundles),
      nested: taken === 'nested',
      called: taken === 'called',
      given: given === undefined ? [] : cellWords(given),
    };
  });

const BUNDLE = 16;
const last = vectors.at(-1)!;

/** Size of the whole table in bytes; code after it is no vector. */
export const VECTOR_TABLE_SIZE = last.offset + last.bundles * BUNDLE;

/** The vector whose slot an offset lies in; behind the table the last one. */
export function vectorAt(offset: number): Vector {
  return vectors.findLast((vector) => vector.offset <= offset) ?? vectors[0]!;
}

/** Where in the table a vector begins. */
export const vectorOffsets: ReadonlySet<number> = new Set(vectors.map(({ offset }) => offset));
