/** Checks a TOML document against the schema of its kind. */
import type { Diagnostic } from '../syntax/diagnostic.ts';
import { type FileKind, schemaOf } from './description.ts';
import { validate } from './schema.ts';
import type { TomlDocument } from './toml.ts';

/** One error, with its place, for everything in a TOML document that the schema of its kind does not allow. */
export function checkDocument(document: TomlDocument, kind: FileKind): readonly Diagnostic[] {
  if (document.diagnostics.length > 0) return document.diagnostics;
  const errors = validate(schemaOf(kind), document.value).map(
    ({ path, message }): Diagnostic => ({ severity: 'error', message, ...document.placeOf(path) }),
  );
  return errors.sort((a, b) => a.start - b.start);
}
