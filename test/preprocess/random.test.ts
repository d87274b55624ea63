/** Generated macro programs come out as with gcc, and no text whatever makes the preprocessor throw. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { preprocess } from '../../src/preprocess/preprocess.ts';
import { SourceText } from '../../src/syntax/source.ts';
import { seed } from '../support/seed.ts';
import { gcc } from './gcc.ts';
import { lines, memoryHost, messages, run1 } from './support.ts';

const SEED = seed(20080204);

/** `o` and `p` are object-like; the others function-like, `v` variable. */
const names = ['o', 'p', 'f', 'g', 'h', 'v'] as const;
const word = fc.constantFrom(
  ...names,
  'x',
  'y',
  '1',
  '2f',
  '0x1e',
  'ld8',
  '.',
  ',',
  '(',
  ')',
  ';',
  '+',
  '-',
  '=',
  '<',
  '"s"',
  '@',
  '[',
  ']',
  '/',
);
const space = fc.constantFrom('', ' ', ' ', ' ');

function spelled(words: fc.Arbitrary<string>, maxLength: number): fc.Arbitrary<string> {
  return fc
    .array(fc.tuple(words, space), { maxLength })
    .map((parts) => parts.map(([text, blank]) => (text === '/' && blank === '' ? '/ ' : text) + blank).join(''));
}

/** Text with balanced parentheses behind the names of macros, so that most calls are complete. */
const call: fc.Arbitrary<string> = fc.letrec((tie) => ({
  call: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    spelled(fc.constantFrom('x', 'o', 'p', 'f', 'g', '1', '.', '"s"', '-', '=', ';'), 3),
    fc
      .tuple(fc.constantFrom('f', 'h'), space, tie('call'))
      .map(([name, blank, argument]) => `${name}${blank}(${argument})`),
    fc.tuple(fc.constantFrom('g', 'v'), tie('call'), tie('call')).map(([name, one, two]) => `${name}(${one},${two})`),
    fc.tuple(tie('call'), fc.constantFrom('', ' ', '\n'), tie('call')).map((parts) => parts.join('')),
  ),
})).call as fc.Arbitrary<string>;

function body(parameters: readonly string[]): fc.Arbitrary<string> {
  const operand =
    parameters.length === 0 ? word : fc.oneof(word, fc.constantFrom(...parameters), fc.constantFrom(...parameters));
  const joined = fc.tuple(operand, fc.constantFrom('##', ' ## ', '## '), operand).map((parts) => parts.join(''));
  const pieces =
    parameters.length === 0
      ? fc.oneof(operand, operand, joined)
      : fc.oneof(
          operand,
          operand,
          joined,
          fc.constantFrom(...parameters).map((name) => `#${name}`),
        );
  return spelled(pieces, 6).map((text) => text.trim());
}

const program = fc
  .record({
    o: body([]),
    p: body([]),
    f: body(['a']),
    g: body(['a', 'b']),
    h: body(['a']),
    v: body(['a', '__VA_ARGS__']),
    text: fc.array(fc.oneof(call, call, spelled(word, 8)), { minLength: 1, maxLength: 5 }),
  })
  .map(({ o, p, f, g, h, v, text }) =>
    [
      `#define o ${o}`,
      `#define p ${p}`,
      `#define f(a) ${f}`,
      `#define g(a,b) ${g}`,
      `#define h(a) ${h}`,
      `#define v(a,...) ${v}`,
      ...text,
      '',
    ].join('\n'),
  );

describe('generated macro programs', () => {
  test('come out as with gcc -E', () => {
    fc.assert(
      fc.property(program, (text) => {
        const { tokens } = preprocess(new SourceText('<stdin>', text), {
          includeDirs: [],
          commands: [],
          strict: false,
          host: memoryHost({}),
        });
        expect(lines(tokens), text).toEqual(gcc(text).lines);
      }),
      // Every run starts a gcc: no shrinking, the first counterexample is small enough.
      { seed: SEED, numRuns: 60, endOnFailure: true },
    );
  });
});

describe('any text', () => {
  const piece = fc.constantFrom(
    ...[
      '#',
      '##',
      '\n',
      '\n',
      '\\\n',
      ' ',
      '(',
      ')',
      ',',
      '"',
      "'",
      '/*',
      '*/',
      '//',
      'F',
      'F(',
      'N',
      '__VA_OPT__',
      '__VA_ARGS__',
      '...',
      '<',
      '>',
      '1',
      '0x',
    ],
    ...[
      '\n#define F(a,',
      '\n#define N ',
      '\n#define F(...) ',
      '\n#if ',
      '\n#elif ',
      '\n#else',
      '\n#endif',
      '\n#ifdef N',
      '\n#include "a.h"',
      '\n#include ',
      '\n#undef N',
      '\n#line ',
    ],
    ...[
      'defined',
      '__has_include',
      '&&',
      '?',
      ':',
      '!',
      '-',
      '__LINE__',
      '\n#pragma once',
      '\n#pragma pop_macro("N")',
      '\0',
      '\xff',
      '\r\n',
      '_Pragma(',
      '1/0',
    ],
  );
  test('never makes it throw', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(piece, piece, fc.string({ maxLength: 4 })), { maxLength: 40 }), (parts) => {
        const text = parts.join('');
        const { tokens, diagnostics } = run1(text, { files: { 'a.h': text.slice(0, 30) } });
        for (const { file, start, end } of [...tokens, ...diagnostics])
          expect(start >= 0 && start <= end && end <= file.text.length).toBe(true);
      }),
      { seed: SEED, numRuns: 2000 },
    );
  });

  test('of runaway macros ends with one error', () => {
    const doubling = Array.from({ length: 60 }, (_, index) => `#define A${index + 1} A${index} A${index}\n`).join('');
    expect(messages(run1(`${doubling}A60\n`))).toEqual([
      expect.stringMatching(/^main.S:61:1: error: macro expansion makes more than/),
    ]);
    const pasting = Array.from({ length: 60 }, (_, index) => `#define P${index + 1}(x) P${index}(x##x)\n`).join('');
    expect(messages(run1(`#define P0(x) x\n${pasting}P60(a)\n`))).toEqual([
      expect.stringMatching(/error: macro expansion makes more than/),
    ]);
    for (const depth of [500, 20_000]) {
      const nested = `${'F('.repeat(depth)}1${')'.repeat(depth)}`;
      expect(messages(run1(`#define F(x) x\n${nested}\n`))).toEqual([
        expect.stringMatching(
          depth === 500 ? /error: macro calls are nested more than/ : /error: macro expansion makes more than/,
        ),
      ]);
    }
    expect(messages(run1(`#if ${'('.repeat(20_000)}1\n#endif\n`))).toEqual([
      expect.stringMatching(/error: expression is nested too deeply/),
    ]);
    expect(messages(run1(`#if ${'!'.repeat(20_000)}1\n#endif\n`))).toEqual([
      expect.stringMatching(/error: expression is nested too deeply/),
    ]);
  });
});
