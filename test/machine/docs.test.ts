/** docs/machine.md quotes the tables; the lines are there. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '../..');
const page = readFileSync(join(root, 'docs/machine.md'), 'utf8');
const quotes = [...page.matchAll(/^```tsv (\S+)\n([\s\S]*?)^```/gm)].map(([, file, body]) => ({
  file: file!,
  body: body!,
}));

test('quotes are of the tables as they stand', () => {
  expect(quotes.length).toBeGreaterThan(1);
  for (const { file, body } of quotes) {
    const lines = readFileSync(join(root, 'grammar', file), 'utf8').split('\n');
    for (const line of body.trimEnd().split('\n')) expect(lines).toContain(line);
  }
});

test('the files that it names are there', () => {
  for (const [, file] of page.matchAll(/`((?:grammar|src)\/[\w./-]+\.\w+)`/g))
    expect(readFileSync(join(root, file!), 'utf8')).not.toBe('');
});
