/** The schema that editors read and the loader that the tool uses allow the same tables and keys. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { loadConventions } from '../../src/config/conventions.ts';
import type { Schema } from '../../src/lint/schema.ts';
import { SourceText } from '../../src/syntax/source.ts';

const SCHEMA = JSON.parse(readFileSync('grammar/schema/conventions.schema.json', 'utf8')) as Schema;
/** Not the loader's: free keys, the editor's own key, the lint's table. */
const OTHERS = ['$schema', 'sets', 'suppress'];
const TABLES = Object.entries(SCHEMA.properties!).filter(([name]) => !OTHERS.includes(name));

function complaints(text: string): string {
  return loadConventions([new SourceText('a.toml', text)])
    .diagnostics.map((each) => each.message)
    .join('\n');
}

/** The names after "known are" in the loader's complaint about an unknown one. */
function known(text: string): string[] {
  return /known are (.*)/.exec(complaints(text))![1]!.split(', ').sort();
}

test('the tables', () => {
  const expected = [...TABLES.map(([name]) => name), 'sets'].sort();
  expect(known('[unheard_of]\n')).toEqual(expected);
});

describe.each(TABLES)('[%s]', (name, table) => {
  const entry = table.type === 'array' ? table.items! : table;
  const header = table.type === 'array' ? `[[${name}]]` : `[${name}]`;

  test('the keys', () => {
    expect(known(`${header}\nunheard_of = 1\n`)).toEqual(Object.keys(entry.properties!).sort());
  });

  test('what it needs', () => {
    const needed = [...complaints(`${header}\n`).matchAll(/needs `(\w+)`/g)].map((match) => match[1]!);
    expect(needed.sort()).toEqual([...(entry.required ?? [])].sort());
  });
});

test('pvasm.toml may hold conventions: the loader passes over the rest of it', () => {
  const { properties } = JSON.parse(readFileSync('grammar/schema/pvasm.schema.json', 'utf8')) as Schema;
  const conventions = new Set(Object.keys(SCHEMA.properties!));
  const own = Object.keys(properties!).filter((name) => !conventions.has(name));
  expect(own.length).toBeGreaterThan(10);
  expect(own.flatMap((name) => complaints(`${name} = 1\n`) || [])).toEqual([]);
  expect([...conventions].filter((name) => !(name in properties!))).toEqual([]);
});
