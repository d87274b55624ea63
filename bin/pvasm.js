#!/usr/bin/env node
'use strict';
const { load, kindOf } = require('./load.js');

const argv = process.argv.slice(2);
load(kindOf(argv))
  .main(argv)
  .then((code) => {
    process.exitCode = code;
  });
