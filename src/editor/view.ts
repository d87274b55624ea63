/** What an editor looks at: one file as it stands there, saved or not, and what is known of the code that it is part of. */
import type { TargetChoice } from '../expand/plan.ts';
import { fileKey } from '../project/files.ts';
import type { Operations } from '../project/operations.ts';
import type { Project } from '../project/project.ts';
import { SpelledIndex } from '../project/spelled.ts';
import type { Unit } from '../project/units.ts';
import { parseSource } from '../syntax/parse.ts';
import type { SourceText } from '../syntax/source.ts';
import { type Token, TokenKind } from '../syntax/token.ts';

export interface EditorView {
  readonly file: SourceText;
  readonly tree: SpelledIndex;
  /** The file's code, analysed; null where that cannot be. */
  readonly project: Project | null;
  readonly operations: Operations;
  /** Those of the configuration. */
  readonly targets: readonly TargetChoice[];
  /** Other files that are open: labels are looked for there last. */
  readonly others: readonly SourceText[];
}

export function editorView(file: SourceText, rest: Omit<EditorView, 'file' | 'tree'>): EditorView {
  return { ...rest, file, tree: treeOf(file) };
}

const trees = new WeakMap<SourceText, SpelledIndex>();

/** A file as it is written; what it has of errors is said elsewhere. */
export function treeOf(file: SourceText): SpelledIndex {
  const known = trees.get(file) ?? new SpelledIndex(parseSource(file, { lenient: true, dialect: file.dialect }));
  trees.set(file, known);
  return known;
}

/** The code that the file is part of, in each configuration. */
export function unitsOf({ file, project }: EditorView): readonly Unit[] {
  if (project === null) return [];
  return project.units.filter(({ preprocessed }) => preprocessed.files.some((each) => fileKey(each) === fileKey(file)));
}

/** A word of the file, dots included: `ld8.fill`, `cr.ifa`, `.L1`, `1f`. */
export interface FileWord {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

const WORD = /\.?[A-Za-z0-9_$]+(?:\.[A-Za-z0-9_$]+)*/g;

/** The word that an offset stands in or directly behind; null in comments and strings. */
export function wordUnder({ file, tree }: Pick<EditorView, 'file' | 'tree'>, offset: number): FileWord | null {
  const token = tokenAt(tree.tree.tokens, offset);
  if (token?.kind === TokenKind.Comment || token?.kind === TokenKind.String) return null;
  const { line } = file.position(offset);
  const from = file.lineStarts[line - 1]!;
  for (const { index, 0: text } of file.line(line).matchAll(WORD)) {
    const start = from + index;
    if (start <= offset && offset <= start + text.length) return { text, start, end: start + text.length };
  }
  return null;
}

/** The token that holds a character. */
function tokenAt(tokens: readonly Token[], offset: number): Token | undefined {
  let low = 0;
  let high = tokens.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (tokens[middle]!.start <= offset) low = middle;
    else high = middle - 1;
  }
  return tokens[low];
}
