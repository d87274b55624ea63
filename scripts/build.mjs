#!/usr/bin/env node
/**
 * Bundles the tool into dist/: what every call needs in one file, what only some commands need in chunks beside it, which are
 * loaded when a command asks for them. Unbundled, the parser library alone takes 350 ms to import.
 */
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { projectRoot } from './inputs/cache.mjs';
import { licenceNotices } from './licences.mjs';

const outdir = join(projectRoot, 'dist');
rmSync(outdir, { recursive: true, force: true });
const { metafile } = await build({
  absWorkingDir: projectRoot,
  entryPoints: [{ in: 'src/cli/main.ts', out: 'pvasm' }],
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
  metafile: true,
  loader: { '.tsv': 'text', '.toml': 'text', '.S': 'text', '.css': 'text', '.client.js': 'text' },
  logLevel: 'warning',
});
writeFileSync(join(outdir, 'LICENCES.txt'), licenceNotices(projectRoot, Object.keys(metafile.inputs)));
