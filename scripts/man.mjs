#!/usr/bin/env node
/** Writes docs/pvasm.1, the manual page, from the commands' own words: `npm run man`. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { importBundled } from './inputs/bundled.mjs';
import { projectRoot } from './inputs/cache.mjs';

/** @type {typeof import('../test/support/man.ts')} */
const { manualPage } = await importBundled('test/support/man.ts');
writeFileSync(join(projectRoot, 'docs/pvasm.1'), manualPage());
