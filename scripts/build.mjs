#!/usr/bin/env node
/**
 * Bundles the tool into dist/: one entry, and chunks that only the commands that need them load (a process that rewrites
 * one file should not pay for the SARIF writer). Unbundled, the parser library alone takes 350 ms to import.
 */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { projectRoot } from './inputs/cache.mjs';

const outdir = join(projectRoot, 'dist');
rmSync(outdir, { recursive: true, force: true });
await build({
  absWorkingDir: projectRoot,
  entryPoints: { pvasm: 'src/cli/main.ts' },
  outdir,
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  chunkNames: 'chunks/[name]-[hash]',
  minifySyntax: true,
  minifyWhitespace: true, // names stay: a stack trace should be readable
  legalComments: 'linked',
  loader: { '.tsv': 'text', '.toml': 'text', '.S': 'text' },
  // CommonJS packages call require() for Node's own modules, which an ES module does not have.
  banner: { js: "import{createRequire as pvasmRequire}from'node:module';const require=pvasmRequire(import.meta.url);" },
  logLevel: 'warning',
});
