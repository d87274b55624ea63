/** Sites that stayed what they were before the conversion. */
import { indentedMacro, replaceSite } from '../../../src/rewrite/spell.ts';
import type { Edit } from '../../../src/syntax/edits.ts';
import { kernel } from '../../support/kernel.ts';
import { blankComments } from '../calls.ts';
import type { Mutant } from '../mutant.ts';
import { FILES, macroised, rewritten } from '../subject.ts';

/**
 * Every site in turn as its plain instruction. One that stands in a branch of an `#if` is a class of its own: a
 * conversion that looks at one configuration leaves those behind.
 */
export function missedSites(): readonly Mutant[] {
  return FILES.flatMap((file) => {
    const path = kernel().plain(file);
    const plain = rewritten.files.find((each) => each.file.name === path)!.file.text;
    const isConditional = conditionals(plain);
    const isNever = nevers(plain);
    let shift = 0;
    return rewritten.sites
      .filter(({ site }) => site.file.name === path && site.spelling === 'instruction')
      .map(({ site, scratch }) => replaceSite(site, indentedMacro(site, scratch)))
      .map((edits) => {
        // Each edit undone: where the rewrite put its text, the old text again.
        const undone: Edit[] = edits.map(({ start, end, text }) => {
          const at = start + shift;
          shift += text.length - (end - start);
          return { start: at, end: at + text.length, text: plain.slice(start, end) };
        });
        const { start, end } = undone[0]!;
        if (isNever(edits[0]!.start)) return null;
        const fault = isConditional(edits[0]!.start) ? 'missed branch' : 'missed site';
        const what = `${plain.slice(edits[0]!.start, edits[0]!.end)} left for ${macroised.get(file)!.slice(start, end)}`;
        const rules = ['PV001', 'PV008'];
        return { fault, file, edits: undone, rules, start, end, register: null, what };
      })
      .filter((mutant) => mutant !== null);
  });
}

/** Whether an offset of a text is in an `#if 0`: nobody compiles that. */
function nevers(text: string): (offset: number) => boolean {
  const branches = [...text.matchAll(/^#if 0\n[\s\S]*?^#(?:else|endif)/gm)];
  return (offset) => branches.some(({ index, 0: branch }) => offset >= index && offset < index + branch.length);
}

/** Whether an offset of a text is inside an `#if`, the guard of a whole header not counted. */
function conditionals(text: string): (offset: number) => boolean {
  const depths: { at: number; depth: number }[] = [{ at: 0, depth: 0 }];
  for (const { index, 1: name } of blankComments(text).matchAll(/^[ \t]*#[ \t]*(if|ifdef|ifndef|endif)\b/gm))
    depths.push({ at: index, depth: depths.at(-1)!.depth + (name === 'endif' ? -1 : 1) });
  return (offset) => depths.findLast(({ at }) => at <= offset)!.depth > 0;
}
