#!/usr/bin/env node
/**
 * Plants every fault that test/mutation knows in the kernel files, and says which share of them `pvasm check` catches.
 *
 *     node scripts/mutation.mjs [--write]
 *
 * Prints the table and what is missed, and with --write puts the table between its marks in docs/figures.md. Fails as the test does.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { cacheRoot, projectRoot } from './inputs/cache.mjs';
import { insert } from './readme.mjs';

const report = join(cacheRoot, 'mutation.md');
rmSync(report, { force: true });
const { status } = spawnSync(
  process.execPath,
  [join(projectRoot, 'node_modules/vitest/vitest.mjs'), 'run', 'test/mutation'],
  {
    cwd: projectRoot,
    stdio: 'inherit',
    env: { ...process.env, PVASM_MUTATION: 'all', PVASM_MUTATION_REPORT: report },
  },
);
if (process.argv.includes('--write') && existsSync(report)) insert('mutation', readFileSync(report, 'utf8').trim());
process.exitCode = status ?? 1;
