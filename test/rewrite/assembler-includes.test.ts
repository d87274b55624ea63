/** Code that the assembler's .include brings, which is not read. */
import { describe, expect, test } from 'vitest';
import { built } from './support.ts';

const ERROR = /^error \d+ the assembler's \.include brings '(\w+)', and nothing in it is rewritten/;

function said(source: string, headers: Readonly<Record<string, string>>): string[] {
  const { diagnostics } = built({ files: { 'sub/a.S': source }, headers, targets: ['xen:b'] }).rewritten;
  return diagnostics.map(({ file, start, severity, message }) => `${severity} ${file.position(start).line} ${message}`);
}

const SITE = 'f:\tmov r8=cr.isr\n\t;;\n';
const INCLUDE = '\t.include "own.inc"\n';
const END = '\tbr.ret.sptk.many b0\n';

describe('a site in it is an error', () => {
  test.each([
    ['a sensitive instruction', '\tthash r8=r9\n', 'thash'],
    ['a control register by its number', '\tmov r8=cr20\n', 'cr20'],
    ['a macro of ours', '\tASM_COVER(b7)\n', 'ASM_COVER'],
  ])('%s', (_, text, word) => {
    const [error, ...others] = said(SITE + INCLUDE + END, { 'own.inc': text });
    expect(ERROR.exec(error!)?.[1]).toBe(word);
    expect(error).toMatch(/^error 3 /);
    expect(others).toEqual([]);
  });

  test('where the source itself has none', () => {
    expect(said(INCLUDE, { 'own.inc': '\tcover\n' })).toEqual([expect.stringMatching(ERROR)]);
  });

  test('beside the source, in a file that another one includes, and one that includes itself', () => {
    expect(said(SITE + INCLUDE, { 'sub/own.inc': '\tcover\n' })).toEqual([expect.stringMatching(ERROR)]);
    const nested = { 'own.inc': '\t.include "own.inc"\n\t.include "more.inc"\n', 'more.inc': '\tcover\n' };
    expect(said(SITE + INCLUDE, nested)).toEqual([expect.stringMatching(ERROR)]);
  });

  test('in a branch of #if that only another configuration has', () => {
    expect(said(`${SITE}#ifdef A\n${INCLUDE}#endif\n${END}`, { 'own.inc': '\tcover\n' })).toEqual([
      expect.stringMatching(ERROR),
    ]);
  });
});

test.each([
  ['definitions', 'offset = 5\n\t.set other, offset\n'],
  ['a word of a site in a comment', 'offset = 5 // cover, thash\n'],
])('%s are none', (_, text) => {
  expect(said(SITE + INCLUDE + END, { 'own.inc': text })).toEqual([]);
});
