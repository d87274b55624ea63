/** Places and messages of the tool as plain data. */
import type { Diagnostic } from '../syntax/diagnostic.ts';
import type { SourceRange } from '../syntax/source.ts';
import type { Message, Place } from './types.ts';

export function placeOf({ file, start, end }: SourceRange): Place {
  return { file: file.name, ...file.position(start), start, end };
}

export function messageOf(diagnostic: Diagnostic): Message {
  return { ...placeOf(diagnostic), severity: diagnostic.severity, message: diagnostic.message };
}

/** Where a call cannot go on: the first error, as a compiler prints it. */
export function failOn(diagnostics: readonly Diagnostic[]): void {
  const error = diagnostics.find(({ severity }) => severity === 'error');
  if (error === undefined) return;
  const { line, column } = error.file.position(error.start);
  throw new Error(`${error.file.name}:${line}:${column}: ${error.message}`);
}
