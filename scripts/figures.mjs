#!/usr/bin/env node
/**
 * The README's example, and the figures of docs/figures.md, from what the tool does now.
 *
 *     node scripts/figures.mjs [--write] [example] [handler] [cost] [compiled] [verified] [judge] [speed]
 *
 * Prints the sections asked for (all when none is named), or with --write puts them between their marks.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { projectRoot } from './inputs/cache.mjs';
import { prepareKernel, preprocessorFlags } from './inputs/kernel.mjs';
import { provideCompiler } from './inputs/programs.mjs';
import { failureText, mustRun, run } from './inputs/run.mjs';
import { insert } from './readme.mjs';

const launcher = join(projectRoot, 'bin/pvasm.js');
const work = mkdtempSync(join(tmpdir(), 'pvasm-figures-'));

/** @type {Record<string, () => string | Promise<string>>} */
const sections = { example, handler, cost, compiled, verified, judge, speed };

/**
 * What Linux's own hand macros of 2008 add to these sources (6.1, SMP) over native, for the same comparison: instructions
 * without nops, stops, bytes of code.
 */
const HAND_MACROS = /** @type {const} */ ({
  'ivt.S': [308, 189, 1808],
  'entry.S': [58, 35, 544],
  'fsys.S': [20, 16, 208],
});

try {
  const words = process.argv.slice(2);
  const asked = words.filter((word) => word !== '--write');
  for (const name of asked.length === 0 ? Object.keys(sections) : asked) {
    const section = sections[name];
    if (section === undefined) throw new Error(`no section ${name}; there are ${Object.keys(sections).join(', ')}`);
    const text = (await section()).trim();
    if (words.includes('--write')) insert(name, text);
    else console.log(`${text}\n`);
  }
} finally {
  rmSync(work, { recursive: true, force: true });
}

/** The first eight lines of a handler: as written, macro-ised, and for Xen. */
function example() {
  const [before, after, , xen] = versions().map((text) => text?.split('\n').slice(0, 8).join('\n'));
  return [
    'The first lines of a handler as its author wrote it, what pvasm makes of them, and the listing for Xen:\n',
    `${block(before)}\n`,
    `${block(after)}\n`,
    block(xen),
  ].join('\n');
}

/** One handler of the sample: as written, macro-ised, and what two targets make of it. */
function handler() {
  const [before, after, xenA, xenB] = versions();
  return [
    'A handler as its author wrote it, and what pvasm makes of it:\n',
    `${block(before)}\n`,
    `${block(after)}\n`,
    'From there, listings: for `xen:a` and `xen:b`\n',
    `${block(xenA)}\n`,
    block(xenB),
  ].join('\n');
}

/** The handler in the sample, macro-ised, and in the listings for xen:a and xen:b. */
function versions() {
  const source = join(projectRoot, 'samples/ivt.S');
  pvasm(['rewrite', source, '-o', work]);
  pvasm(['build', source, '-t', 'xen:a', '-t', 'xen:b', '-o', work]);
  return [source, ...['ivt.S', 'xen-a/ivt.S', 'xen-b/ivt.S'].map((each) => join(work, each))].map((file) =>
    excerpt(readFileSync(/** @type {string} */ (file), 'latin1')),
  );
}

/** @param {string | undefined} text */
function block(text) {
  return `\`\`\`asm\n${text}\n\`\`\``;
}

/**
 * The body of itlb_miss, up to its `rfi`, without line markers.
 *
 * @param {string} text
 */
function excerpt(text) {
  const start = text.indexOf('\nitlb_miss:');
  const end = text.indexOf('\n/*', start + 1);
  return text
    .slice(start + 1, end)
    .split('\n')
    .filter((line) => !/^# \d|^#line/.test(line))
    .join('\n')
    .trimEnd();
}

/** Instructions, stops and bytes that each Xen listing adds to native, against the hand macros. */
async function cost() {
  provideCompiler();
  const { assembleFile, countInstructions } = await assembleSupport();
  const root = prepareKernel();
  const targets = ['native', 'xen:a', 'xen:b', 'xen'];
  const rows = ['| file | listing | instructions | stops | bytes |', '|---|---|---:|---:|---:|'];
  for (const [name, hand] of Object.entries(HAND_MACROS)) {
    const file = join(root, 'plain', name);
    const flags = [...preprocessorFlags(root, 'smp'), `-I${join(root, 'linux/arch/ia64/kernel')}`];
    pvasm(['build', '--keep-going', file, ...targets.flatMap((target) => ['-t', target]), '-o', work, ...flags]);
    const [native, ...xen] = targets.map((target) => {
      const folder = join(work, target.replace(':', '-'));
      const { object, messages } = assembleFile(join(folder, name), {
        configuration: 'smp',
        includeDirs: [join(folder, 'include'), join(root, 'plain')],
      });
      if (object === null) throw new Error(`${target} listing of ${name} does not assemble:\n${messages}`);
      const { instructions, stops, bytes } = countInstructions(object);
      return [instructions, stops, bytes];
    });
    rows.push(row(name, "Linux's hand macros", hand));
    xen.forEach((counts, index) => {
      rows.push(
        row(
          '',
          `\`${targets[index + 1]}\``,
          counts.map((count, column) => count - (native?.[column] ?? 0)),
        ),
      );
    });
  }
  return `What Xen costs over native on Linux 6.1, SMP (nops not counted as instructions):\n\n${rows.join('\n')}`;
}

/**
 * @param {string} file
 * @param {string} listing
 * @param {readonly number[]} counts
 */
function row(file, listing, counts) {
  return `| ${file} | ${listing} | ${counts.map((count) => (count > 0 ? `+${count}` : `${count}`)).join(' | ')} |`;
}

/** The same for what a compiler makes of samples/compiled/kernel.c. */
async function compiled() {
  const { LEVELS, compiledSample, costRows } = await compiledSupport();
  const targets = ['xen:a', 'xen:b', 'xen'];
  const rows = LEVELS.flatMap((level) => {
    const { name, text } = compiledSample(level);
    pvasm([
      'build',
      '--no-config',
      join(projectRoot, name),
      ...targets.flatMap((target) => ['-t', target]),
      '-o',
      work,
    ]);
    const file = `kernel.${level}.s`;
    const listings = targets.map((target) => {
      const path = join(work, target.replace(':', '-'), file);
      return /** @type {const} */ ([target, readFileSync(path, 'latin1')]);
    });
    return costRows(file, text, new Map(listings));
  });
  const heading = ['| file | listing | instructions | stops | bytes |', '|---|---|---:|---:|---:|'];
  return `What GCC 12 makes of samples/compiled/kernel.c, and what Xen adds to that:\n\n${[...heading, ...rows].join('\n')}`;
}

/** What `pvasm verify` says of Linux's handlers, and what that takes. test/acceptance/verify.test.ts holds the rows. */
async function verified() {
  const { VERIFIED, VERIFIED_HEADING, verifiedRow, verifyArguments } = await bundled('verified.ts');
  const rows = VERIFIED.flatMap((/** @type {any} */ [name, states]) =>
    ['smp', 'up'].map((configuration) => {
      const { stdout } = run(process.execPath, [launcher, ...verifyArguments(name, configuration, states)]);
      return verifiedRow(name, configuration, states, stdout);
    }),
  );
  const speed = [launcher, ...verifyArguments('ivt.S', 'smp', 1000, ['xen:a', 'xen:b'])];
  const { stderr } = run('bash', ['-c', 'TIMEFORMAT=%U; time "$@"', '-', process.execPath, ...speed]);
  const seconds = Math.round(Number(stderr.trim().split('\n').at(-1)));
  return `${VERIFIED_HEADING}\n${rows.join('\n')}\n\nAll of ivt.S for xen:a and xen:b, 1,000 states for each entry: ${seconds} s of one processor.`;
}

/** Faults that are planted for `pvasm verify`, and found. test/verify/judge.slow.test.ts holds the table. */
function judge() {
  const report = join(work, 'judge.md');
  const vitest = join(projectRoot, 'node_modules/vitest/vitest.mjs');
  run(process.execPath, [vitest, 'run', 'test/verify/judge.slow.test.ts'], {
    cwd: projectRoot,
    env: { ...process.env, PVASM_JUDGE_REPORT: report },
  });
  return readFileSync(report, 'utf8');
}

function speed() {
  return `\`\`\`\n${mustRun(process.execPath, [join(projectRoot, 'scripts/bench.mjs')]).trim()}\n\`\`\``;
}

/** @param {readonly string[]} args */
function pvasm(args) {
  const { status, stderr } = run(process.execPath, [launcher, ...args]);
  if (status !== 0 && status !== 1) throw new Error(failureText('pvasm', args, status, stderr));
}

/** @returns {Promise<typeof import('../test/support/compiled.ts')>} */
function compiledSupport() {
  return bundled('compiled.ts');
}

/** @returns {Promise<typeof import('../test/support/assemble.ts')>} */
function assembleSupport() {
  return bundled('assemble.ts');
}

/**
 * A module of the tests' support, which is TypeScript, bundled so that Node can load it.
 *
 * @param {string} name
 * @returns {Promise<any>}
 */
async function bundled(name) {
  // As deep as test/support, so that its imports of scripts/ hold.
  const outfile = join(projectRoot, '.cache/figures', `${name}.mjs`);
  await build({
    entryPoints: [join(projectRoot, 'test/support', name)],
    outfile,
    bundle: true,
    // What starts programs finds its server beside itself.
    define: { 'import.meta.dirname': JSON.stringify(join(projectRoot, 'test/support')) },
    format: 'esm',
    platform: 'node',
    external: [join(projectRoot, 'scripts/*')],
    logLevel: 'warning',
  });
  return import(outfile);
}
