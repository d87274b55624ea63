/** docs/check.md: its examples are valid, and it leaves no table out. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { loadConventions } from '../../src/config/conventions.ts';
import { checkConventionFile, parseConfig } from '../../src/lint/config.ts';
import { formats } from '../../src/lint/formats/index.ts';
import { RULES } from '../../src/lint/registry.ts';
import type { Schema } from '../../src/lint/schema.ts';
import { readToml } from '../../src/lint/toml.ts';
import { SourceText } from '../../src/syntax/source.ts';

const PAGE = readFileSync('docs/check.md', 'utf8');
const [pvasm, conventions] = ['pvasm', 'conventions'].map(
  (name) => JSON.parse(readFileSync(`grammar/schema/${name}.schema.json`, 'utf8')) as Schema,
) as [Schema, Schema];

function block(kind: string): SourceText {
  const [, text] = new RegExp(`^\`\`\`${kind}\n([\\s\\S]*?)^\`\`\`$`, 'm').exec(PAGE)!;
  return new SourceText('check.md', text!);
}

test('the pvasm.toml', () => {
  const { config, diagnostics } = parseConfig(block('toml pvasm.toml'), { pvasm, conventions }, RULES);
  expect(diagnostics).toEqual([]);
  expect(config.suppressions).toHaveLength(1);
});

test('the conventions', () => {
  const file = block('toml conventions');
  expect(checkConventionFile(readToml(file), conventions, RULES)).toEqual([]);
  expect(loadConventions([file]).diagnostics).toEqual([]);
});

test('every table of conventions has its row', () => {
  const rows = [...PAGE.matchAll(/^\| `\[+(\w+)\]+` \|/gm)].map((match) => match[1]);
  const tables = Object.keys(conventions.properties!).filter((name) => name !== '$schema');
  expect([...rows].sort()).toEqual([...tables].sort());
});

test('every format is named', () => {
  expect(Object.keys(formats).filter((name) => name !== 'text' && !PAGE.includes(name))).toEqual([]);
});
