#!/usr/bin/env node
/** Writes grammar/ia64.tmLanguage.json from the tables: `npm run textmate`. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { importBundled } from './inputs/bundled.mjs';
import { projectRoot } from './inputs/cache.mjs';

/** @type {typeof import('../test/support/textmate.ts')} */
const { textmateText } = await importBundled('test/support/textmate.ts');
writeFileSync(join(projectRoot, 'grammar/ia64.tmLanguage.json'), textmateText());
