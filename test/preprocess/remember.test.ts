/** Runs that share a cache, and with it the expansions they remember, come out as runs that know nothing of each other. */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createCache } from '../../src/preprocess/cache.ts';
import { coveringRuns } from '../../src/preprocess/configurations.ts';
import { preprocess } from '../../src/preprocess/preprocess.ts';
import type { Preprocessed, PreprocessOptions } from '../../src/preprocess/types.ts';
import { SourceText } from '../../src/syntax/source.ts';
import type { MacroUse } from '../../src/syntax/token.ts';
import { kernel } from '../support/kernel.ts';
import { memoryHost, optionsFromFlags } from './support.ts';

function chain(use: MacroUse | null): string {
  return use === null
    ? ''
    : ` < ${use.name}:${use.file.name}:${use.start}-${use.end}:${use.argument}${chain(use.parent)}`;
}

/** All that a run says, as text. */
function told({ tokens, diagnostics, pasted }: Preprocessed): string[] {
  return [
    ...tokens.map(
      ({ kind, text, file, start, end, spaceBefore, use }) =>
        `${kind} ${text} ${file.name}:${start}-${end} ${spaceBefore}${chain(use)}`,
    ),
    ...diagnostics.map(({ severity, message, file, start }) => `${severity} ${message} ${file.name}:${start}`),
    ...[...pasted].sort(),
  ];
}

const piece = fc.constantFrom(
  ...[
    'o',
    'p',
    'q',
    'x',
    'f(o)',
    'f(x, p)',
    'g(f(p) q)',
    'f',
    '(o)',
    'f(\n#ifdef p\no\n#endif\nx)',
    '__LINE__',
    'g(__COUNTER__)',
    'h(o)p',
    'h(p)o',
    'h(o)h(p)',
  ],
  ...[
    '.',
    '-',
    ',',
    '\n',
    ' ',
    '\n#undef q\n',
    '\n#define q x\n',
    '\n#ifdef p\n',
    '\n#endif\n',
    '\n#ifdef o\n',
    '\n#else\n',
  ],
);
const definitions = ['#define f(a) a o [a##1]', '#define g(a) f(a) p.a #a', '#define q f', '#define h(a) - a'].join(
  '\n',
);

test('random programs, with names set and not set', () => {
  const value = fc.constantFrom(null, '', '1', 'f', 'f(p)', 'q x', 'o', '-');
  const settings = fc.record({ o: value, p: value });
  fc.assert(
    fc.property(
      fc.array(piece, { maxLength: 30 }),
      fc.array(settings, { minLength: 2, maxLength: 4 }),
      (pieces, runs) => {
        const file = new SourceText('main.S', `${definitions}\n#ifdef o\n#endif\n${pieces.join('')}\n`);
        const options = { includeDirs: [], commands: [], strict: false, host: memoryHost({}) };
        const cache = createCache([file]);
        for (const names of [...runs, ...runs]) {
          const fixed = new Map(Object.entries(names));
          expect(told(preprocess(file, { ...options, fixed, cache }))).toEqual(
            told(preprocess(file, { ...options, fixed })),
          );
        }
      },
    ),
    { numRuns: 500 },
  );
});

const { flags, plain } = kernel();

test.each(['ivt.S', 'entry.S', 'fsys.S', 'gate.S'])('the runs of %s', (name) => {
  const path = plain(name);
  const file = new SourceText(path, readFileSync(path, 'latin1'));
  const { includeDirs, commands } = optionsFromFlags(flags('smp'));
  const host = {
    read(header: string): string | undefined {
      try {
        return readFileSync(header, 'latin1');
      } catch {
        return undefined;
      }
    },
  };
  const base: PreprocessOptions = { includeDirs, commands, strict: false, host };
  const runs = coveringRuns(file, { ...base, cache: createCache([file]) });
  for (const { configuration, result } of runs.filter(({ configuration: { forced } }) => forced.size === 0))
    expect(told(result)).toEqual(told(preprocess(file, { ...base, fixed: configuration.fixed })));
});
