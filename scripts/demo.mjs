#!/usr/bin/env node
/**
 * The tool at work on the sample kernel: rewrites samples/ivt.S, emits listings for three targets into out/, prints the
 * report. Needs nothing but Node.
 */
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from './inputs/cache.mjs';

const SOURCE = 'samples/ivt.S';
const COMMANDS = [
  ['rewrite', SOURCE, '-o', 'out'],
  ['build', SOURCE, '-t', 'native', '-t', 'xen:a', '-t', 'xen:b', '-o', 'out'],
  ['report', SOURCE, '-t', 'native', '-t', 'xen:a', '-t', 'xen:b'],
];

rmSync(join(projectRoot, 'out'), { recursive: true, force: true });
for (const command of COMMANDS) {
  console.log(`\n$ npx pvasm ${command.join(' ')}`);
  const { status } = spawnSync(process.execPath, ['bin/pvasm.js', ...command], { cwd: projectRoot, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 2);
}
console.log(`\nCompare ${SOURCE} with out/ivt.S, and out/native/ivt.S with out/xen-a/ivt.S and out/xen-b/ivt.S.`);
