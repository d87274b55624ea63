#!/usr/bin/env node
/** Runs the bundle over the samples and keeps the code that V8 compiled on the way; bin/load.js starts with that. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectRoot } from './inputs/cache.mjs';

const { load, codeCache } = createRequire(import.meta.url)('../bin/load.js');
const SOURCES = ['samples/ivt.S', 'samples/entry.S'].map((file) => join(projectRoot, file));
const out = mkdtempSync(join(tmpdir(), 'pvasm-build-'));
try {
  const { script, main } = load();
  for (const command of [['rewrite'], ['build', '-t', 'xen:a', '-t', 'xen:b', '-t', 'xen']]) {
    const status = await main([...command, ...SOURCES, '-o', out]);
    if (status > 1) throw new Error(`pvasm ${command[0]} of the samples ended with ${status}`);
  }
  writeFileSync(codeCache, script.createCachedData());
} finally {
  rmSync(out, { recursive: true, force: true });
}
