/** grammar/configuration.tsv: every key that pvasm.toml and convention files may hold, and the JSON Schemas made from it. */
import text from '../../grammar/configuration.tsv';
import { tableRows } from '../machine/tsv.ts';
import type { Schema } from './schema.ts';
import { TYPES, type TypeName } from './types.ts';

/** `pvasm`: pvasm.toml, which may also hold everything that a convention file may. */
export type FileKind = 'pvasm' | 'conventions';

interface KeyDescription {
  readonly name: string;
  readonly needed: boolean;
  readonly description: string;
  readonly onlyInPvasmToml: boolean;
  /** Type of the value; null for a table, which `keys` describes. */
  readonly type: TypeName | null;
  /** Keys of a table; empty for any other type. */
  readonly keys: readonly KeyDescription[];
  /** Whether it is an array of tables, `[[name]]`. */
  readonly repeats: boolean;
}

const KEYS: readonly KeyDescription[] = readKeys(tableRows(text), '-');

function readKeys(rows: readonly string[][], table: string): KeyDescription[] {
  return rows
    .filter((row) => row[1] === table)
    .map(([where, , name, type, needed, description]) => {
      const isTable = type === 'table' || type === 'tables';
      if (!isTable && !Object.hasOwn(TYPES, type!)) throw new Error(`configuration.tsv: no type ${type}`);
      return {
        name: name!,
        needed: needed === 'yes',
        description: description!,
        onlyInPvasmToml: where === 'pvasm.toml',
        type: isTable ? null : (type as TypeName),
        keys: isTable ? readKeys(rows, name!) : [],
        repeats: type === 'tables',
      };
    });
}

/** A table of a convention file: the types of its keys, and whether there may be several. Undefined for any other key. */
export function conventionTable(
  name: string,
): { readonly repeats: boolean; readonly types: ReadonlyMap<string, TypeName> } | undefined {
  const table = KEYS.find((key) => key.name === name && key.type === null && !key.onlyInPvasmToml);
  if (table === undefined) return undefined;
  return { repeats: table.repeats, types: new Map(table.keys.map((key) => [key.name, key.type!])) };
}

const HEADS: Readonly<Record<FileKind, { readonly title: string; readonly description: string }>> = {
  pvasm: {
    title: 'pvasm.toml',
    description:
      'How pvasm reads, rewrites and checks the assembly of one project. All paths are relative to the folder of this file.',
  },
  conventions: {
    title: 'pvasm conventions',
    description: 'What code may assume and must keep that no instruction says. pvasm.toml may hold the same tables.',
  },
};

const schemas = new Map<FileKind, Schema>();

/** The JSON Schema of a kind of file. `validate` uses it; grammar/schema/ holds a copy for editors. */
export function schemaOf(kind: FileKind): Schema {
  const known = schemas.get(kind);
  if (known !== undefined) return known;
  const keys = KEYS.filter(({ onlyInPvasmToml }) => kind === 'pvasm' || !onlyInPvasmToml);
  const schema = {
    $schema: 'http://json-schema.org/draft-07/schema#',
    $id: `${kind}.schema.json`,
    ...HEADS[kind],
    ...tableSchema(keys),
  };
  schemas.set(kind, schema);
  return schema;
}

function tableSchema(keys: readonly KeyDescription[]): Schema {
  const needed = keys.filter((key) => key.needed).map(({ name }) => name);
  return {
    type: 'object',
    additionalProperties: false,
    ...(needed.length > 0 && { required: needed }),
    properties: Object.fromEntries(keys.map((key) => [key.name, keySchema(key)])),
  };
}

function keySchema({ description, type, keys, repeats }: KeyDescription): Schema {
  if (type !== null) return { description, ...TYPES[type] };
  const table = tableSchema(keys);
  return repeats ? { description, type: 'array', items: table } : { description, ...table };
}
