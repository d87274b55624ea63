import { isAbout, type NativeEntry } from '../../config/accepted.ts';
import type { Suppression } from '../accept/suppressions.ts';
import type { DraftFinding, Fix, SourceRange } from '../finding.ts';
import type { Rule } from '../rule.ts';

export const PV021: Rule = {
  id: 'PV021',
  name: 'unused-suppression',
  severity: 'warning',
  summary: 'A suppression, or a decision to leave a site native, that nothing needs.',
  check: null,
};

/**
 * The reports for suppressions that accepted nothing, in `check.ts`'s last step. A comment goes away when nothing needs
 * any of its rules.
 *
 * @param all every suppression of the files, used or not
 */
export function unusedSuppressions(
  unused: readonly Suppression[],
  all: readonly Suppression[],
): readonly DraftFinding[] {
  const needed = new Set(all.filter((each) => !unused.includes(each)).map(({ place }) => place));
  return unused.map(({ rule, place, entry }) => ({
    ...place,
    message: `nothing needs the suppression of ${rule}`,
    ...(entry === null && !needed.has(place) && { fix: removal(place) }),
  }));
}

/** The reports for `[[native]]` entries that no site needed, although a file that they name was checked. */
export function unusedNatives(unmet: readonly NativeEntry[], checked: readonly string[]): readonly DraftFinding[] {
  return unmet
    .filter((entry) => isAbout(entry, checked))
    .map(({ place }) => ({ ...place, message: 'no site is the one that is to stay native' }));
}

/** Takes a comment away: with its line where it stands alone, with the blanks before it where it ends one. */
function removal({ file, start, end }: SourceRange): Fix {
  const { text } = file;
  let from = start;
  while (text[from - 1] === ' ' || text[from - 1] === '\t') from--;
  const alone = from === 0 || text[from - 1] === '\n';
  const [behind] = /^\r?\n/.exec(text.slice(end, end + 2)) ?? [];
  const edit = { file, start: from, end, text: '' };
  if (behind === undefined && end < text.length) return { title: TITLE, edits: [{ ...edit, start, text: ' ' }] };
  return { title: TITLE, edits: [alone ? { ...edit, end: end + (behind?.length ?? 0) } : edit] };
}

const TITLE = 'take the suppression away';
