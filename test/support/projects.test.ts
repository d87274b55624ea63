/** Every test file is in one project, and in the one that its needs say. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { testProjects } from './projects.ts';

const root = mkdtempSync(join(tmpdir(), 'pvasm-projects-'));
afterAll(() => rmSync(root, { recursive: true }));

test('what a file imports, itself or through a helper, decides', () => {
  const files: Record<string, string> = {
    'scripts/inputs/run.mjs': '',
    'scripts/inputs/cache.mjs': '',
    'test/a/plain.test.ts': "import { projectRoot } from '../../scripts/inputs/cache.mjs';\n",
    'test/a/helper.ts': "import { run } from '../../scripts/inputs/run.mjs';\n",
    'test/a/direct.test.ts': "import { run } from '../../scripts/inputs/run.mjs';\n",
    'test/a/indirect.test.ts': "import './helper.ts';\n",
    'test/a/long.slow.test.ts': '',
    'test/acceptance/any.test.ts': '',
  };
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  const { unit, tools, slow } = testProjects(root);
  expect(unit).toEqual(['test/a/plain.test.ts']);
  expect(tools.sort()).toEqual(['test/a/direct.test.ts', 'test/a/indirect.test.ts']);
  expect(slow.sort()).toEqual(['test/a/long.slow.test.ts', 'test/acceptance/any.test.ts']);
});
