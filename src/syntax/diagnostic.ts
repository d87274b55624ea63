import { excerpt } from './excerpt.ts';
import { presumedPlace } from './line-markers.ts';
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
 * `file:line:column: severity: message`, the source line and a caret below, as compilers print it. What gas reads as it is may
 * have been made of another file: then markers say which, and the place is that.
 */
export function formatDiagnostic(diagnostic: Diagnostic): string {
  const { file, start, severity, message } = diagnostic;
  const { column } = file.position(start);
  const { name, line } =
    file.dialect === 'gas' ? presumedPlace(file, start) : { name: file.name, ...file.position(start) };
  return `${name}:${line}:${column}: ${severity}: ${message}\n${excerpt(diagnostic)}`;
}
