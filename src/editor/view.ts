/** The input of the editor's features: one file with its current text, saved or not, and the analysis of its code. */

import type { TargetChoice } from '../expand/plan.ts';
import { fileKey } from '../project/files.ts';
import type { Operations } from '../project/operations.ts';
import type { Project } from '../project/project.ts';
import { SpelledIndex } from '../project/spelled.ts';
import type { Unit } from '../project/units.ts';
import { parseSource } from '../syntax/parse.ts';
import { tokenIndexAt } from '../syntax/search.ts';
import type { SourceText } from '../syntax/source.ts';
import { TokenKind } from '../syntax/token.ts';

export interface EditorView {
  readonly file: SourceText;
  readonly tree: SpelledIndex;
  /** The analysed code that the file is part of; null when it cannot be analysed. */
  readonly project: Project | null;
  readonly operations: Operations;
  /** The targets of the configuration. */
  readonly targets: readonly TargetChoice[];
  /** The other open files, in which labels are searched last. */
  readonly others: readonly SourceText[];
}

export function editorView(file: SourceText, rest: Omit<EditorView, 'file' | 'tree'>): EditorView {
  return { ...rest, file, tree: treeOf(file) };
}

const trees = new WeakMap<SourceText, SpelledIndex>();

/** The syntax tree of a file; its errors are not reported here. */
export function treeOf(file: SourceText): SpelledIndex {
  const known = trees.get(file) ?? new SpelledIndex(parseSource(file, { lenient: true, dialect: file.dialect }));
  trees.set(file, known);
  return known;
}

/** The analysed units (one for each configuration) that the file is part of. */
export function unitsOf({ file, project }: EditorView): readonly Unit[] {
  if (project === null) return [];
  return project.units.filter(({ preprocessed }) => preprocessed.files.some((each) => fileKey(each) === fileKey(file)));
}

/** A word of the file with its dots: `ld8.fill`, `cr.ifa`, `.L1`, `1f`. */
export interface FileWord {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

const WORD = /\.?[A-Za-z0-9_$]+(?:\.[A-Za-z0-9_$]+)*/g;

/** The word at an offset, which may be directly after its last character; null in comments and strings. */
export function wordUnder({ file, tree }: Pick<EditorView, 'file' | 'tree'>, offset: number): FileWord | null {
  const { tokens } = tree.tree;
  const token = tokens[tokenIndexAt(tokens, offset)];
  if (token?.kind === TokenKind.Comment || token?.kind === TokenKind.String) return null;
  const { line } = file.position(offset);
  const from = file.lineStarts[line - 1]!;
  for (const { index, 0: text } of file.line(line).matchAll(WORD)) {
    const start = from + index;
    if (start <= offset && offset <= start + text.length) return { text, start, end: start + text.length };
  }
  return null;
}
