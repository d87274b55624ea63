/** Go to definition: of macros, labels, headers, and bodies of operations in target files. */
import { fileKey } from '../project/files.ts';
import type { Unit } from '../project/units.ts';
import type { SourceRange, SourceText } from '../syntax/source.ts';
import type { MacroUse } from '../syntax/token.ts';
import type { Statement } from '../syntax/tree.ts';
import { codeFiles, macroDefinitions } from './macros.ts';
import { type EditorView, type FileWord, treeOf, unitsOf, wordUnder } from './view.ts';

/** The places of the definitions of the word at an offset; empty when there is none in any file. */
export function definitionsAt(view: EditorView, offset: number): readonly SourceRange[] {
  const header = headerAt(view, offset);
  if (header !== null) return [header];
  const word = wordUnder(view, offset);
  if (word === null) return [];
  const local = /^(\d+)([fb])$/.exec(word.text);
  if (local !== null) return localLabel(view, word, local[1]!, local[2] as 'f' | 'b');
  const bodies = targetBodies(view, word.text);
  const macros = macroDefinitions(view, word.text);
  if (bodies.length + macros.length > 0) return [...macros, ...bodies];
  return labels(view, word.text);
}

/** The bodies of an operation's macro (its name may end in `_P`), one for each target that defines it. */
function targetBodies({ operations, targets }: EditorView, name: string): readonly SourceRange[] {
  const operation = operations.all.find(({ macro }) => name === macro || name === `${macro}_P`);
  if (operation === undefined) return [];
  const files = new Map(targets.map(({ target }) => [fileKey(target.file), target]));
  return [...files.values()].flatMap(({ file, macros }) => {
    const body = macros.get(operation.name);
    return body === undefined ? [] : [{ ...body.place, file }];
  });
}

/** The header that the `#include` at an offset was resolved to. */
function headerAt(view: EditorView, offset: number): SourceRange | null {
  for (const { preprocessed } of unitsOf(view)) {
    const found = preprocessed.includes.find(
      ({ file, start, end }) => fileKey(file) === fileKey(view.file) && start <= offset && offset <= end,
    );
    if (found?.resolved !== undefined) return { file: found.resolved, start: 0, end: 0 };
  }
  return null;
}

/** The definition of a local label: for `1f` the next one after the word, for `1b` the last one before it. */
function localLabel({ file, tree }: EditorView, word: FileWord, name: string, direction: 'f' | 'b'): SourceRange[] {
  const all = labelsIn(file, tree.tree.statements, name);
  const found =
    direction === 'f' ? all.find(({ start }) => start > word.start) : all.findLast(({ start }) => start < word.start);
  return found === undefined ? [] : [found];
}

/** Definitions of a label: those spelled in the file, then macro calls that define it, then those in other open files. */
function labels(view: EditorView, name: string): readonly SourceRange[] {
  for (const file of codeFiles(view)) {
    const written = writtenLabels(file, name);
    if (written.length > 0) return written;
  }
  for (const unit of unitsOf(view)) {
    const made = madeLabel(unit, name);
    if (made !== null) return [made];
  }
  return view.others.flatMap((file) => writtenLabels(file, name));
}

function writtenLabels(file: SourceText, name: string): SourceRange[] {
  return file.text.includes(name) ? labelsIn(file, treeOf(file).tree.statements, name) : [];
}

function labelsIn(file: SourceText, statements: readonly Statement[], name: string): SourceRange[] {
  const { tokens } = treeOf(file).tree;
  return statements.flatMap((statement) => {
    if (statement.kind === 'cpp' && statement.define !== null) return labelsIn(file, statement.define.body, name);
    const isLabel =
      (statement.kind === 'label' || statement.kind === 'tag' || statement.kind === 'assignment') &&
      statement.name === name;
    if (!isLabel) return [];
    const end = statement.kind === 'assignment' ? statement.first : statement.last;
    return [{ file, start: tokens[statement.first]!.start, end: tokens[end]!.end }];
  });
}

/** The macro call that defines a label, such as `GLOBAL_ENTRY(name)`. */
function madeLabel({ analysis: { program } }: Unit, name: string): SourceRange | null {
  const label = program.symbols.named.get(name);
  const statement = label === undefined ? undefined : program.statements[label.statement];
  const token = statement === undefined ? undefined : program.tokens[statement.first];
  if (token === undefined) return null;
  let found: SourceRange = token;
  for (let use: MacroUse | null = token.use; use !== null; use = use.parent) found = use;
  return found.file.name.startsWith('<') ? null : { file: found.file, start: found.start, end: found.end };
}
