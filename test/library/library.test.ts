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

test('build makes of a sample and its header what the command makes', () => {
  const targets = ['native', 'xen:a', 'xen:b'];
  const { listings, failures } = build([ivt], { targets, read });
  expect(failures).toEqual([]);
  const { built } = make(['samples/ivt.S'], [], targets);
  expect(listings.map(({ target, name, text }) => ({ target, name, text }))).toEqual(
    built.listings.map(({ choice, file, text }) => ({ target: choice.label, name: file.name, text })),
  );
  for (const { name, text, edits } of listings) expect(edited(read(name)!, edits)).toBe(text);
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
