/** How configuration files name files and lines of code. */

/**
 * A test whether a file name matches a pattern of a configuration: all of it, or its last path components (`ivt.S` matches
 * `arch/ia64/kernel/ivt.S`). `*` stands for any characters within one component, `**` for any components.
 */
export function nameMatcher(pattern: string): (name: string) => boolean {
  const expression = pattern
    .split(/(\*\*\/|\*\*|\*)/)
    .map((part) => (part === '**/' ? '(?:.*/)?' : part === '**' ? '.*' : part === '*' ? '[^/]*' : escapeRegExp(part)))
    .join('');
  const matcher = new RegExp(`^(?:.*/)?${expression}$`);
  return (name) => matcher.test(name);
}

/** Whether a line of code contains a pattern of a configuration: runs of blanks are equal, `*` stands for any characters. */
export function lineHolds(line: string, pattern: string): boolean {
  const text = squeeze(line);
  let from = 0;
  for (const part of squeeze(pattern).split('*')) {
    const at = text.indexOf(part, from);
    if (at === -1) return false;
    from = at + part.length;
  }
  return true;
}

/** The text with every run of blanks replaced by one space, and trimmed. */
export function squeeze(text: string): string {
  return text.trim().replace(/\s+/g, ' ');
}

function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
