/** docs/check.md and docs/configuration.md: their examples are valid, and they leave no table and no key out. */
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
const CONFIGURATION = readFileSync('docs/configuration.md', 'utf8');

function block(page: string, kind: string): SourceText {
  const [, text] = new RegExp(`^\`\`\`${kind}\n([\\s\\S]*?)^\`\`\`$`, 'm').exec(page)!;
  return new SourceText('page.md', text!);
}

test.each([PAGE, CONFIGURATION])('the pvasm.toml of each page', (page) => {
  const { config, diagnostics } = parseConfig(block(page, 'toml pvasm.toml'), RULES);
  expect(diagnostics).toEqual([]);
  expect(config.suppressions.length + config.natives.length).toBe(1);
});

test('every key of pvasm.toml is named', () => {
  const keys = Object.keys(schemaOf('pvasm').properties!).filter((name) => name !== '$schema');
  const words = new Set(`${PAGE} ${CONFIGURATION}`.match(/[\w-]+/g));
  expect(keys.filter((key) => !words.has(key))).toEqual([]);
});

test('the conventions', () => {
  const file = block(CONFIGURATION, 'toml conventions');
  expect(checkConventionFile(readToml(file), RULES)).toEqual([]);
  expect(loadConventions([file]).diagnostics).toEqual([]);
});

test('every table of conventions has its row', () => {
  const rows = [...CONFIGURATION.matchAll(/^\| `\[+(\w+)\]+` \|/gm)].map((match) => match[1]);
  const tables = Object.keys(schemaOf('conventions').properties!).filter((name) => name !== '$schema');
  expect([...rows].sort()).toEqual([...tables].sort());
});

test('every format is named', () => {
  expect(Object.keys(formats).filter((name) => name !== 'text' && !PAGE.includes(name))).toEqual([]);
});
