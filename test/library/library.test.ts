/** The library, called as a program calls it: texts in, plain data out, the same as the commands make. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { projectRoot } from '../../scripts/inputs/cache.mjs';
import type * as Declared from '../../src/library/functions.d.ts';
import * as library from '../../src/library/library.ts';
import { make, reportOf } from '../report/support.ts';

const { build, check, parse, report, rewrite }: typeof Declared = library;

const read = (path: string) => {
  try {
    return readFileSync(join(projectRoot, path), 'latin1');
  } catch {
    return undefined;
  }
};
const ivt = { name: 'samples/ivt.S', text: read('samples/ivt.S')! };
const HANDLER = { name: 'f.S', text: 'f:\tmov r14=cr.ifa\n\t;;\n\tst8 [r32]=r14\n\tbr.ret.sptk.many b0\n' };

/** What edits make of a text. */
function edited(text: string, edits: readonly { start: number; end: number; text: string }[]): string {
  return edits.reduceRight((all, edit) => all.slice(0, edit.start) + edit.text + all.slice(edit.end), text);
}

test('parse gives each statement with its place, and the text back', () => {
  const { statements, messages, text } = parse(HANDLER);
  expect({ text, messages }).toEqual({ text: HANDLER.text, messages: [] });
  expect(statements.map(({ kind, name, line }) => [kind, name, line])).toEqual([
    ['label', 'f', 1],
    ['instruction', 'mov', 1],
    ['stop', null, 2],
    ['instruction', 'st8', 3],
    ['instruction', 'br.ret.sptk.many', 4],
  ]);
  for (const { start, end, text: own } of statements) expect(HANDLER.text.slice(start, end)).toBe(own);
});

test('parse never throws, and loses nothing', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'r1=,[](){};:#"\\\n\t/*.'), maxLength: 60 }), (text) => {
      expect(parse({ name: 'x.S', text }).text).toBe(text);
    }),
  );
});

test('rewrite', () => {
  const { files, refused, messages } = rewrite([HANDLER], { targets: ['xen:b'] });
  expect({ refused, messages }).toEqual({ refused: [], messages: [] });
  expect(files.map(({ text }) => text)).toEqual([HANDLER.text.replace('mov r14=cr.ifa', 'ASM_READ_IFA(-, r14)')]);
  expect(edited(HANDLER.text, files[0]!.edits)).toBe(files[0]!.text);
});

test('build gives one text of a header for each that sources need, and edits that make every text', () => {
  const targets = ['native', 'xen:a', 'xen:b'];
  const header = '#define GET(dst) mov dst=cr.ivr\n';
  const live = {
    name: 'g.S',
    text: '#include "h.h"\ng:\tmov r8=5\n\tGET(r15)\n\t;;\n\tadd r8=r8,r15\n\tbr.ret.sptk.many b0\n',
  };
  const free = {
    name: 'f.S',
    text: '#include "h.h"\nf:\tGET(r14)\n\t;;\n\tst8 [r32]=r14\n\tmov r8=r0\n\tbr.ret.sptk.many b0\n',
  };
  const texts = new Map([live, free, { name: 'h.h', text: header }].map(({ name, text }) => [name, text]));
  const made = build([live, free], { targets, read: (path) => texts.get(path) });
  expect({ failures: made.failures, messages: made.messages }).toEqual({ failures: [], messages: [] });
  const headers = made.listings.filter(({ name, target }) => name === 'h.h' && target === 'xen:b');
  expect(headers.map(({ text }) => text.includes('mov r8='))).toEqual([true, false]);
  for (const { place, text } of headers) {
    expect(place).toMatch(/^include\/h-[0-9a-f]{12}\.h$/);
    expect(made.listings.some((each) => each.target === 'xen:b' && each.text.includes(`#include "${place}"`))).toBe(
      true,
    );
    expect(text).toContain('#define GET(dst)');
  }
  for (const { name, text, edits } of made.listings) expect(edited(texts.get(name)!, edits)).toBe(text);
});

test('report is the report', () => {
  const targets = ['native', 'xen:b'];
  expect(report([ivt], { targets, read })).toEqual(reportOf(make(['samples/ivt.S'], [], targets)));
});

test('check finds what is left to do, with its repair', () => {
  const { findings } = check([HANDLER], { targets: ['xen:b'] });
  expect(findings.map(({ rule, line, column }) => [rule, line, column])).toEqual([['PV001', 1, 4]]);
  expect(edited(HANDLER.text, findings[0]!.fix!.edits)).toContain('f:\tASM_READ_IFA(-, r14)\n');
});

test('check gives the repair that is certain', () => {
  const text = 'f:\tadd r14=r32,r33\n\tadd r8=r14,r33\n\tbr.ret.sptk.many b0\n';
  const { findings } = check([{ name: 'f.S', text }]);
  const repairs = findings.flatMap(({ fix }) => fix ?? []);
  expect(repairs).toHaveLength(1);
  const repaired = edited(text, repairs[0]!.edits);
  expect(repaired).toMatch(/r33 ?\n?\t?;;/);
  expect(check([{ name: 'f.S', text: repaired }]).findings).toEqual([]);
});

describe('what is wrong', () => {
  test.each([
    ['a target', () => build([HANDLER], { targets: ['xne'] }), "unknown target 'xne'; did you mean 'xen'?"],
    ['a macro', () => check([HANDLER], { define: ['-DX'] }), "'-DX' is no macro"],
    ['a header', () => report([{ name: 'g.S', text: '#include "no.h"\n' }]), 'g.S:1:1: header'],
    ['conventions', () => check([HANDLER], { conventions: [{ name: 'c.toml', text: 'x = ' }] }), 'c.toml:1'],
  ])('%s', (_, call, message) => {
    expect(call).toThrow(message);
  });

  test('a missing header is told of, not thrown', () => {
    expect(rewrite([{ name: 'g.S', text: '#include "no.h"\n' }]).messages).toMatchObject([
      { severity: 'error', file: 'g.S', line: 1 },
    ]);
  });
});
