/** Edits of a text as data, and the one function that applies them. Hunks, previews and fixes are made from the same lists. */

/** Replaces `[start, end)` of a text; `start === end` inserts. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/**
 * The first defect of a list of edits for a text of `length` characters, in words; null when there is none. Edits must be in order
 * and must not overlap; several insertions at one place are made in the order of the list.
 */
export function checkEdits(edits: readonly Edit[], length: number): string | null {
  let reached = 0;
  for (const [index, { start, end }] of edits.entries()) {
    if (!Number.isInteger(start) || !Number.isInteger(end)) return `edit ${index} has no whole offsets`;
    if (end < start) return `edit ${index} ends at ${end}, before its start ${start}`;
    if (start < reached) return `edit ${index} starts at ${start}, inside or before the edit that ends at ${reached}`;
    if (end > length) return `edit ${index} ends at ${end}, behind the end of the text at ${length}`;
    reached = end;
  }
  return null;
}

/** Applies edits to a text in linear time. @throws Error for a list that `checkEdits` refuses: that is a defect of the caller */
export function applyEdits(text: string, edits: readonly Edit[]): string {
  const wrong = checkEdits(edits, text.length);
  if (wrong !== null) throw new Error(`edits cannot be applied: ${wrong}`);
  const parts: string[] = [];
  let reached = 0;
  for (const { start, end, text: replacement } of edits) {
    parts.push(text.slice(reached, start), replacement);
    reached = end;
  }
  parts.push(text.slice(reached));
  return parts.join('');
}
