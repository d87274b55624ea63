#!/usr/bin/env node
/**
 * How long the tool takes, against the programs that a kernel build runs on the same files anyway, all in one run on one
 * machine. Medians over alternating repetitions; the goals are printed beside them, nothing is judged here.
 *
 *     node scripts/bench.mjs [REPETITIONS]      (default 5)
 */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { projectRoot } from './inputs/cache.mjs';
import { CONFIGURATIONS, kernelSources, prepareKernel, preprocessorFlags } from './inputs/kernel.mjs';
import { provideCompiler } from './inputs/programs.mjs';
import { failureText, mustRun, run } from './inputs/run.mjs';
import { prepareToolchain } from './inputs/toolchain.mjs';

/** @typedef {import('./inputs/kernel.mjs').Configuration} Configuration */

const launcher = join(projectRoot, 'bin/pvasm.js');
const bundle = join(projectRoot, 'dist/pvasm.cjs');
const repetitions = Number(process.argv[2] ?? 5);
provideCompiler();
const toolchain = prepareToolchain();
const root = prepareKernel();
/** All 33 sources, those of kernel/ in plain instructions: that is where the sites are. */
const sources = kernelSources(root).map((file) => {
  const plain = join(root, 'plain', basename(file));
  return existsSync(plain) ? plain : file;
});
const work = mkdtempSync(join(tmpdir(), 'pvasm-bench-'));
/** Commands whose time must grow no faster than the file. */
const GROWING = ['rewrite', 'build', 'report', 'check'];

try {
  console.log(`Medians of ${repetitions} alternating repetitions, Node ${process.version}.\n`);
  benchKernel();
  benchStart();
  benchCheck();
  benchMemory();
  benchGrowth();
} finally {
  rmSync(work, { recursive: true, force: true });
}

/** Rewriting and emitting everything against one native pass of preprocessor and assembler. */
function benchKernel() {
  const targets = ['native', 'xen:a', 'xen:b', 'xen'].flatMap((target) => ['-t', target]);
  const out = join(work, 'out');
  compare('pvasm build -j2, four listings of all 33 kernel sources', 'gcc -E and as -x, one native pass', 1.5, [
    () => pvasm(['build', '-j', '2', '--keep-going', ...sources, ...targets, '-o', out, ...flags('smp')]),
    () => {
      for (const file of sources) assemble(preprocess(file, 'smp', join(work, 'native.i')));
    },
  ]);
  compare('the same', 'pvasm build without -j', 1, [
    () => pvasm(['build', '-j', '2', '--keep-going', ...sources, ...targets, '-o', out, ...flags('smp')]),
    () => pvasm(['build', '--keep-going', ...sources, ...targets, '-o', out, ...flags('smp')]),
  ]);
}

/** What a person waits for one file, and a build for each that has no site. */
function benchStart() {
  const one = (/** @type {string} */ file) => () => pvasm(['rewrite', file, '-o', join(work, 'one'), ...flags('smp')]);
  const nothing = () => void mustRun(process.execPath, ['-e', '0']);
  const siteless = join(root, 'linux/arch/ia64/lib/memcpy.S');
  compare('pvasm rewrite lib/memcpy.S, which has no site, whole process', 'node -e 0', 1.5, [one(siteless), nothing]);
  compare('pvasm rewrite plain/ivt.S, whole process', 'node -e 0', 7, [one(join(root, 'plain/ivt.S')), nothing]);
}

/** The most memory that a call takes, in a process of its own. */
function benchMemory() {
  const targets = ['native', 'xen:a', 'xen:b', 'xen'].flatMap((target) => ['-t', target]);
  const calls = {
    'pvasm rewrite plain/ivt.S': ['rewrite', join(root, 'plain/ivt.S'), '-o', join(work, 'one')],
    'pvasm build, four listings of all 33 kernel sources': [
      ...['build', '--keep-going', ...sources, ...targets, '-o', join(work, 'out')],
    ],
    'pvasm check, all 33 sources': ['check', ...sources],
  };
  for (const [title, args] of Object.entries(calls))
    console.log(
      `Memory of ${title}: ${(peakMemory([...args, ...flags('smp')]) / 1024).toFixed(0)} MB (goal: at most 200)`,
    );
  console.log();
}

/** The lint over everything against preprocessing everything. */
function benchCheck() {
  compare('pvasm check, all 33 sources, SMP and UP, one process', 'gcc -E, all 33 sources, SMP and UP', 1, [
    () => pvasm(['check', ...sources, ...flags('smp'), '--configs', '-DCONFIG_SMP', '--configs', '-UCONFIG_SMP']),
    () => {
      for (const configuration of CONFIGURATIONS) {
        for (const file of sources) preprocess(file, configuration, join(work, 'check.i'));
      }
    },
  ]);
}

/** Sixteen times the routines, each with a site, and sixteen times the time; measured inside one warm process. */
function benchGrowth() {
  const routine = (/** @type {number} */ at) =>
    `\t.proc f${at}\nf${at}:\n\tmov r14=cr.ifa\n\t;;\n\tst8 [r32]=r14\n\tbr.ret.sptk rp\n\t.endp f${at}\n`;
  const [once, often] = [250, 4000].map((count) => {
    const path = join(work, `routines-${count}.S`);
    writeFileSync(path, Array.from({ length: count }, (_, at) => routine(at)).join(''), 'latin1');
    return path;
  });
  for (const command of GROWING) {
    const output = command === 'rewrite' || command === 'build' ? ['-o', join(work, 'grown')] : [];
    const calls = [once, often].map((path) => [command, /** @type {string} */ (path), ...output]);
    const times = inOneProcess(Array.from({ length: repetitions + 1 }, () => calls).flat()).slice(calls.length);
    const [one, sixteen] = [0, 1].map((which) => median(times.filter((_, index) => index % 2 === which)));
    print(`pvasm ${command}, 4,000 routines with a site each`, sixteen ?? 0, '250 of them', one ?? 0, 20);
  }
}

/**
 * @param {string} title
 * @param {string} baselineTitle
 * @param {number} goal
 * @param {readonly [() => void, () => void]} works what is measured, and what it is measured against
 */
function compare(title, baselineTitle, goal, works) {
  /** @type {[number[], number[]]} */
  const times = [[], []];
  for (let repetition = -1; repetition < repetitions; repetition++) {
    works.forEach((workload, which) => {
      const start = performance.now();
      workload();
      if (repetition >= 0) times[which]?.push(performance.now() - start); // the first round warms the file cache
    });
  }
  print(title, median(times[0]), baselineTitle, median(times[1]), goal);
}

/**
 * @param {string} title
 * @param {number} time milliseconds
 * @param {string} baselineTitle
 * @param {number} baseline milliseconds
 * @param {number} goal the ratio to reach
 */
function print(title, time, baselineTitle, baseline, goal) {
  console.log(`${title}: ${time.toFixed(0)} ms`);
  console.log(`  against ${baselineTitle}: ${baseline.toFixed(0)} ms`);
  console.log(`  ratio ${(time / baseline).toFixed(2)} (goal: at most ${goal})\n`);
}

/** @param {readonly number[]} values */
function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** @param {readonly string[]} args */
function pvasm(args) {
  expectSuccess(args, run(process.execPath, [launcher, ...args]));
}

/**
 * Runs several pvasm commands one after the other in one process.
 *
 * @param {readonly (readonly string[])[]} commands
 * @returns {number[]} milliseconds of each
 */
function inOneProcess(commands) {
  const file = join(work, 'times.json');
  const script = `
    import { readFileSync, writeFileSync } from 'node:fs';
    const { main } = (await import(${JSON.stringify(bundle)})).default;
    const times = [];
    for (const command of JSON.parse(readFileSync(0, 'utf8'))) {
      const start = performance.now();
      if ((await main(command)) > 1) throw new Error('pvasm ' + command[0] + ' failed');
      times.push(performance.now() - start);
    }
    writeFileSync(${JSON.stringify(file)}, JSON.stringify(times));`;
  mustRun(process.execPath, ['--input-type=module', '-e', script], { input: JSON.stringify(commands) });
  return JSON.parse(readFileSync(file, 'utf8'));
}

/**
 * @param {readonly string[]} args of one call
 * @returns {number} kilobytes that were resident at most
 */
function peakMemory(args) {
  const file = join(work, 'memory');
  const preload = join(work, 'memory.cjs');
  writeFileSync(
    preload,
    `process.on('exit', () => require('node:fs').writeFileSync(${JSON.stringify(file)}, String(process.resourceUsage().maxRSS)));`,
  );
  expectSuccess(args, run(process.execPath, ['--require', preload, launcher, ...args]));
  return Number(readFileSync(file, 'utf8'));
}

/**
 * Findings are a result (exit status 1), anything worse is not.
 *
 * @param {readonly string[]} args
 * @param {{status: number | null, stderr: string}} result
 */
function expectSuccess(args, { status, stderr }) {
  if (status === 0 || status === 1) return;
  throw new Error(failureText('pvasm', args, status, stderr));
}

/** @param {Configuration} configuration */
function flags(configuration) {
  return [...preprocessorFlags(root, configuration), `-I${join(root, 'linux/arch/ia64/kernel')}`];
}

/**
 * @param {string} file
 * @param {Configuration} configuration
 * @param {string} output
 */
function preprocess(file, configuration, output) {
  const fixed = ['-E', '-x', 'assembler-with-cpp', '-nostdinc', '-undef', '-std=gnu89', '-w', `-I${dirname(file)}`];
  mustRun('gcc', [...fixed, ...flags(configuration), file, '-o', output]);
  return output;
}

/** @param {string} file */
function assemble(file) {
  const stub = `-I${join(root, 'stub')}`;
  mustRun(toolchain.as, ['-x', '-mconstant-gp', stub, '-o', join(work, 'native.o'), file]);
}
