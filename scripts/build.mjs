#!/usr/bin/env node
/**
 * Bundles the tool into dist/: what every call needs in one file, what only some commands need in chunks beside it, which are
 * loaded when a command asks for them. Unbundled, the parser library alone takes 350 ms to import.
 */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join } from 'node:path';
import { build } from 'esbuild';
import { projectRoot } from './inputs/cache.mjs';
import { licenceNotices } from './licences.mjs';

/**
 * What the protocol library requires of Node, as modules: a bundle of ES modules has no `require`.
 *
 * @type {import('esbuild').Plugin}
 */
const requiredOfNode = {
  name: 'required-of-node',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /./ }, ({ path, kind }) =>
      kind === 'require-call' && isBuiltin(path) ? { path, namespace: 'required-of-node' } : undefined,
    );
    onLoad({ filter: /./, namespace: 'required-of-node' }, ({ path }) => ({
      contents: `export * from '${path}'; export { default } from '${path}';`,
    }));
  },
};

const outdir = join(projectRoot, 'dist');
rmSync(outdir, { recursive: true, force: true });
const { metafile } = await build({
  absWorkingDir: projectRoot,
  entryPoints: [
    { in: 'src/cli/main.ts', out: 'pvasm' },
    { in: 'src/library/library.ts', out: 'library' },
  ],
  outdir,
  outExtension: { '.js': '.mjs' },
  chunkNames: 'chunks/[name]-[hash]',
  bundle: true,
  splitting: true, // which esbuild does for ES modules only
  format: 'esm',
  platform: 'node',
  target: 'node20',
  minifySyntax: true,
  minifyWhitespace: true, // names stay: a stack trace should be readable
  legalComments: 'none', // licences.mjs writes the licences whole
  alias: { 'string-width': './scripts/string-width.mjs' },
  plugins: [requiredOfNode],
  metafile: true,
  loader: { '.tsv': 'text', '.toml': 'text', '.S': 'text', '.css': 'text', '.client.js': 'text' },
  logLevel: 'warning',
});

/** The library's types: interfaces of modules that import nothing but each other, one behind the other. */
const TYPES = ['src/report/model.ts', 'src/library/types.ts', 'src/library/functions.d.ts'];
const declarations = TYPES.map((path) =>
  readFileSync(join(projectRoot, path), 'utf8').replace(/^import type .*\n/gm, ''),
);
writeFileSync(join(outdir, 'library.d.mts'), declarations.join('\n'));
writeFileSync(join(outdir, 'LICENCES.txt'), licenceNotices(projectRoot, Object.keys(metafile.inputs)));
