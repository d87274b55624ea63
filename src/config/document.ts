/** A TOML document against the description of its kind. */
import type { Diagnostic } from '../syntax/diagnostic.ts';
import { type FileKind, schemaOf } from './description.ts';
import { validate } from './schema.ts';
import type { TomlDocument } from './toml.ts';

/** Everything in a TOML document that the description of its kind does not allow, each at its place. */
export function checkDocument(document: TomlDocument, kind: FileKind): readonly Diagnostic[] {
  if (document.diagnostics.length > 0) return document.diagnostics;
  const errors = validate(schemaOf(kind), document.value).map(
    ({ path, message }): Diagnostic => ({ severity: 'error', message, ...document.placeOf(path) }),
  );
  return errors.sort((a, b) => a.start - b.start);
}
