/** Suggestions for misspelt words, in error messages. */

/** `; did you mean 'labels'?` for the closest known word, if its distance is small for its length; else an empty text. */
export function suggestion(word: string, known: readonly string[]): string {
  let best: string | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const each of known) {
    const distance = editDistance(word.toLowerCase(), each.toLowerCase());
    if (distance < least && distance <= allowed(Math.max(word.length, each.length))) {
      least = distance;
      best = each;
    }
  }
  return best === undefined ? '' : `; did you mean '${best}'?`;
}

/** Of two letters each is half the word: `f1` is no misspelt `fc`. */
function allowed(letters: number): number {
  if (letters < 3) return 0;
  return letters < 5 ? 1 : 2;
}

/** The edit distance of two words, with a swap of neighbouring letters as one edit (optimal string alignment). */
function editDistance(a: string, b: string): number {
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const isSwapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      next.push(
        Math.min(
          row[j]! + 1,
          next[j - 1]! + 1,
          row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1),
          isSwapped ? before[j - 2]! + 1 : Number.POSITIVE_INFINITY,
        ),
      );
    }
    before = row;
    row = next;
  }
  return row[b.length]!;
}
