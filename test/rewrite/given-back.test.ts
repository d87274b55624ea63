/** The message about a site that is lost names the convention that would give it back, and with it the site is one. */
import { describe, expect, test } from 'vitest';
import { NO_HYPERCALLS } from '../../src/expand/hypercalls.ts';
import type { TargetChoice } from '../../src/expand/plan.ts';
import { loadTarget } from '../../src/expand/target.ts';
import { SourceText } from '../../src/syntax/source.ts';
import { built, operations, rewritten } from './support.ts';

const routine = (...body: string[]) =>
  `\t.text\n\t.global f\n\t.proc f\nf:\tmov cr.ifa=r9\n\t;;\n${body.join('\n')}\n\t.endp f\n`;
const ends = '\tbr.ret.sptk.many b0';

const cases: Readonly<Record<string, readonly [text: string, named: string, convention: string]>> = {
  'an rfi': [
    routine('\trfi'),
    '[[exit]] routine = "f", kind = "rfi", dead = [...]',
    '[[exit]]\nroutine = "f"\nkind = "rfi"\ndead = ["r2"]\n',
  ],
  'a branch through a register': [
    routine('\tmov b6=r8', '\t;;', '\tbr.cond.sptk.many b6'),
    '[[exit]] routine = "f", kind = "jump", reads = [...]',
    '[[exit]]\nroutine = "f"\nkind = "jump"\nreads = []\n',
  ],
  'a break': [
    routine('\tbreak 0x77', '\t;;', ends),
    '[[break]] immediate = 0x77, reads = [...]',
    '[[break]]\nimmediate = 0x77\nreads = ["r15"]\nclobbers = ["r8"]\n',
  ],
  'a call through another register than b0': [
    routine('\tbr.call.sptk.many b7=elsewhere', '\t;;', ends),
    '[[symbol]] name = "elsewhere", reads = [...]',
    '[[symbol]]\nname = "elsewhere"\nlink = "b7"\nreads = ["r32"]\nclobbers = ["r2"]\nreturns = ["r8"]\n',
  ],
};

describe('gives it back', () => {
  test.each(Object.entries(cases))('%s', (_, [text, named, own]) => {
    const given = { files: { 'a.S': text }, targets: ['native', 'xen:b'] };
    const lost = rewritten(given);
    expect(lost.refusals.map(({ operation }) => operation.name)).toEqual(['WRITE_IFA']);
    expect(lost.refusals[0]!.reason).toContain(`${named} in the conventions can say that they are not read there`);
    const back = rewritten({ ...given, own });
    expect({ refused: back.refusals, wrong: back.diagnostics }).toEqual({ refused: [], wrong: [] });
  });
});

describe('no convention, but the source', () => {
  test.each([
    [
      'an rfi of code without a routine',
      '\t.text\nf:\tmov cr.ifa=r9\n\t;;\n\trfi\n',
      '; with a .proc NAME around the code, [[exit]] routine = "NAME", kind = "rfi", dead = [...] in the conventions can',
    ],
    ['an operand', routine('\tadd r8=r14,r15,r16', ends), "'add' or an operand of it is not known: a header of -I or"],
    [
      'code that has no end',
      routine('\tnop 0'),
      'read by code behind the end of the section, behind a.S:6); a branch at the end of the code can say where control',
    ],
    [
      'a macro',
      routine('\tFOO(r2)', ends),
      'FOO is not known: a header of -I or -include that defines it, or -D, can say what it reads',
    ],
  ])('%s', (_, text, help) => {
    const { refusals } = rewritten({ files: { 'a.S': text }, targets: ['native', 'xen:b'] });
    expect(refusals[0]!.reason).toContain(help);
  });
});

/** Each text once with what stands in the way and once as the message advises; both go on with the same lines. */
const spelled: Readonly<Record<string, readonly [before: string, reason: RegExp, after: string]>> = {
  'operands by one macro': [
    '#define OPS r14=cr.ifa\nf:\tmov OPS\n',
    /its operands are spelled by a macro; it can be rewritten where each operand is spelled by itself/,
    '#define FROM cr.ifa\nf:\tmov r14=FROM\n',
  ],
  'spelled in two pieces': [
    '\t.macro get op\n\t\\op r14=cr.ifa\n\t.endm\nf:\tget mov\n',
    /put together by the preprocessor; it can be rewritten where one macro, or the source itself, spells all of it/,
    '\t.macro get\n\tmov r14=cr.ifa\n\t.endm\nf:\tget\n',
  ],
  'a parameter called r14': [
    '#define GET(r14) mov r14=cr.ifa\nf:\tGET(r15)\n',
    /called like a register; with another name for it, the macro can be rewritten/,
    '#define GET(to) mov to=cr.ifa\nf:\tGET(r15)\n',
  ],
  'an argument that says what it is': [
    '#define GET(from) mov r14=from\nf:\tGET(cr.ifa)\n',
    /an argument of the macro around it; a macro for each can be rewritten/,
    '#define GET_IFA mov r14=cr.ifa\nf:\tGET_IFA\n',
  ],
  'text that a macro makes of it': [
    '#define LOG(x) x ; .section .log; .string #x; .text\nf:\tLOG(mov r14=cr.ifa)\n',
    /makes text of it by #, which another spelling would change; the macro can be given the text for itself/,
    '#define LOG(x, text) x ; .section .log; .string text; .text\nf:\tLOG(mov r14=cr.ifa, "mov r14=cr.ifa")\n',
  ],
  'a number of bytes': [
    'f:\tbr.cond.sptk f+0x20\n\tmov r14=cr.ifa\n',
    /counts the bytes of the code here, and another body would change them; it can name a label instead/,
    'f:\tbr.cond.sptk 1f\n\tmov r14=cr.ifa\n1:\n',
  ],
};

test.each(Object.entries(spelled))('%s: the source, changed as the message says', (_, [before, reason, after]) => {
  const tail = '\t;;\n\tst8 [r32]=r14\n\tmov r9=r0\n\tbr.ret.sptk.many b0\n';
  const of = (text: string) => rewritten({ files: { 'a.S': text + tail }, targets: ['native', 'xen:b'] });
  expect(of(before).refusals.map((each) => each.reason)).toEqual([expect.stringMatching(reason)]);
  const mended = of(after);
  expect([mended.refusals, mended.sites.length]).toEqual([[], 1]);
});

test('where this file goes on behind an rfi, no convention can say what is read there', () => {
  const { refusals } = rewritten({
    files: {
      'a.S': routine('\tmovl r17=1f', '\t;;', '\tmov cr.iip=r17', '\t;;', '\trfi', '1:\tbr.cond.sptk 1b'),
    },
    targets: ['native', 'xen:b'],
  });
  expect(refusals[0]!.reason).toMatch(/read by code of this file that it switches to, behind a\.S:\d+\)$/);
});

test('in a bundle whose address is read: the source, changed as the message says', () => {
  const of = (text: string) =>
    built({ files: { 'a.S': text }, targets: ['xen:b'] }).failures.map(({ reason }) => reason);
  const rest = '\n\t;;\n\tst8 [r32]=r14\n\tst8 [r33]=r15\n\tbr.ret.sptk.many b0\n';
  expect(of(`f:\t{ .mii\n\tmov r14=cr.ifa\n\tmov r15=ip\n\tnop.i 0\n\t}${rest}`)).toEqual([
    expect.stringMatching(
      /reads the address of that bundle, which may not be opened; the site can stand outside of it$/,
    ),
  ]);
  expect(of(`f:\tmov r14=cr.ifa\n\t{ .mii\n\tnop.m 0\n\tmov r15=ip\n\tnop.i 0\n\t}${rest}`)).toEqual([]);
});

test('for a target without a body: the target, changed as the message says', () => {
  const choice = (bodies: string): TargetChoice => ({
    label: 'own',
    target: loadTarget(new SourceText('own.S', bodies), operations.all, NO_HYPERCALLS).target,
    alternative: null,
  });
  const of = (bodies: string) =>
    built({
      files: { 'a.S': 'f:\tthash r14=r32\n\t;;\n\tmov r8=r14\n\tbr.ret.sptk.many b0\n' },
      choices: [choice(bodies)],
    }).failures.map(({ reason }) => reason);
  const other = '.macro ASM_READ_IFA pred, breg, d\n\tmov \\d=r0\n.endm\n';
  expect(of(other)).toEqual([
    'own has no body for it, and it would not trap: it would answer wrongly; a macro ASM_THASH in its target file can answer',
  ]);
  expect(of(`${other}.macro ASM_THASH pred, breg, d, s\n\tmov \\d=\\s\n.endm\n`)).toEqual([]);
});
