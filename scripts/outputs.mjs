#!/usr/bin/env node
/**
 * Writes everything that the commands say about every kernel source and sample, so that two versions of the tool can be
 * compared with `diff -r`: what a change of structure must leave alone.
 *
 *     node scripts/outputs.mjs DIR
 */
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { projectRoot } from './inputs/cache.mjs';
import { CONFIGURATIONS, kernelSources, prepareKernel, preprocessorFlags } from './inputs/kernel.mjs';
import { run } from './inputs/run.mjs';

const launcher = join(projectRoot, 'bin/pvasm.js');
const out = resolve(process.argv[2] ?? 'outputs');
const root = prepareKernel();
const linux = kernelSources(root);
const plain = linux.map((file) => join(root, 'plain', basename(file))).filter((file) => existsSync(file));
const samples = readdirSync(join(projectRoot, 'samples'))
  .filter((name) => name.endsWith('.S'))
  .map((name) => join(projectRoot, 'samples', name));
/** What Linux left as it is. */
const accepted = ['--config', join(projectRoot, 'scripts/inputs/linux.toml')];
const targets = ['native', 'xen:a', 'xen:b', 'xen'].flatMap((target) => ['-t', target]);

for (const configuration of CONFIGURATIONS) {
  const flags = preprocessorFlags(root, configuration);
  snapshot(`linux-${configuration}`, linux, flags);
  snapshot(`plain-${configuration}`, plain, flags);
}
snapshot('samples', samples, []);

/**
 * Every command over a set of files, each in a call of its own; the last sees all files at once.
 *
 * @param {string} name
 * @param {readonly string[]} files
 * @param {readonly string[]} flags
 */
function snapshot(name, files, flags) {
  const folder = join(out, name);
  mkdirSync(folder, { recursive: true });
  for (const file of files) {
    const base = basename(file);
    say(join(folder, `${base}.audit`), ['audit', file, ...flags]);
    say(join(folder, `${base}.report`), ['report', file, ...targets, '--format', 'json', ...flags]);
    say(join(folder, `${base}.check`), ['check', file, '--format', 'text', ...accepted, ...flags]);
  }
  say(join(folder, 'rewrite'), ['rewrite', ...files, '-o', join(folder, 'rewritten'), ...flags]);
  say(join(folder, 'build'), ['build', '--keep-going', ...files, ...targets, '-o', join(folder, 'listings'), ...flags]);
  say(join(folder, 'check'), ['check', ...files, '--format', 'json', ...accepted, ...flags]);
}

/**
 * @param {string} path where the two outputs and the exit status go
 * @param {readonly string[]} args
 */
function say(path, args) {
  const { status, stdout, stderr } = run(process.execPath, [launcher, ...args], { cwd: dirname(root) });
  const here = relative(out, path);
  const text = `${status}\n--- stdout\n${stdout}\n--- stderr\n${stderr}`
    .replaceAll(out, 'OUT')
    .replaceAll(projectRoot, 'PROJECT');
  writeFileSync(path, text, 'latin1');
  process.stderr.write(`${here}: ${status}\n`);
}
