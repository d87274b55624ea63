#!/usr/bin/env node
'use strict';
const { load, kindOf } = require('./load.js');

const argv = process.argv.slice(2);
// All is written by then; left to itself, Node would take its heap apart before it goes.
process.on('exit', () => process.exit());
load(kindOf(argv))
  .main(argv)
  .then((code) => {
    process.exitCode = code;
  });
