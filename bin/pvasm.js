#!/usr/bin/env node
'use strict';
const { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } = require('node:fs');
const { createRequire, wrap } = require('node:module');
const { join } = require('node:path');
const { Script } = require('node:vm');

/**
 * V8 optimises what has run for a while. Most calls end before that pays, and the compiler takes a third of their CPU, more than
 * that where a build keeps all cores busy: `pvasm rewrite` on ivt.S of Linux takes 1.7 s with these settings and 3.0 s without
 * on Node 20, 1.7 s and 2.0 s on Node 24 (`/usr/bin/time pvasm rewrite FILE -o DIR`, with and without the loop at the end). The keys
 * are V8's versions: another one may not know a setting, and would say so on standard error.
 */
const LATER = ['--invocation-count-for-maglev=4000', '--invocation-count-for-turbofan=30000'];
const SETTINGS = { 11: ['--interrupt-budget=1000000'], 12: LATER, 13: LATER };

const dist = join(__dirname, '../dist');
const compiled = join(dist, 'compiled', `${process.version}-${process.arch}`);

/**
 * Evaluates a bundle, with what V8 compiled of it in an earlier call. `keep` keeps that, where none is kept yet that it takes.
 * `pvasm rewrite` on memcpy.S of Linux takes 0.13 s of CPU with it and 0.19 s without, on samples/ivt.S 0.33 s and 0.41 s (Node 20,
 * `time pvasm rewrite FILE -o DIR`, with and without `cachedData`). Node's own `module.enableCompileCache` is not in Node 20.
 * Its name tells of which bundle it is: V8 compares no more than lengths, and `npm run build` may replace a bundle while calls run.
 */
function load(name) {
  const path = join(dist, `${name}.cjs`);
  const kept = join(compiled, `${name}-${statSync(path).mtimeMs}`);
  let cachedData;
  try {
    cachedData = readFileSync(kept);
  } catch {}
  const script = new Script(wrap(readFileSync(path, 'latin1')), { filename: path, cachedData }); // esbuild writes ASCII
  const made = { exports: {} };
  script.runInThisContext()(made.exports, createRequire(path), made, path, dist);
  const isNew = cachedData === undefined || script.cachedDataRejected;
  return { exports: made.exports, keep: () => isNew && keep(script, kept) };
}

/** For later calls. Beside its place first: other calls may be reading. Where nothing can be written, each call compiles for itself. */
function keep(script, path) {
  try {
    mkdirSync(compiled, { recursive: true });
    writeFileSync(`${path}.${process.pid}`, script.createCachedData());
    renameSync(`${path}.${process.pid}`, path);
  } catch {}
}

function callMain() {
  const argv = process.argv.slice(2);
  const plain = load('plain');
  const { code, bytes } = plain.exports.plainCall(argv);
  plain.keep(); // what is compiled under other settings is none of a later call's
  if (code !== null) {
    process.exitCode = code;
    return;
  }
  const { setFlagsFromString } = require('node:v8');
  for (const setting of SETTINGS[Number.parseInt(process.versions.v8, 10)] ?? []) setFlagsFromString(setting);
  const whole = load('pvasm');
  process.once('exit', whole.keep);
  whole.exports.main(argv, bytes).then((status) => {
    process.exitCode = status;
  });
}

/** What a thread of a build does, see src/cli/threads. */
function serveThread() {
  load('pvasm').exports.serveThread();
}

module.exports = { callMain, serveThread };
// A thread is told what to do: to ask `node:worker_threads` where this runs takes a call 6 ms (`node --cpu-prof bin/pvasm.js ...`).
if (require.main === module) callMain();
