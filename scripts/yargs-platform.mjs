/**
 * What yargs asks of the platform that it runs on; bundled in the place of its own module of that kind
 * (lib/platform-shims/esm.mjs). That one loads whatever help may need, and looks for translations and for a package.json
 * around the bundle and the working directory: half of the time that `pvasm --version` would take.
 */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { format, inspect } from 'node:util';
import Parser from 'yargs-parser';

/** @type {(holds: boolean, message?: string) => void} */
function check(holds, message) {
  if (!holds) throw new Error(message);
}

/** @type {Record<string, unknown>} */
const platform = {
  assert: {
    strictEqual: (/** @type {unknown[]} */ ...[one, other, message]) => check(Object.is(one, other), String(message)),
    notStrictEqual: (/** @type {unknown[]} */ ...[one, other, message]) =>
      check(!Object.is(one, other), String(message)),
  },
  // Only help is laid out in columns.
  // @ts-expect-error: without types
  cliui: (/** @type {object} */ options) => require('cliui').default(options),
  stringWidth: (/** @type {string} */ text) => require('string-width').default(text),
  findUp: () => undefined,
  getCallerFile: () => __filename,
  getEnv: (/** @type {string} */ key) => process.env[key],
  getProcessArgvBin: () => process.argv[1],
  inspect,
  mainFilename: __filename,
  Parser,
  path,
  process: {
    argv: () => process.argv,
    cwd: process.cwd,
    emitWarning: process.emitWarning,
    execPath: () => process.execPath,
    exit: process.exit,
    nextTick: process.nextTick,
    get stdColumns() {
      return process.stdout.columns ?? null;
    },
  },
  readdirSync,
  readFileSync,
  require,
  y18n: {
    __: format,
    /** @type {(one: string, several: string, count: number, ...values: unknown[]) => string} */
    __n: (one, several, count, ...values) => format(count === 1 ? one : several, ...values),
    getLocale: () => 'en',
    setLocale: () => {},
    updateLocale: () => {},
  },
};

export default platform;
