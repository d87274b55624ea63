#!/usr/bin/env node
'use strict';
const { enableCompileCache } = require('node:module');
const { setFlagsFromString } = require('node:v8');

/**
 * V8 optimises what has run for a while. Most calls end before that pays, and the compiler takes a third of their CPU, more than
 * that where a build keeps all cores busy: `pvasm rewrite` on ivt.S of Linux takes 1.7 s with these settings and 3.0 s without
 * on Node 20, 1.7 s and 2.0 s on Node 24 (`/usr/bin/time pvasm rewrite FILE -o DIR`, with and without the loop below). The keys
 * are V8's versions: another one may not know a setting, and would say so on standard error.
 */
const LATER = ['--invocation-count-for-maglev=4000', '--invocation-count-for-turbofan=30000'];
const SETTINGS = { 11: ['--interrupt-budget=1000000'], 12: LATER, 13: LATER };
for (const setting of SETTINGS[Number.parseInt(process.versions.v8, 10)] ?? []) setFlagsFromString(setting);

// From Node 22.1 on, code that was compiled once is kept: compare with and without NODE_DISABLE_COMPILE_CACHE=1.
enableCompileCache?.();

import('../dist/pvasm.mjs')
  .then(({ main }) => main(process.argv.slice(2)))
  .then((code) => {
    process.exitCode = code;
  });
