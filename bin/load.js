/**
 * Loads the bundle together with the code that V8 compiled of it when it was built (scripts/code-cache.mjs): to compile it
 * anew takes longer than the rest of a short run. CommonJS, because Node starts that faster than ES modules.
 */
'use strict';
const fs = require('node:fs');
const Module = require('node:module');
const path = require('node:path');
const vm = require('node:vm');

const dist = path.join(__dirname, '../dist');
const bundle = path.join(dist, 'pvasm.cjs');

/** Which code each command starts with: what runs of its kind have compiled, since to load more takes time too. */
const KINDS = new Map([
  ['rewrite', 'rewrite'],
  ['build', 'rewrite'],
  ['check', 'check'],
  ['report', 'report'],
  ['audit', 'report'],
  ['diff', 'report'],
  ['explain', 'report'],
]);
/** Help, version, and what no command is named for. */
const NO_COMMAND = 'start';

/** The kind of a call, by the first command among its arguments. */
function kindOf(argv) {
  return KINDS.get(argv.find((word) => KINDS.has(word))) ?? NO_COMMAND;
}

function codeCache(kind) {
  return path.join(dist, `${kind}.code`);
}

/** V8's settings, for a process that runs a second or less; they are part of what the code cache is good for. */
function tune() {
  const v8 = require('node:v8');
  v8.setFlagsFromString('--no-parallel-scavenge'); // young collections are so short that helpers only get in the way
  v8.setFlagsFromString('--semi-space-growth-factor=16'); // room for a whole run at once, not by doubling
  v8.setFlagsFromString('--no-incremental-marking'); // most runs end before they have to collect what is old
  v8.setFlagsFromString('--interrupt-budget=3000000'); // optimise what is hot in a long run, not what is warm in a short one
}

/** V8 refuses a cache that another version of it has made, or made of other text: then it compiles. */
function readCache(kind) {
  try {
    return fs.readFileSync(codeCache(kind));
  } catch {
    return undefined;
  }
}

/** What src/cli/main.ts exports, for calls of a kind, and the script it is in. */
function load(kind) {
  if (kind !== NO_COMMAND) tune();
  const source = fs.readFileSync(bundle, 'latin1'); // esbuild writes ASCII
  const script = new vm.Script(Module.wrap(source), { filename: bundle, cachedData: readCache(kind) });
  const loaded = { exports: {} };
  script.runInThisContext()(loaded.exports, require, loaded, bundle, dist);
  return { script, ...loaded.exports };
}

module.exports = { load, kindOf, codeCache };
