/** The message about a site that is lost names the convention that would give it back, and with it the site is one. */
import { describe, expect, test } from 'vitest';
import { rewritten } from './support.ts';

const routine = (...body: string[]) =>
  `\t.text\n\t.global f\n\t.proc f\nf:\tmov cr.ifa=r9\n\t;;\n${body.join('\n')}\n\t.endp f\n`;
const ends = '\tbr.ret.sptk.many b0';

const cases: Readonly<Record<string, readonly [text: string, named: string, convention: string]>> = {
  'an rfi': [
    routine('\trfi'),
    '[[exit]] routine = "f", kind = "rfi"',
    '[[exit]]\nroutine = "f"\nkind = "rfi"\ndead = ["r2"]\n',
  ],
  'a branch through a register': [
    routine('\tmov b6=r8', '\t;;', '\tbr.cond.sptk.many b6'),
    '[[exit]] routine = "f", kind = "jump"',
    '[[exit]]\nroutine = "f"\nkind = "jump"\nreads = []\n',
  ],
  'a break': [
    routine('\tbreak 0x77', '\t;;', ends),
    '[[break]]',
    '[[break]]\nimmediate = 0x77\nreads = ["r15"]\nclobbers = ["r8"]\n',
  ],
  'a call through another register than b0': [
    routine('\tbr.call.sptk.many b7=elsewhere', '\t;;', ends),
    '[[symbol]] name = "elsewhere"',
    '[[symbol]]\nname = "elsewhere"\nlink = "b7"\nreads = ["r32"]\nclobbers = ["r2"]\nreturns = ["r8"]\n',
  ],
};

describe('gives it back', () => {
  test.each(Object.entries(cases))('%s', (_, [text, named, own]) => {
    const given = { files: { 'a.S': text }, targets: ['native', 'xen:b'] };
    const lost = rewritten(given);
    expect(lost.refusals.map(({ operation }) => operation.name)).toEqual(['WRITE_IFA']);
    expect(lost.refusals[0]!.reason).toContain(`${named} in the conventions can say what is read there`);
    const back = rewritten({ ...given, own });
    expect({ refused: back.refusals, wrong: back.diagnostics }).toEqual({ refused: [], wrong: [] });
  });
});

describe('no convention, but the source', () => {
  test.each([
    ['code that has no end', routine('\tnop 0'), 'read by code behind the end of the section, behind a.S:6'],
    [
      'a macro',
      routine('\tFOO(r2)', ends),
      'FOO is not known: a header of -I or -include that defines it, or -D, can say what it reads',
    ],
    [
      'an operand',
      routine('\tadd r8=r14,r15,r16', ends),
      "'add' or an operand of it is not known: a header of -I or -include that defines it",
    ],
  ])('%s', (_, text, help) => {
    const { refusals } = rewritten({ files: { 'a.S': text }, targets: ['native', 'xen:b'] });
    expect(refusals[0]!.reason).toContain(help);
  });
});
