/** Converts findings and messages to diagnostics of the language server protocol, and their fixes to code actions. */
import type { CodeAction, Diagnostic, DiagnosticSeverity, TextDocumentEdit } from 'vscode-languageserver-types';
import { type Finding, type SourceRange, sentence } from '../lint/finding.ts';
import { pageOf } from '../lint/registry.ts';
import type { Severity, Diagnostic as ToolDiagnostic } from '../syntax/diagnostic.ts';
import type { SourceText } from '../syntax/source.ts';
import { decoded, rangeOf } from './positions.ts';

/** A file as the editor knows it: its URI, and the version of its text if it is open; null for a text that is no file. */
export type FileOf = (file: SourceText) => { readonly uri: string; readonly version: number | null } | null;

/** The protocol's DiagnosticSeverity: error, warning, information. */
const SEVERITIES: Readonly<Record<Severity, DiagnosticSeverity>> = { error: 1, warning: 2, note: 3 };

export function findingDiagnostic(finding: Finding, fileOf: FileOf): Diagnostic {
  const related = finding.related.flatMap((place) => {
    const at = fileOf(place.file);
    return at === null ? [] : [{ location: { uri: at.uri, range: rangeOf(place) }, message: decoded(place.message) }];
  });
  return {
    range: rangeOf(finding),
    severity: SEVERITIES[finding.severity],
    code: finding.rule,
    codeDescription: { href: pageOf(finding.rule) },
    source: 'pvasm',
    message: decoded(sentence(finding)),
    ...(related.length > 0 && { relatedInformation: related }),
  };
}

export function messageDiagnostic(message: ToolDiagnostic): Diagnostic {
  return {
    range: rangeOf(message),
    severity: SEVERITIES[message.severity],
    source: 'pvasm',
    message: decoded(message.message),
  };
}

/** A message about another file, shown at the place in this one that leads to it. */
export function distantDiagnostic(message: ToolDiagnostic, place: SourceRange, fileOf: FileOf): Diagnostic {
  const { file, start, severity } = message;
  const at = fileOf(file);
  const text = decoded(message.message);
  const { line, column } = file.position(start);
  return {
    range: rangeOf(place),
    severity: SEVERITIES[severity],
    source: 'pvasm',
    message: `${file.name}:${line}:${column}: ${text}`,
    ...(at !== null && { relatedInformation: [{ location: { uri: at.uri, range: rangeOf(message) }, message: text }] }),
  };
}

/** The code action for a finding's fix; null when it has none, or the fix would change a text that is no file. */
export function repairOf(finding: Finding, diagnostic: Diagnostic, fileOf: FileOf): CodeAction | null {
  if (finding.fix === null) return null;
  const edits = documentEdits([finding], fileOf);
  if (edits === null) return null;
  return {
    title: decoded(finding.fix.title),
    kind: 'quickfix',
    diagnostics: [diagnostic],
    isPreferred: true,
    edit: { documentChanges: edits },
  };
}

/** The edits of all fixes, by file; null when one would change a text that is no file. */
export function documentEdits(findings: readonly Finding[], fileOf: FileOf): TextDocumentEdit[] | null {
  const byUri = new Map<string, TextDocumentEdit>();
  for (const edit of findings.flatMap(({ fix }) => fix?.edits ?? [])) {
    const at = fileOf(edit.file);
    if (at === null) return null;
    const changes = byUri.get(at.uri) ?? { textDocument: { uri: at.uri, version: at.version }, edits: [] };
    changes.edits.push({ range: rangeOf(edit), newText: decoded(edit.text) });
    byUri.set(at.uri, changes);
  }
  return [...byUri.values()];
}
