/** grammar/configuration.tsv is the one description: the schemas are made of it, and the reader goes by it. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { DEFAULT_CONFIG, parseConfig } from '../../src/config/config.ts';
import { loadConventions } from '../../src/config/conventions.ts';
import { type FileKind, schemaOf } from '../../src/config/description.ts';
import type { Schema } from '../../src/config/schema.ts';
import { SourceText } from '../../src/syntax/source.ts';
import { KINDS, schemaText } from '../support/schemas.ts';

test.each(KINDS)('grammar/schema/%s.schema.json is what `npm run schemas` writes', (kind) => {
  expect(readFileSync(`grammar/schema/${kind}.schema.json`, 'utf8')).toBe(schemaText(kind));
});

test.each(KINDS)('every key of %s is described', (kind) => {
  const visit = (name: string, schema: Schema): void => {
    expect(schema.description, name).toMatch(/^[A-Z].*\.$/s);
    const inner = schema.items ?? schema;
    for (const [key, each] of Object.entries(inner.properties ?? {})) visit(`${name}.${key}`, each);
  };
  visit('', schemaOf(kind));
});

/** A value that a schema allows. */
function sample(schema: Schema): unknown {
  if (schema.enum !== undefined) return schema.enum[0];
  if (schema.anyOf !== undefined) return sample(schema.anyOf[0]!);
  if (schema.type === 'array')
    return schema.items!.type === 'object' ? [sample(schema.items!)] : [sample(schema.items!)];
  if (schema.type === 'object')
    return Object.fromEntries(Object.entries(schema.properties ?? {}).map(([name, each]) => [name, sample(each)]));
  if (schema.type === 'boolean') return true;
  if (schema.type === 'integer') return 1;
  const words = ['PV001', 'r8', 'b6', 'p6', 'NAME', '-DX', 'text'];
  return words.find((word) => schema.pattern === undefined || new RegExp(schema.pattern, 'u').test(word));
}

function complaints(kind: FileKind, value: object): string[] {
  const file = new SourceText('a.toml', tomlOf(value as Record<string, unknown>));
  const found =
    kind === 'pvasm' ? parseConfig(file, [{ id: 'PV001', name: 'a', severity: 'note' }]) : loadConventions([file]);
  return found.diagnostics.map(({ message }) => message);
}

/** Enough of TOML: JSON is a value of it, but for `:` in a table. */
function tomlOf(value: Record<string, unknown>): string {
  const inline = (each: unknown): string => {
    if (Array.isArray(each)) return `[${each.map(inline).join(', ')}]`;
    if (typeof each !== 'object') return JSON.stringify(each);
    return `{ ${Object.entries(each as object)
      .map(([key, member]) => `"${key}" = ${inline(member)}`)
      .join(', ')} }`;
  };
  return Object.entries(value)
    .map(([key, each]) => `"${key}" = ${inline(each)}\n`)
    .join('');
}

test.each(KINDS)('a %s that holds every key is read without a complaint', (kind) => {
  expect(complaints(kind, sample(schemaOf(kind)) as object)).toEqual([]);
});

test.each(KINDS)('%s: what is needed is missed in each table', (kind) => {
  for (const [name, table] of Object.entries(schemaOf(kind).properties!)) {
    const entry = table.items ?? table;
    const value = { [name]: table.type === 'array' ? [{}] : {} };
    if (entry.properties === undefined) continue;
    const missed = (entry.required ?? []).map((key) => expect.stringContaining(`: '${key}' is missing`));
    expect(complaints(kind, value)).toEqual(missed);
  }
});

test('what pvasm.toml sets arrives in the configuration', () => {
  const value = sample(schemaOf('pvasm')) as Record<string, unknown>;
  const { config } = parseConfig(new SourceText('pvasm.toml', tomlOf(value)), [
    { id: 'PV001', name: 'a', severity: 'note' },
  ]);
  // `[rules]` of the sample is empty, as its keys are free.
  const same = Object.entries(config).filter(([key, field]) =>
    Object.is(field, DEFAULT_CONFIG[key as keyof typeof DEFAULT_CONFIG]),
  );
  expect(same).toEqual([]);
});
