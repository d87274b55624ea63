/** What the server answers about files that are open, in the protocol's terms. */
import { join, resolve } from 'node:path';
import type {
  CodeAction,
  CodeActionContext,
  Diagnostic,
  Hover,
  Location,
  Position,
  Range,
} from 'vscode-languageserver-types';
import { definitionsAt } from '../../editor/definitions.ts';
import {
  distantDiagnostic,
  documentEdits,
  type FileOf,
  findingDiagnostic,
  messageDiagnostic,
  repairOf,
} from '../../editor/diagnostics.ts';
import { hoverAt } from '../../editor/hover.ts';
import { decoded, offsetOf, positionOf, rangeOf } from '../../editor/positions.ts';
import { type EditorView, editorView } from '../../editor/view.ts';
import { applyFixes } from '../../lint/fix.ts';
import { fileKey } from '../../project/files.ts';
import type { SourceText } from '../../syntax/source.ts';
import { Failure } from '../failure.ts';
import { packageFile } from '../package-files.ts';
import { shippedTargets } from '../shipped.ts';
import type { CheckedFile, Checks } from './checks.ts';
import type { OpenDocument, OpenDocuments } from './documents.ts';
import { inFolder, uriOfPath } from './folders.ts';

/** Repairs all that can be repaired for certain, as `check --fix` does in one round. */
export const FIX_ALL = 'source.fixAll.pvasm';

export class Answers {
  readonly #documents: OpenDocuments;
  readonly #checks: Checks;
  readonly #checked = new Map<string, { readonly generation: number; readonly result: CheckedFile }>();

  constructor(documents: OpenDocuments, checks: Checks) {
    this.#documents = documents;
    this.#checks = checks;
  }

  /** The findings and messages of a file. A Failure is one of its messages: nobody reads the server's standard error. */
  diagnostics(document: OpenDocument): readonly Diagnostic[] {
    try {
      return this.#diagnosticsOf(this.#check(document));
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      return this.#failureDiagnostics(document, error);
    }
  }

  /** The files that the last check of a file has read; undefined before the first one. */
  readFor(path: string): ReadonlySet<string> | undefined {
    return this.#checked.get(path)?.result.read;
  }

  forget(path: string): void {
    this.#checked.delete(path);
  }

  hover(document: OpenDocument, position: Position): Hover | null {
    const view = this.#view(document);
    const found = hoverAt(view, offsetOf(view.file, position));
    if (found === null) return null;
    return {
      contents: { kind: 'markdown', value: decoded(found.says) },
      range: rangeOf({ file: view.file, start: found.start, end: found.end }),
    };
  }

  definitions(document: OpenDocument, position: Position): Location[] {
    const view = this.#view(document);
    const fileOf = this.#fileOf(this.#checks.folderOf(document));
    return definitionsAt(view, offsetOf(view.file, position)).flatMap((place) => {
      const at = fileOf(place.file);
      return at === null ? [] : [{ uri: at.uri, range: rangeOf(place) }];
    });
  }

  actions(document: OpenDocument, range: Range, { only }: CodeActionContext): CodeAction[] {
    const { findings, file, folder, repaired } = this.#check(document);
    const fileOf = this.#fileOf(folder);
    const from = offsetOf(file, range.start);
    const to = offsetOf(file, range.end);
    const wants = (kind: string) => only === undefined || only.some((each) => `${kind}.`.startsWith(`${each}.`));
    const around = findings.some(({ start, end }) => start <= to && from <= end);
    const actions: CodeAction[] = [];
    if (wants('quickfix') && around)
      for (const finding of repaired()) {
        if (finding.start > to || finding.end < from) continue;
        const repair = repairOf(finding, findingDiagnostic(finding, fileOf), fileOf);
        if (repair !== null) actions.push(repair);
      }
    if (wants(FIX_ALL) && findings.length > 0) {
      const { fixed } = applyFixes(repaired());
      const edits = documentEdits(fixed, fileOf);
      if (edits !== null && edits.length > 0)
        actions.push({
          title: 'Repair all that is certain (pvasm check --fix)',
          kind: FIX_ALL,
          edit: { documentChanges: edits },
        });
    }
    return actions;
  }

  #check(document: OpenDocument): CheckedFile {
    const { generation } = this.#documents;
    const known = this.#checked.get(document.path);
    if (known?.generation === generation) return known.result;
    const result = this.#checks.check(document);
    this.#checked.set(document.path, { generation, result });
    return result;
  }

  #view(document: OpenDocument): EditorView {
    const folder = this.#checks.folderOf(document);
    const { subject } = this.#checks.settings(folder);
    return inFolder(folder, () => {
      const others = this.#documents.all().filter(({ path }) => path !== document.path && /\.[sSh]$/.test(path));
      return editorView(this.#documents.source(document, folder), {
        project: this.#checks.project(document),
        operations: subject.operations,
        targets: subject.targets,
        others: others.map((other) => this.#documents.source(other, folder)),
      });
    });
  }

  #diagnosticsOf({ folder, file, findings, messages }: CheckedFile): Diagnostic[] {
    const fileOf = this.#fileOf(folder);
    const own = messages.filter((message) => fileKey(message.file) === fileKey(file));
    const distant = messages.filter((message) => message.severity === 'error' && !own.includes(message));
    return [
      ...own.map(messageDiagnostic),
      ...distant.map((message) => distantDiagnostic(message, leadingTo(file, message.file), fileOf)),
      ...findings.map((finding) => findingDiagnostic(finding, fileOf)),
    ];
  }

  /** What ends the command: in the settings, or of a file that cannot be read as text. */
  #failureDiagnostics(document: OpenDocument, { message, diagnostics }: Failure): Diagnostic[] {
    const start = { line: 0, character: 0 };
    const folder = this.#checks.folderOf(document);
    const fileOf = this.#fileOf(folder);
    if (diagnostics.length === 0)
      return [{ range: { start, end: start }, severity: 1, source: 'pvasm', message: decoded(message) }];
    return diagnostics.map((each) => {
      const isOwn = resolve(folder, each.file.name) === document.path;
      return isOwn
        ? messageDiagnostic(each)
        : { ...distantDiagnostic(each, each, fileOf), range: { start, end: start } };
    });
  }

  /** The URI of a file for the editor; null for texts that only the tool has, such as its macros. */
  #fileOf(folder: string): FileOf {
    return (file) => {
      if (file.name.startsWith('<')) return null;
      const path = resolve(folder, file.name);
      const open = this.#documents.get(path);
      if (open !== undefined) return { uri: open.uri, version: open.version };
      const shipped = Object.values(shippedTargets).includes(file.text) ? packageFile(file.name) : null;
      return { uri: uriOfPath(shipped ?? join(path)), version: null };
    };
  }
}

/** The line of a file that includes another one by its name; its first line where another header does so. */
function leadingTo(file: SourceText, other: SourceText): { file: SourceText; start: number; end: number } {
  const name = other.name.replace(/^.*\//, '');
  for (const match of file.text.matchAll(/^[ \t]*#[ \t]*include[^\n]*/gm))
    if (match[0].includes(name)) return { file, start: match.index, end: match.index + match[0].length };
  return { file, start: 0, end: positionOf(file, 0).character };
}
