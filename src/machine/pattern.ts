/** Mnemonic patterns: `ld{1,2,4,8}{,.s}{$hint}`. Nested alternatives are not needed and not understood. */

/** A pattern in parts: each a list of alternatives, longest first, so that `.c.clr.acq` is tried before `.c.clr`. */
export type Pattern = readonly (readonly string[])[];

/** Reads a pattern; `{$name}` takes its alternatives from `sets`. */
export function parsePattern(text: string, sets: ReadonlyMap<string, string>): Pattern {
  const parts: string[][] = [];
  for (const part of text.split(/(\{[^}]*\})/)) {
    if (part === '') continue;
    if (!part.startsWith('{')) parts.push([part]);
    else {
      const body = part.slice(1, -1);
      const list = body.startsWith('$') ? sets.get(body.slice(1))! : body;
      parts.push(list.split(',').sort((left, right) => right.length - left.length));
    }
  }
  return parts;
}

/** Whether the pattern matches the whole word. */
export function matchesPattern(pattern: Pattern, word: string, part = 0, at = 0): boolean {
  if (part === pattern.length) return at === word.length;
  for (const alternative of pattern[part]!) {
    if (word.startsWith(alternative, at) && matchesPattern(pattern, word, part + 1, at + alternative.length))
      return true;
  }
  return false;
}

/** All words that a pattern matches. */
export function expandPattern(pattern: Pattern): string[] {
  return pattern.reduce<string[]>((words, part) => words.flatMap((word) => part.map((next) => word + next)), ['']);
}
