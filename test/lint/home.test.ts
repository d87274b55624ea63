/** Where the project is published is said once in the code; what is not code must say the same. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { HOME, pageOf } from '../../src/lint/registry.ts';

test('package.json', () => {
  const { homepage, repository } = JSON.parse(readFileSync('package.json', 'utf8')) as {
    homepage: string;
    repository: { url: string };
  };
  expect([homepage, repository.url]).toEqual([HOME, `git+${HOME}.git`]);
});

test('the hooks for pre-commit', () => {
  expect(readFileSync('.pre-commit-hooks.yaml', 'utf8')).toContain(`repo: ${HOME}\n`);
});

test('pages of rules', () => {
  expect(pageOf('PV001').startsWith(`${HOME}/`)).toBe(true);
});
