/** Modules in TypeScript that scripts use: bundled, with the tables of grammar/ as text. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { cacheRoot, projectRoot } from './cache.mjs';

/**
 * Imports a module.
 *
 * @param {string} path of the project, `test/support/schemas.ts`
 * @returns {Promise<any>}
 */
export async function importBundled(path) {
  const outfile = join(cacheRoot, 'bundled', path.replace(/\W+/g, '-').concat('.mjs'));
  await build({
    absWorkingDir: projectRoot,
    entryPoints: [path],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    loader: { '.tsv': 'text', '.toml': 'text', '.S': 'text', '.css': 'text', '.client.js': 'text' },
    external: ['../commands/*'],
    logLevel: 'warning',
  });
  return import(pathToFileURL(outfile).href);
}
