/** A thread beside bin/pvasm.js: does what it is asked to, and sends it back. */
'use strict';
const { parentPort, workerData } = require('node:worker_threads');
const { load } = require('./load.js');

load('check')
  .help(workerData)
  .then((answer) => parentPort.postMessage(answer));
