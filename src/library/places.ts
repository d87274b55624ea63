/** Converts places and messages to the plain data of the library. */
import type { Diagnostic } from '../syntax/diagnostic.ts';
import type { SourceRange } from '../syntax/source.ts';
import type { Message, Place } from './types.ts';

export function placeOf({ file, start, end }: SourceRange): Place {
  return { file: file.name, ...file.position(start), start, end };
}

export function messageOf(diagnostic: Diagnostic): Message {
  return { ...placeOf(diagnostic), severity: diagnostic.severity, message: diagnostic.message };
}

/** @throws Error for the first error of a list, if there is one; its message is in the form of a compiler's */
export function failOn(diagnostics: readonly Diagnostic[]): void {
  const error = diagnostics.find(({ severity }) => severity === 'error');
  if (error === undefined) return;
  const { line, column } = error.file.position(error.start);
  throw new Error(`${error.file.name}:${line}:${column}: ${error.message}`);
}
