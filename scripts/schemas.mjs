#!/usr/bin/env node
/** Writes grammar/schema/*.json from grammar/configuration.tsv: `npm run schemas`. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { projectRoot } from './inputs/cache.mjs';

const outfile = join(projectRoot, '.cache/schemas/schemas.mjs');
await build({
  absWorkingDir: projectRoot,
  entryPoints: ['test/support/schemas.ts'],
  outfile,
  bundle: true,
  format: 'esm',
  platform: 'node',
  loader: { '.tsv': 'text' },
  logLevel: 'warning',
});
/** @type {typeof import('../test/support/schemas.ts')} */
const { KINDS, schemaText } = await import(outfile);
for (const kind of KINDS) writeFileSync(join(projectRoot, 'grammar/schema', `${kind}.schema.json`), schemaText(kind));
