/** What was parsed before leaves no trace: a shape that is known gives the statements that the grammar would. */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { kernel } from '../support/kernel.ts';

type Syntax = typeof import('../../src/syntax/parse.ts') &
  typeof import('../../src/syntax/tokenize.ts') &
  typeof import('../../src/syntax/source.ts');

/** A parser that has read nothing yet. */
async function freshParser(): Promise<Syntax> {
  vi.resetModules();
  return {
    ...(await import('../../src/syntax/parse.ts')),
    ...(await import('../../src/syntax/tokenize.ts')),
    ...(await import('../../src/syntax/source.ts')),
  };
}

/** Everything that a parse says, as text. */
function told({ parseSource, parseTokens, tokenize, SourceText }: Syntax, text: string): string {
  const { statements, errors } = parseSource(new SourceText('t.S', text));
  const significant = tokenize(new SourceText('t.S', text)).filter(({ kind }) => kind !== 6 && kind !== 7);
  const plain = parseTokens(significant);
  return JSON.stringify([statements, errors, plain.statements, plain.errors], (key, value) =>
    key === 'file' ? undefined : typeof value === 'bigint' ? `${value}n` : value,
  );
}

const statement = fc.constantFrom(
  ...['mov r1=r2', '(p6) ld8.fill r8=[r2],16', 'br.call.sptk.many b0=foo#', 'add r1=@ltoff(foo#),gp', 'mov r1=rr[r2]'],
  ...[
    'FOO(r1, r2)',
    'FOO(26)',
    'FOO (r1)',
    '(p6) FOO(x) BAR(y)',
    'FOO(a,\n b)',
    'FOO(a',
    'SAVE mov r1=r2',
    'SAVE (p1) nop 0',
  ],
  ...[
    'foo bar',
    'foo (a b',
    'foo (a, b)',
    'FOO \\\n mov r1=r2',
    'mov r1=IA64_KR(FOO)',
    'mov r1=(r2',
    '\\x y',
    'a##b c',
    'foo\\@: x',
  ],
  ...[
    '.L1: .text',
    '1: br 1b',
    'x:',
    'x::',
    '"a b": nop 0',
    '[1:]',
    'r1 = r2',
    'x == 5',
    '. = 4',
    '.',
    '.foo "a',
    '.foo ("a"',
  ],
  ...[
    '{ .mii',
    '{',
    '.mmi',
    '{ .mii#',
    '{ .MII',
    '}',
    '.mem.offset 0,0',
    '.section .text,"ax"',
    '.macro foo x',
    '.macro mov x',
    '.endm',
  ],
  ...[
    'mov r1=1.5',
    'mov r1=1f',
    "mov r1='a'",
    'mov r1=0x1e-1',
    'mov r1=2',
    'bsw.1',
    'data8 1+2*3',
    'data8 a<b, c<>d, e--f',
    '_&n: x',
  ],
  ...[
    '# c ; d',
    'x: # c ; mov r2=r3',
    '{ # c',
    '#x',
    '\n#if 0\n',
    '\n#else\n',
    '\n#endif\n',
    '\n#ifndef __ASSEMBLY__\n',
    '\n#ifdef X\n',
  ],
  ...[
    '\n#define X mov r1=r2;; \\\n FOO(r1) #a a##b\n',
    '\n#define Y(a, b) foo a; FOO(26)\n',
    'int x;',
    '/* c */',
    '// c\n',
    '@x',
    '$y',
    ')',
  ],
);
const alike = fc.constantFrom(
  ...[
    'foo(r1)',
    'foo (r1)',
    'foo#(r1)',
    'foo.x(r1)',
    'foo.x (r1)',
    'FOO.x (r1)',
    'FOO#(r1)',
    'FOO (r1, r2)',
    '{ .abc',
    '{ .text',
    '{ .abcd',
  ],
);
const end = fc.constantFrom('\n', '\n', '\n', ' ', ';', ' ;; ', ';;', '', '\\\n');
const program = fc
  .array(fc.tuple(fc.oneof(statement, alike), end), { maxLength: 20 })
  .map((parts) => parts.flat().join(''));

test('programs of statements that one parser has seen and another has not', async () => {
  const seasoned = await freshParser();
  for (const text of fc.sample(program, 500)) told(seasoned, text);
  for (const texts of fc.sample(fc.array(program, { minLength: 20, maxLength: 20 }), 20)) {
    const fresh = await freshParser();
    for (const text of texts) expect(told(seasoned, text), text).toBe(told(fresh, text));
  }
});

test('the sources of the kernel, from the first to the last and the other way round', async () => {
  const texts = kernel()
    .sources()
    .map((path) => readFileSync(path, 'latin1'));
  const one = await freshParser();
  const forward = texts.map((text) => told(one, text));
  const other = await freshParser();
  const backward = [...texts].reverse().map((text) => told(other, text));
  expect(backward.reverse()).toEqual(forward);
});

test('a comment of gas holds semicolons, wherever in a statement it begins', async () => {
  const { parseTokens, tokenize, SourceText } = await freshParser();
  const tokens = tokenize(new SourceText('t.s', 'x: # c; mov r1=r2\n{ # c; nop 0\n.mii\n')).filter(
    ({ kind }) => kind !== 6,
  );
  expect(parseTokens(tokens).statements.map(({ kind }) => kind)).toEqual([
    'label',
    'cpp',
    'bundleOpen',
    'cpp',
    'directive',
  ]);
});
