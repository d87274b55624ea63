/** The code that V8 compiled when the bundle was made: a call that could not use it would work, but start slowly. */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { projectRoot } from '../../scripts/inputs/cache.mjs';
import { run } from '../../scripts/inputs/run.mjs';

const launcher = join(projectRoot, 'bin/load.js');
const { kindOf } = createRequire(import.meta.url)(launcher) as { kindOf: (argv: readonly string[]) => string };

test.each<[line: string, kind: string]>([
  ['', 'start'],
  ['--version', 'start'],
  ['targets', 'start'],
  ['@arguments', 'start'],
  ['rewrite check.S', 'rewrite'],
  ['--strict build a.S', 'rewrite'],
  ['check a.S', 'check'],
  ['report a.S', 'report'],
  ['explain PV001', 'report'],
])('`pvasm %s` is of the kind %s', (line, kind) => {
  expect(kindOf(line.split(' '))).toBe(kind);
});

test.each(['start', 'rewrite', 'check', 'report'])('V8 takes the code of calls of the kind %s', (kind) => {
  const script = `console.log(require(${JSON.stringify(launcher)}).load('${kind}').script.cachedDataRejected)`;
  expect(run(process.execPath, ['-e', script])).toMatchObject({ stdout: 'false\n', stderr: '', status: 0 });
});
