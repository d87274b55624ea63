/** Finds the definitions of macros. */
import { fileKey } from '../project/files.ts';
import type { SourceRange, SourceText } from '../syntax/source.ts';
import type { Statement } from '../syntax/tree.ts';
import { type EditorView, treeOf, unitsOf } from './view.ts';

/** All definitions of a macro, of cpp and of gas, in the files that the code includes, in order. */
export function macroDefinitions(view: EditorView, name: string): readonly SourceRange[] {
  const found = new Map<string, SourceRange>();
  const add = (place: SourceRange) => found.set(`${fileKey(place.file)}:${place.start}`, place);
  for (const { preprocessed } of unitsOf(view)) {
    const macro = preprocessed.macros.get(name);
    if (macro !== undefined && !macro.file.name.startsWith('<')) add(macro);
  }
  for (const file of codeFiles(view)) for (const place of definedIn(file, name)) add(place);
  return [...found.values()];
}

/** The file, and all files that its code includes. */
export function codeFiles(view: EditorView): readonly SourceText[] {
  const files = new Map([[fileKey(view.file), view.file]]);
  for (const { preprocessed } of unitsOf(view))
    for (const file of preprocessed.files) if (!files.has(fileKey(file))) files.set(fileKey(file), file);
  return [...files.values()];
}

/** The ranges of definitions: a whole `#define`; for a `.macro` its first line. */
function definedIn(file: SourceText, name: string): readonly SourceRange[] {
  if (!new RegExp(`(?:define|macro)[ \\t].*\\b${name.replaceAll('$', '\\$')}\\b`, 'i').test(file.text)) return [];
  const { tokens, statements } = treeOf(file).tree;
  return statements.flatMap((statement) =>
    isDefinition(statement, name, (at) => tokens[at]!.text)
      ? [{ file, start: tokens[statement.first]!.start, end: tokens[statement.last]!.end }]
      : [],
  );
}

function isDefinition(statement: Statement, name: string, text: (token: number) => string): boolean {
  if (statement.kind === 'cpp') return statement.define?.name === name;
  if (statement.kind !== 'directive' || statement.name.toLowerCase() !== '.macro') return false;
  for (let at = statement.first; at <= statement.last; at++)
    // gas does not tell the case of macro names apart.
    if (/^\w/.test(text(at)) && text(at).toLowerCase() !== 'macro')
      return text(at).toLowerCase() === name.toLowerCase();
  return false;
}
