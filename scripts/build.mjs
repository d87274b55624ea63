#!/usr/bin/env node
/**
 * Bundles the tool into dist/: one file, in which what only some commands need is set up when they ask for it. Unbundled,
 * the parser library alone takes 350 ms to import.
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
  entryPoints: ['src/cli/main.ts'],
  outfile: join(outdir, 'pvasm.cjs'),
  bundle: true,
  format: 'cjs',
  platform: 'node',
  target: 'node20',
  minifySyntax: true,
  minifyWhitespace: true, // names stay: a stack trace should be readable
  legalComments: 'none', // licences.mjs writes the licences whole
  metafile: true,
  loader: { '.tsv': 'text', '.toml': 'text', '.S': 'text' },
  // Packages written as ES modules ask where they are.
  define: { 'import.meta.url': 'pvasmUrl' },
  banner: { js: "const pvasmUrl=require('node:url').pathToFileURL(__filename).href;" },
  logLevel: 'warning',
});
writeFileSync(join(outdir, 'LICENCES.txt'), licenceNotices(projectRoot, Object.keys(metafile.inputs)));
