/** Each source of a call is built by itself: report, audit and diff say of a header what the listings of each source have. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Audit } from '../../src/report/audit.ts';
import type { Report } from '../../src/report/model.ts';
import { callPvasm } from '../support/pvasm.ts';

const folder = mkdtempSync(join(tmpdir(), 'pvasm-by-source-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const routine = (name: string, ...lines: string[]) =>
  [
    '#include "save.h"',
    '\t.text',
    `\t.global ${name}`,
    `\t.proc ${name}`,
    `${name}:`,
    ...lines,
    `\t.endp ${name}`,
    '',
  ].join('\n');
const RETURN = ['\t;;', '\tbr.ret.sptk.many b0'];
const FILES = {
  'save.h': '#define GET(dst) mov dst=cr.ivr\n#define ISR(dst) mov dst=cr.isr\n',
  // r8 is free, as are r2 and r3.
  'one.S': routine('one', '\tGET(r14)', ...RETURN),
  'two.S': routine(
    'two',
    '\tmov r8=5',
    '\tmov r2=6',
    '\tmov r3=7',
    '\tGET(r15)',
    '\t;;',
    '\tadd r8=r8,r15',
    '\tadd r2=r2,r3',
    ...RETURN,
  ),
  'alike.S': routine('alike', '\tGET(r14)', ...RETURN),
  // Nothing is free.
  'full.S': routine('full', '\tGET(r15)', '\t;;', '\tbr.cond.sptk.many b3'),
  'other.S': routine('other', '\tISR(r14)', ...RETURN),
};
beforeAll(() => {
  for (const [name, text] of Object.entries(FILES)) writeFileSync(join(folder, name), text);
});

const pvasm = (...args: string[]) => callPvasm(args, { cwd: folder });
const json = (command: string, ...files: string[]) =>
  JSON.parse(pvasm(command, ...files, '-t', 'xen:b', '--format', 'json').stdout);

/** The line of a macro in the header that the listing of a source includes. */
function builtLine(source: string, macro: string): string {
  const listing = readFileSync(join(folder, 'out/xen-b', source), 'latin1');
  const header = /#include "(.*save.*)"/.exec(listing)![1]!;
  return lineOf(readFileSync(join(folder, 'out/xen-b', header), 'latin1'), macro);
}

function lineOf(text: string, macro: string): string {
  return text.split('\n').find((line) => line.includes(`#define ${macro}(`))!;
}

function built(...files: string[]): void {
  rmSync(join(folder, 'out'), { recursive: true, force: true });
  pvasm('build', ...files, '-t', 'xen:b', '-o', 'out', '--keep-going');
}

describe('two sources with other registers free', () => {
  const sources = ['one.S', 'two.S'];
  beforeAll(() => built(...sources));

  test('the report has an entry for each, with the registers of its listing', () => {
    const { sites, files, total } = json('report', ...sources) as Report;
    expect(sites.map(({ builtFor, sources: own }) => [builtFor, own])).toEqual(sources.map((each) => [[each], [each]]));
    const lines = sources.map((source) => builtLine(source, 'GET'));
    expect(lines[0]).not.toBe(lines[1]);
    for (const [at, { scratch }] of sites.entries()) {
      expect(scratch).toHaveLength(1);
      expect(lines[at]).toContain(`mov ${scratch[0]!.register}=r8`);
    }
    expect(files.map(({ costs }) => costs[0]!.clobbers.general)).toEqual(
      sites.map(({ scratch }) => [scratch[0]!.register]),
    );
    expect(total[0]!.sites.inPlace).toBe(2);
  });

  test('in any order of the call, and as for each source alone', () => {
    const registers = (...files: string[]) =>
      (json('report', ...files) as Report).sites.map(({ sources: own, macro }) => `${own} ${macro}`);
    const alone = sources.flatMap((source) => registers(source));
    expect(registers('one.S', 'two.S')).toEqual(alone);
    expect(registers('two.S', 'one.S')).toEqual(alone.toReversed());
  });

  test('the diff has a header for each, as the listing has it', () => {
    const { stdout } = pvasm('diff', ...sources, '-t', 'xen:b');
    const parts = stdout.split(/^# save\.h, as built for (.*)\n/m).slice(1);
    expect(parts.filter((_, at) => at % 2 === 0)).toEqual(sources);
    for (const [at, source] of sources.entries()) {
      const added = parts[2 * at + 1]!.split('\n').filter((line) => line.startsWith('+'));
      expect(added).toContain(`+${builtLine(source, 'GET')}`);
    }
  });

  test('the page has both, each with a link of its own', () => {
    const { stdout } = pvasm('report', ...sources, '-t', 'xen:b', '--format', 'html');
    const ids = [...stdout.matchAll(/<article class="site" id="([^"]*)"/g)].map(([, id]) => id);
    expect(ids).toEqual(sources.map((source) => `save.h:1:18,${source}`));
  });

  test('the audit has one line: both are in place', () => {
    const { points } = json('audit', ...sources) as Audit;
    const [first, ...others] = points.flatMap(({ instructions }) => instructions);
    expect(others).toEqual([]);
    expect(first).toMatchObject({ operation: 'READ_IVR', targets: ['inPlace'], expanded: 2 });
    expect(first).not.toHaveProperty('builtFor');
  });
});

test('what all sources have alike is told once', () => {
  const { sites } = json('report', 'one.S', 'alike.S') as Report;
  expect(sites).toHaveLength(1);
  expect(sites[0]).toMatchObject({ sources: ['one.S', 'alike.S'], expanded: 2 });
  expect(sites[0]).not.toHaveProperty('builtFor');
  const { stdout } = pvasm('diff', 'one.S', 'alike.S', '-t', 'xen:b');
  expect(stdout.match(/^--- /gm)).toHaveLength(1);
  expect(stdout).not.toContain('as built for');
});

test('what sources change of a header without a contradiction is one diff', () => {
  built('one.S', 'other.S');
  const { stdout } = pvasm('diff', 'one.S', 'other.S', '-t', 'xen:b');
  expect(stdout.match(/^--- /gm)).toHaveLength(1);
  const added = stdout.split('\n').filter((line) => line.startsWith('+'));
  expect(added).toContain(`+${builtLine('one.S', 'GET')}`);
  expect(added).toContain(`+${builtLine('other.S', 'ISR')}`);
});

test('a source in which nothing is free is named, and takes nothing from the other one', () => {
  const { sites, refused } = json('report', 'one.S', 'full.S') as Report;
  expect(sites.map(({ sources, builtFor }) => [sources, builtFor])).toEqual([[['one.S'], ['one.S']]]);
  expect(refused.map(({ operation, builtFor }) => [operation, builtFor])).toEqual([['READ_IVR', ['full.S']]]);
  const { points } = json('audit', 'one.S', 'full.S') as Audit;
  expect(
    points.flatMap(({ instructions }) =>
      instructions.map(({ operation, targets, builtFor }) => [operation, targets[0], builtFor]),
    ),
  ).toEqual([
    ['READ_IVR', 'inPlace', ['one.S']],
    [null, 'left', ['full.S']],
  ]);
  expect(pvasm('diff', 'one.S', 'full.S', '-t', 'xen:b').stdout).toMatch(
    /^# save\.h, as built for one\.S\n--- a\/save\.h/,
  );
});

test('a header of the call is built for all of them', () => {
  built('one.S', 'two.S', 'save.h');
  const { sites } = json('report', 'one.S', 'two.S', 'save.h') as Report;
  const own = sites.filter(({ operation }) => operation === 'READ_IVR').at(-1)!;
  expect(own.builtFor).toContain('save.h');
  const line = lineOf(readFileSync(join(folder, 'out/xen-b/save.h'), 'latin1'), 'GET');
  expect(line).toContain(`mov ${own.scratch[0]!.register}=r8`);
});
