/** `check --fix`: the repairs of the findings, as edits per file. */
import { applyEdits, type Edit } from '../syntax/edits.ts';
import type { SourceText } from '../syntax/source.ts';
import { compareText, type Finding } from './finding.ts';

export interface FixedFile {
  readonly file: SourceText;
  readonly text: string;
}

/**
 * Applies the fixes. A fix whose edits overlap one applied before is left for the next run: after the first the place
 * may look different. All edits of a fix are applied or none.
 */
export function applyFixes(findings: readonly Finding[]): {
  readonly files: readonly FixedFile[];
  readonly fixed: readonly Finding[];
} {
  const byFile = new Map<SourceText, Edit[]>();
  const fixed: Finding[] = [];
  for (const finding of findings) {
    const edits = finding.fix?.edits ?? [];
    if (edits.length === 0 || edits.some((edit) => overlaps(byFile.get(edit.file) ?? [], edit))) continue;
    for (const { file, start, end, text } of edits) {
      const list = byFile.get(file) ?? [];
      list.push({ start, end, text });
      byFile.set(file, list);
    }
    fixed.push(finding);
  }
  const files = [...byFile].map(([file, edits]) => ({
    file,
    text: applyEdits(
      file.text,
      edits.sort((a, b) => a.start - b.start || a.end - b.end),
    ),
  }));
  return { files: files.sort((a, b) => compareText(a.file.name, b.file.name)), fixed };
}

/** What is put in front of a text that another fix replaces does not overlap it; two texts at one place do. */
function overlaps(edits: readonly Edit[], { start, end }: Edit): boolean {
  return edits.some(
    (edit) =>
      (start < edit.end && edit.start < end) || (start === edit.start && (start === end) === (edit.start === edit.end)),
  );
}
