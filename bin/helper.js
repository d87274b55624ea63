/** A thread beside bin/pvasm.js (src/cli/helpers.ts): does what it is asked to, sends back what came of it, and ends. */
'use strict';
const { parentPort } = require('node:worker_threads');
const { load } = require('./load.js');

load('check')
  .helper()
  .then((work) => parentPort.once('message', (order) => parentPort.postMessage(work(order))));
