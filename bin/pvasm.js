#!/usr/bin/env node
'use strict';
const { enableCompileCache } = require('node:module');

// From Node 22.1 on, code that was compiled once is kept: a tenth of the CPU of `pvasm rewrite` on one file (ivt.S of Linux,
// Node 22: 1.2 s instead of 1.3). Compare `time pvasm rewrite FILE -o DIR` with and without NODE_DISABLE_COMPILE_CACHE=1.
enableCompileCache?.();

import('../dist/pvasm.mjs')
  .then(({ main }) => main(process.argv.slice(2)))
  .then((code) => {
    process.exitCode = code;
  });
