import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { createCache } from '../../src/preprocess/cache.ts';
import { allConfigurations } from '../../src/preprocess/configurations.ts';
import { coveringRuns } from '../../src/preprocess/covering-runs.ts';
import { decidingSettings } from '../../src/preprocess/presence-conditions.ts';
import type { ConditionalBranch } from '../../src/preprocess/structure.ts';
import type { ConfiguredRun } from '../../src/preprocess/study.ts';
import type { PreprocessOptions } from '../../src/preprocess/types.ts';
import { SourceText } from '../../src/syntax/source.ts';
import { kernel } from '../support/kernel.ts';
import { lines, memoryHost, optionsFromFlags } from './support.ts';

function options(files: Record<string, string> = {}, more: Partial<PreprocessOptions> = {}): PreprocessOptions {
  return { includeDirs: ['inc'], commands: [], strict: false, host: memoryHost(files), ...more };
}

function shown(runs: readonly ConfiguredRun[]): string[] {
  return runs.map(({ configuration, result }) => `${configuration.name}: ${lines(result.tokens).join(' ')}`);
}

describe('covering runs', () => {
  const config = {
    'inc/config.h': '#define SMP 1\n#define LEVELS 3\n#define OFF not_tested_here\n#ifdef HEADER\nheader\n#endif\n',
    'own.h': '#ifndef OWN_H\n#define OWN_H\n#define OWN 2\n#define OFF 2\n#endif\n',
  };
  test.each([
    ['a file without conditions needs the base run only', '#include <config.h>\nx\n', [': x']],
    [
      'a name that a header sets is unset against it',
      '#include <config.h>\n#ifdef SMP\na\n#else\nb\n#endif\nSMP\n',
      [': a 1', 'SMP not set: b SMP'],
    ],
    [
      'branches that agree share a run',
      '#ifdef A\na\n#endif\n#if defined(B) || X\nb\n#endif\n#ifndef A\nc\n#endif\n',
      [': c', 'A=1, #if defined(B) || X at main.S:4 taken as true: a b'],
    ],
    [
      'branches that exclude each other do not',
      '#if N == 1\na\n#elif N == 2\nb\n#elif N > 7\nc\n#else\nd\n#endif\n',
      [': d', 'N=1: a', 'N=2: b', 'N=8: c'],
    ],
    ['a value is compared', '#include <config.h>\n#if LEVELS == 4\na\n#endif\n', [': ', 'LEVELS=4: a']],
    [
      'nested branches bring what is around them',
      '#ifdef A\n#ifndef B\nab\n#else\n#if !C\nabc\n#endif\n#endif\n#endif\n',
      [': ', 'A=1, B not set: ab', 'A=1, B=1, C not set: abc', 'A=1, B=1, C=1: '],
    ],
    ['constants are no choice', '#if 0\na\n#elif 2 + 2 == 4\nb\n#else\nc\n#endif\n', [': b']],
    [
      'nor are values that the file defines',
      '#define A 1\n#define B (A + 1)\n#if B > A\na\n#else\nb\n#endif\n',
      [': a'],
    ],
    [
      'nor is what comes out alike whichever definition holds',
      '#ifdef B\n#define A 1\n#else\n#define A 2\n#endif\n#if A > 0\na\n#else\nb\n#endif\n#if A > 1\nc\n#endif\n',
      [': a c', 'B=1, #if A > 1 at main.S:11 taken as false: a'],
    ],
    [
      'what is left out by && and || does not matter',
      '#define A 0\n#if A && N > 3\na\n#elif !A || M > 4\nb\n#endif\n',
      [': b'],
    ],
    [
      'a macro that is not known leaves the condition open',
      '#if M(4)\na\n#endif\n',
      [': ', '#if M(4) at main.S:1 taken as true: a'],
    ],
    [
      'a header that only another configuration enters is looked into',
      '#ifdef A\n#include "own.h"\n#endif\n#ifdef OWN\na\n#endif\n#ifdef B\nb\n#endif\n',
      [': ', 'A=1, B=1, #ifdef OWN at main.S:4 taken as true: a b'],
    ],
    [
      'nor is what local headers define, unless headers of others define it too',
      '#include "own.h"\n#if OWN > 1\na\n#endif\n#include <config.h>\n#if OFF > 1\nb\n#endif\n',
      [': a', '#if OFF > 1 at main.S:6 taken as true: a b'],
    ],
    ['what the file decides itself is no choice', '#define A\n#ifdef A\na\n#else\nb\n#endif\n', [': a']],
    ['nor is what it undefines', '#undef A\n#if defined(A) && defined(B)\na\n#else\nb\n#endif\n', [': b']],
    [
      'what stands behind a choice is a choice',
      '#ifdef B\n#define A\n#endif\n#ifdef A\na\n#endif\n',
      [': ', 'B=1, #ifdef A at main.S:4 taken as true: a'],
    ],
    [
      'a branch that is decided decides more',
      '#define A\n#ifdef A\n#define B\n#else\n#undef B\n#endif\n#ifdef B\nb\n#else\nc\n#endif\n',
      [': b'],
    ],
    [
      'a missing header may undefine anything',
      '#define A\n#include "not-there.h"\n#ifdef A\na\n#endif\n',
      [': a', '#ifdef A at main.S:3 taken as false: '],
    ],
    [
      'a default is a choice',
      '#ifndef A\n#define A\n#endif\n#ifdef A\na\n#endif\n',
      [': a', '#ifndef A at main.S:1 taken as false: a'],
    ],
    [
      'the language is not varied, a name that looks as if it were is',
      '#ifdef __ASSEMBLY__\na\n#endif\n#ifdef __ASSEMBLER__\nb\n#else\nc\n#endif\n#ifdef __cplusplus\nd\n#endif\n',
      [': b', '__ASSEMBLY__=1: a b'],
    ],
    [
      'a use of a macro is seen with each of its definitions, whichever way its condition holds',
      '#if defined(A) || !defined(B)\n#define M x\n#else\n#define M y\n#endif\n#define N M\n#ifndef A\nN\n#endif\nz\n',
      [': x z', 'A not set, B=1: y z', 'A=1: z'],
    ],
    ['what the author rules out with #error is not asked for', '#if N > 3\n#error too much\n#endif\na\n', [': a']],
  ])('%s', (_, text, expected) => {
    expect(shown(coveringRuns(new SourceText('main.S', text), options(config)))).toEqual(expected);
  });

  test('look into local headers, not into those of -I, and not at their guards', () => {
    const files = { ...config, 'local.h': '#ifndef LOCAL_H\n#define LOCAL_H\n#ifdef A\na\n#endif\n#endif\n' };
    expect(
      shown(coveringRuns(new SourceText('main.S', '#include "local.h"\n#include <config.h>\nx\n'), options(files))),
    ).toEqual([': x', 'A=1: a x']);
  });
});

describe('more runs than are made', () => {
  const errors = (text: string) =>
    coveringRuns(new SourceText('main.S', text), options())
      .flatMap(({ result }) => result.diagnostics)
      .map(({ file, start, severity, message }) => `${severity} ${file.position(start).line} ${message}`);
  const choice = (branches: number) =>
    `#if A == 0\n${Array.from({ length: branches - 1 }, (_, at) => `#elif A == ${at + 1}\nx\n`).join('')}#endif\n`;
  const refused = expect.stringMatching(
    /^error \d+ more than 128 configurations are needed to see the code behind each #if/,
  );

  test('of one #if, told at once', () => {
    const start = performance.now();
    expect(errors(choice(600))).toEqual([refused]);
    expect(performance.now() - start).toBeLessThan(5000);
    expect(errors(choice(100))).toEqual([]);
  });

  test('of several, which only together need so many', () => {
    const nested = `#if B == 1\n${choice(80)}#elif B == 2\n${choice(80).replace(/A/g, 'C')}#endif\n`;
    expect(errors(nested)).toEqual([refused]);
  });
});

describe('what decides', () => {
  const text =
    '#ifdef A\na\n#ifdef B\nb\n#endif\n#endif\n#ifdef A\na2\n#else\nc\n#endif\n#if V == 4\nv\n#endif\n#ifdef A\n#define OWN 1\n#endif\n#if OWN\no\n#endif\n';
  const file = new SourceText('main.S', text);
  const cache = createCache([file]);
  const deciding = decidingSettings(coveringRuns(file, options({}, { cache })), cache, () => true, new Set());
  const at = (word: string) => deciding.at(file, text.indexOf(`\n${word}\n`) + 1);
  const settings = (word: string) => at(word).map((decision) => decision.settings);

  test('on text: the names that the conditions around it test', () => {
    expect(settings('a')).toEqual([['A']]);
    expect(settings('b')).toEqual([['B'], ['A']]);
    expect(settings('c')).toEqual([['A']]);
    expect(settings('v')).toEqual([['V']]);
  });
  test('branches behind the same conditions are one decision, an #else is another', () => {
    expect(at('a2')).toEqual(at('a'));
    expect(at('c')).not.toEqual(at('a'));
  });
  test('where the file defines the name itself, the outcome is a setting of its own', () => {
    expect(settings('o').flat()).toEqual([expect.stringMatching(/^main\.S:\d+$/)]);
  });
  test('values between which no condition can tell are one', () => {
    expect(deciding.values('V')).toContain('4');
    expect(deciding.isComplete('V')).toBe(true);
    expect(shown(allConfigurations(new SourceText('v.S', '#if V == 4\nv\n#endif\n'), options()).runs)).toEqual([
      'V not set: ',
      'V=4: v',
    ]);
  });
});

describe('all configurations', () => {
  test.each([
    ['of nothing', 'x\n', [': x']],
    [
      'of independent names',
      '#ifdef A\na\n#endif\n#ifdef B\nb\n#endif\n',
      ['A not set, B not set: ', 'A not set, B=1: b', 'A=1, B not set: a', 'A=1, B=1: a b'],
    ],
    [
      'of a name that matters only under another',
      '#ifdef A\n#ifdef B\nb\n#endif\n#endif\nx\n',
      ['A not set: x', 'A=1, B not set: x', 'A=1, B=1: b x'],
    ],
    [
      'of names that change the same code',
      '#if defined(A) || defined(B)\nx\n#endif\n',
      ['A not set, B not set: ', 'A not set, B=1: x'],
    ],
    [
      'without those that the file refuses',
      '#ifdef A\na\n#ifdef B\n#error no\n#endif\n#endif\n',
      ['A not set: ', 'A=1, B not set: a'],
    ],
    ['of values', '#if N == 1\na\n#elif N >= 5\nb\n#endif\n', ['N not set: ', 'N=1: a', 'N=5: b']],
  ])('%s', (_, text, expected) => {
    const { runs, complete } = allConfigurations(new SourceText('main.S', text), options());
    expect(complete).toBe(true);
    expect(shown(runs)).toEqual(expected);
  });

  test('stop at a limit and say so', () => {
    const text = Array.from({ length: 14 }, (_, index) => `#ifdef A${index}\na${index}\n#endif\n`).join('');
    expect(allConfigurations(new SourceText('main.S', text), options()).complete).toBe(false);
  });
});

test("every branch of Linux's own .S files that an assembler can see is active in some run", () => {
  const host = { read: (path: string) => readIfThere(path) };
  const cache = createCache();
  const base = { ...optionsFromFlags(kernel().flags('smp')), strict: true, host, cache };
  let branches = 0;
  for (const path of kernel().sources()) {
    const file = cache.file(path, host)!;
    const runs = coveringRuns(file, base);
    expect(runs.length, path).toBeLessThanOrEqual(4);
    const active = new Set(
      runs.flatMap(({ result }) => result.conditionals.map(({ group, taken }) => group.branches[taken])),
    );
    for (const branch of cache.structure(file).groups.flatMap((group) => group.branches)) {
      const body = file.text.slice(branch.bodyStart, branch.bodyEnd);
      branches++;
      if (!/^\s*#\s*error/m.test(body) && !ruledOut(branch))
        expect(active.has(branch), `${path}: #${branch.keyword} ${branch.expression}`).toBe(true);
    }
  }
  expect(branches).toBeGreaterThan(100);
});

/** A branch behind a condition over constants that does not hold. */
function ruledOut({ keyword, expression }: ConditionalBranch): boolean {
  return keyword === 'if' && expression === '0';
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return undefined;
  }
}
