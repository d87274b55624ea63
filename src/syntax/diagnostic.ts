import type { SourceText } from './source.ts';

export type Severity = 'error' | 'warning' | 'note';

/** A message about a place in a source text. Offsets are characters into `file.text`; `end` is exclusive. */
export interface Diagnostic {
  readonly severity: Severity;
  readonly message: string;
  readonly file: SourceText;
  readonly start: number;
  readonly end: number;
}

/** `file:line:column: severity: message`, the source line and a caret below, as compilers print it. */
export function formatDiagnostic(diagnostic: Diagnostic): string {
  const { file, start, end, severity, message } = diagnostic;
  const { line, column } = file.position(start);
  const text = file.line(line);
  const width = Math.max(1, Math.min(end, start + text.length - column + 1) - start);
  const indent = text.slice(0, column - 1).replace(/[^\t]/g, ' ');
  return `${file.name}:${line}:${column}: ${severity}: ${message}\n${text}\n${indent}^${'~'.repeat(width - 1)}`;
}
