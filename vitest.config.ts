import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { defineConfig, type Plugin } from 'vitest/config';
import { optimiseLater } from './test/support/optimise-later.mjs';
import { testProjects } from './test/support/projects.ts';

optimiseLater(); // also in the workers, which are threads of this process

/** Grammar files are imported as text, as scripts/build.mjs bundles them. */
const text: Plugin = {
  name: 'text',
  enforce: 'pre',
  /** Under another name, or vite would read it as the style of a page of its own. */
  resolveId(id, importer) {
    return id.endsWith('.css') && importer !== undefined ? `${resolve(dirname(importer), id)}.text` : null;
  },
  load(id) {
    if (!/\.(tsv|toml|S|css\.text|client\.js)$/.test(id)) return null;
    return `export default ${JSON.stringify(readFileSync(id.replace(/\.text$/, ''), 'utf8'))};`;
  },
};

const { unit, tools, slow } = testProjects(import.meta.dirname);
const withTools = ['test/support/setup.ts'];

/** `npx vitest run --project unit` and the like; docs/CONTRIBUTING.md says what belongs where. */
function project(name: string, include: string[], globalSetup: string[] = []) {
  return { extends: true as const, test: { name, include, globalSetup } };
}

export default defineConfig({
  plugins: [text],
  test: {
    globalSetup: ['test/support/print-seed.ts'],
    setupFiles: ['test/support/seed.ts'],
    pool: 'threads',
    // A worker loads each module once for all of its files: no test changes what others share.
    isolate: false,
    maxWorkers: 2,
    testTimeout: 120_000,
    hookTimeout: 120_000,
    projects: [project('unit', unit), project('tools', tools, withTools), project('slow', slow, withTools)],
  },
});
