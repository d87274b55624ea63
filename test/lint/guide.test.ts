/** docs/check.md: its examples are valid, and it leaves no table out. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { checkConventionFile, parseConfig } from '../../src/config/config.ts';
import { loadConventions } from '../../src/config/conventions.ts';
import { schemaOf } from '../../src/config/description.ts';
import { readToml } from '../../src/config/toml.ts';
import { formats } from '../../src/lint/formats/index.ts';
import { RULES } from '../../src/lint/registry.ts';
import { SourceText } from '../../src/syntax/source.ts';

const PAGE = readFileSync('docs/check.md', 'utf8');
function block(kind: string): SourceText {
  const [, text] = new RegExp(`^\`\`\`${kind}\n([\\s\\S]*?)^\`\`\`$`, 'm').exec(PAGE)!;
  return new SourceText('check.md', text!);
}

test('the pvasm.toml', () => {
  const { config, diagnostics } = parseConfig(block('toml pvasm.toml'), RULES);
  expect(diagnostics).toEqual([]);
  expect(config.suppressions).toHaveLength(1);
});

test('the conventions', () => {
  const file = block('toml conventions');
  expect(checkConventionFile(readToml(file), RULES)).toEqual([]);
  expect(loadConventions([file]).diagnostics).toEqual([]);
});

test('every table of conventions has its row', () => {
  const rows = [...PAGE.matchAll(/^\| `\[+(\w+)\]+` \|/gm)].map((match) => match[1]);
  const tables = Object.keys(schemaOf('conventions').properties!).filter((name) => name !== '$schema');
  expect([...rows].sort()).toEqual([...tables].sort());
});

test('every format is named', () => {
  expect(Object.keys(formats).filter((name) => name !== 'text' && !PAGE.includes(name))).toEqual([]);
});
