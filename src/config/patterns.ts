/** How configuration files name files and lines of code. */

/**
 * Tells whether a name in a configuration means a file: equal, or equal to its last parts (`ivt.S` means
 * `arch/ia64/kernel/ivt.S`), where `*` stands for any characters within one part and `**` for any parts.
 */
export function nameMatcher(pattern: string): (name: string) => boolean {
  const expression = pattern
    .split(/(\*\*\/|\*\*|\*)/)
    .map((part) => (part === '**/' ? '(?:.*/)?' : part === '**' ? '.*' : part === '*' ? '[^/]*' : escapeRegExp(part)))
    .join('');
  const matcher = new RegExp(`^(?:.*/)?${expression}$`);
  return (name) => matcher.test(name);
}

/** Whether a line of code holds a text of a configuration: blanks need not agree, `*` stands for any characters. */
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

/** The text with every run of blanks as one space and none at its ends. */
export function squeeze(text: string): string {
  return text.trim().replace(/\s+/g, ' ');
}

function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
