/** The seven questions of docs/CONTRIBUTING.md are answered where it says. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '../..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

const [, table = ''] = /^## Seven questions\n([\s\S]*?)^## /m.exec(read('docs/CONTRIBUTING.md')) ?? [];
const answers = [...table.matchAll(/`([\w./-]+\.\w+)` \(`([^`]+)`\)/g)].map(
  ([, path, words]) => [path!, words!] as const,
);

test('there are seven', () => expect(answers).toHaveLength(7));

test.each(answers)('%s has `%s` once', (path, words) => expect(read(path).split(words)).toHaveLength(2));
