#!/usr/bin/env node
/**
 * Runs the bundle over the samples and keeps the code that V8 compiled on the way; bin/load.js starts with that.
 * `code-cache.mjs KIND` makes that of one kind of call: a process holds all that it ever compiled, so each kind has its own.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { projectRoot } from './inputs/cache.mjs';

const { load, codeCache } = createRequire(import.meta.url)('../bin/load.js');
const SOURCES = ['samples/ivt.S', 'samples/entry.S'].map((file) => join(projectRoot, file));
const TARGETS = ['xen:a', 'xen:b', 'xen'].flatMap((target) => ['-t', target]);

/** Calls by their kind; `out` is a folder for what they write. @type {Record<string, (out: string) => string[][]>} */
const CALLS = {
  start: () => [['--version'], ['targets']],
  rewrite: (out) => [
    ['rewrite', ...SOURCES, '-o', out],
    ['build', ...TARGETS, ...SOURCES, '-o', out],
  ],
  check: () => [['check', ...SOURCES]],
  report: () => [
    ['report', ...SOURCES],
    ['audit', ...SOURCES],
    ['diff', ...SOURCES],
  ],
};

/** @param {string} kind */
async function makeCache(kind) {
  const out = mkdtempSync(join(tmpdir(), 'pvasm-build-'));
  try {
    const { script, main } = load(kind);
    for (const call of CALLS[kind]?.(out) ?? []) {
      const status = await main(call);
      if (status > 1) throw new Error(`pvasm ${call.join(' ')} ended with ${status}`);
    }
    writeFileSync(codeCache(kind), script.createCachedData());
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}

function makeAll() {
  for (const kind of Object.keys(CALLS)) {
    const command = [fileURLToPath(import.meta.url), kind];
    const { status, stderr } = spawnSync(process.execPath, command, { encoding: 'utf8' });
    if (status !== 0) throw new Error(stderr);
  }
}

const [kind] = process.argv.slice(2);
if (kind === undefined) makeAll();
else await makeCache(kind);
