#!/usr/bin/env node
/**
 * Bundles the tool into dist/: one file, in which what only some commands need is set up when they ask for it, and beside it
 * the code that V8 makes of it. Unbundled, the parser library alone takes 350 ms to import.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { projectRoot } from './inputs/cache.mjs';
import { precompute, textLoaders } from './precompute.mjs';

/** Gives yargs scripts/yargs-platform.mjs, which resolves its imports as the module that it stands for does. */
const yargsPlatform = {
  name: 'yargs-platform',
  /** @param {import('esbuild').PluginBuild} build */
  setup({ onLoad }) {
    onLoad({ filter: /yargs[/\\]lib[/\\]platform-shims[/\\]esm\.mjs$/ }, () => ({
      contents: readFileSync(join(projectRoot, 'scripts/yargs-platform.mjs'), 'utf8'),
    }));
  },
};

const outdir = join(projectRoot, 'dist');
rmSync(outdir, { recursive: true, force: true });
await build({
  absWorkingDir: projectRoot,
  entryPoints: ['src/cli/main.ts'],
  outfile: join(outdir, 'pvasm.cjs'),
  bundle: true,
  format: 'cjs',
  platform: 'node',
  target: 'node20',
  minifySyntax: true,
  minifyWhitespace: true, // names stay: a stack trace should be readable
  legalComments: 'linked',
  loader: textLoaders,
  plugins: [yargsPlatform, precompute],
  // Packages written as ES modules ask where they are.
  define: { 'import.meta.url': 'pvasmUrl' },
  banner: { js: "const pvasmUrl=require('node:url').pathToFileURL(__filename).href;" },
  logLevel: 'warning',
});
// In processes of their own: a cache holds what runs have compiled, under the settings of a run.
const { status } = spawnSync(process.execPath, ['scripts/code-cache.mjs'], { cwd: projectRoot, stdio: 'inherit' });
process.exitCode = status ?? 1;
