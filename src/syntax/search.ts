/** Binary search. */

/**
 * The number of elements whose key is at most `most`, in a list that is ordered by its keys: also the index of the first element
 * with a greater key. Time is logarithmic in the length.
 */
export function countUpTo<T>(list: readonly T[], most: number, keyOf: (element: T) => number): number {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (keyOf(list[middle]!) <= most) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The index of the line that contains an offset, by the offsets at which lines start. */
export function lineIndexAt(starts: readonly number[], offset: number): number {
  return Math.max(0, countUpTo(starts, offset, (start) => start) - 1);
}

/** The token that contains the character at an offset, by its index; tokens must tile the text. */
export function tokenIndexAt(tokens: readonly { readonly start: number }[], offset: number): number {
  return Math.max(0, countUpTo(tokens, offset, ({ start }) => start) - 1);
}
