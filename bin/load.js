/**
 * Loads the bundle together with the code that V8 compiled of it when it was built (scripts/code-cache.mjs): to compile it
 * anew takes longer than the rest of a short run. CommonJS, because Node starts that faster than ES modules.
 */
'use strict';
const fs = require('node:fs');
const Module = require('node:module');
const path = require('node:path');
const v8 = require('node:v8');
const vm = require('node:vm');

const bundle = path.join(__dirname, '../dist/pvasm.cjs');
const codeCache = `${bundle}.cache`;

/** V8's settings, for a process that runs a second or less; they are part of what the code cache is good for. */
function tune() {
  v8.setFlagsFromString('--no-parallel-scavenge'); // young collections are so short that helpers only get in the way
  v8.setFlagsFromString('--semi-space-growth-factor=16'); // room for a whole run at once, not by doubling
  v8.setFlagsFromString('--interrupt-budget=1000000'); // optimise what is hot in a long run, not what is warm in a short one
}

/** V8 refuses a cache that another version of it has made, or made of other text: then it compiles. */
function readCache() {
  try {
    return fs.readFileSync(codeCache);
  } catch {
    return undefined;
  }
}

/** `main` of src/cli/main.ts, and the script it is in. */
function load() {
  tune();
  const source = fs.readFileSync(bundle, 'latin1'); // esbuild writes ASCII
  const script = new vm.Script(Module.wrap(source), { filename: bundle, cachedData: readCache() });
  const loaded = { exports: {} };
  script.runInThisContext()(loaded.exports, require, loaded, bundle, path.dirname(bundle));
  return { script, main: loaded.exports.main };
}

module.exports = { load, codeCache };
