#!/usr/bin/env node
/** Runs the sessions in README.md and docs/*.md and writes down what they print: `npm run docs`. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from './inputs/cache.mjs';
import { hasSessions, pages, ranPage } from './inputs/console.mjs';

for (const page of pages().filter(hasSessions)) writeFileSync(join(projectRoot, page), ranPage(page));
