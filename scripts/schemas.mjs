#!/usr/bin/env node
/** Writes grammar/schema/*.json from grammar/configuration.tsv: `npm run schemas`. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { importBundled } from './inputs/bundled.mjs';
import { projectRoot } from './inputs/cache.mjs';

/** @type {typeof import('../test/support/schemas.ts')} */
const { KINDS, schemaText } = await importBundled('test/support/schemas.ts');
for (const kind of KINDS) writeFileSync(join(projectRoot, 'grammar/schema', `${kind}.schema.json`), schemaText(kind));
