/** A thread beside bin/pvasm.js (src/cli/helpers.ts): does what it is asked to, and sends back what came of it. */
'use strict';
const { parentPort } = require('node:worker_threads');
const { load } = require('./load.js');

load('check')
  .helper()
  .then((work) => parentPort.on('message', (order) => parentPort.postMessage(work(order))));
