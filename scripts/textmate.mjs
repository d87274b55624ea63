#!/usr/bin/env node
/** Writes grammar/ia64.tmLanguage.json from the tables: `npm run textmate`. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { projectRoot } from './inputs/cache.mjs';

const outfile = join(projectRoot, '.cache/textmate/textmate.mjs');
await build({
  absWorkingDir: projectRoot,
  entryPoints: ['test/support/textmate.ts'],
  outfile,
  bundle: true,
  format: 'esm',
  platform: 'node',
  loader: { '.tsv': 'text' },
  logLevel: 'warning',
});
/** @type {typeof import('../test/support/textmate.ts')} */
const { textmateText } = await import(outfile);
writeFileSync(join(projectRoot, 'grammar/ia64.tmLanguage.json'), textmateText());
