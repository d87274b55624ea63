import { excerpt } from './excerpt.ts';
import { shownPlace } from './line-markers.ts';
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

/**
 * `file:line:column: severity: message`, the source line and a caret below, as compilers print it.
 */
export function formatDiagnostic(diagnostic: Diagnostic): string {
  const { file, start, severity, message } = diagnostic;
  const { column } = file.position(start);
  const { name, line } = shownPlace(file, start);
  return `${name}:${line}:${column}: ${severity}: ${message}\n${excerpt(diagnostic)}`;
}
