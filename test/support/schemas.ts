/** The schema files for editors, grammar/schema/*.json, as `npm run schemas` writes them. */
import { type FileKind, schemaOf } from '../../src/config/description.ts';

export const KINDS: readonly FileKind[] = ['pvasm', 'conventions'];

export function schemaText(kind: FileKind): string {
  return `${JSON.stringify(schemaOf(kind), null, 2)}\n`;
}
