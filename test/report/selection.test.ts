/** Answers to a reviewer's questions, from the samples: a handler, a line, an operation, what was not done. */
import { describe, expect, test } from 'vitest';
import { handlersOfLines } from '../../src/report/handlers.ts';
import { NoAnswer, type ReportQuery, select } from '../../src/report/selection.ts';
import { selectionDocument } from '../../src/report/selection-document.ts';
import { documentText } from '../../src/report/text.ts';
import { temporaryFiles } from './files.ts';
import { make, reportOf } from './support.ts';

const write = temporaryFiles();

const made = make(['samples/ivt.S'], [], ['native', 'xen:a', 'xen:b']);
const report = reportOf(made);
const handlersOf = handlersOfLines(made.built.rewritten.project.units);
const asked = (question: Partial<ReportQuery>) => {
  const whole = { at: null, operation: null, refused: false, ...question };
  const selection = select(report, whole, handlersOf);
  const lines = documentText(selectionDocument(selection, whole));
  return { ...selection, lines, text: lines.replace(/\s+/g, ' ') };
};
const places = (question: Partial<ReportQuery>) => asked(question).report.sites.map(({ line }) => line);

describe('at', () => {
  test('a handler: its sites, what it clobbers, whether it fits', () => {
    const { report: part, text } = asked({ at: 'itlb_miss' });
    expect(part.sites.map(({ operation }) => operation)).toEqual(['READ_IFA', 'THASH', 'ITC_I', 'RFI']);
    expect(text).toContain('xen:a r17 r30 b0 xen:b r17 r30');
    expect(text).toContain('itlb_miss at 0x0400: room for 64 bundles source fits: 6 bundles');
  });

  test('a handler has the sites of the macros that it calls; a macro has its own', () => {
    expect(asked({ at: 'page_fault' }).report.sites.map(({ file }) => file)).toContain('samples/minstate.h');
    expect(asked({ at: 'SAVE_FRAME' }).report.sites.every(({ handler }) => handler === 'SAVE_FRAME')).toBe(true);
    expect(asked({ at: 'hand_over' }).report.sites.map(({ operation }) => operation)).toEqual([
      'SSM_PSR_SRLZ_I',
      'SSM_PSR',
    ]);
  });

  test('a line: each line of a fused run, the call of a macro', () => {
    for (const line of [27, 28, 29]) expect(places({ at: `samples/ivt.S:${line}` }), String(line)).toEqual([27]);
    expect(places({ at: 'samples/ivt.S:301' })).toEqual([27, 31]);
  });

  test('a line without a site stands for its handler, and says so', () => {
    const { text } = asked({ at: 'samples/ivt.S:107' });
    expect(text).toContain('samples/ivt.S:107 changes nothing; it stands in itlb_miss');
    expect(text).toContain('THASH');
  });

  test.each([
    [{ at: 'itlb_mis' }, "called 'itlb_mis'; did you mean 'itlb_miss'?"],
    [{ at: 'samples/ivt.S:2' }, 'samples/ivt.S:2: no configuration has an instruction of this line'],
    [{ operation: 'tash' }, "no site does 'tash'; did you mean 'THASH'?"],
  ])('%j is no question', (question, message) => {
    expect(() => asked(question)).toThrow(
      new NoAnswer(
        `${message.startsWith('called') ? 'there is no handler, routine or macro with sites ' : ''}${message}`,
      ),
    );
  });
});

test('an operation, in small letters too, and in a handler', () => {
  expect(places({ operation: 'thash' })).toEqual([110, 132, 224]);
  expect(places({ operation: 'THASH', at: 'dirty_bit' })).toEqual([224]);
});

describe('refused', () => {
  test('each site that is no call although calls were asked for, with its reason', () => {
    const { report: part, text } = asked({ refused: true });
    const inPlace = report.sites.filter(({ targets }) => targets[1]!.kind === 'inPlace');
    expect(inPlace.length).toBeGreaterThan(20);
    expect(inPlace.filter(({ targets }) => targets[1]!.notCalled === null)).toEqual([]);
    expect(part.sites).toEqual(expect.arrayContaining(inPlace));
    expect(report.sites.filter(({ targets }) => targets[2]!.notCalled !== null)).toEqual([]);
    expect(text).toMatch(/samples\/ivt.S:106 +READ_IFA +mov r16=cr.ifa +b0 samples\/ivt.S:107, b1-b7 the/);
    expect(text).toContain('PTC_L, privileged, 2 places');
  });

  test('is short: a line for each site but where it is wrapped, its numbers those of what is listed, no two empty lines', () => {
    const { report: part, lines } = asked({ refused: true });
    const notCalled = part.sites.filter(({ targets }) => targets.some((target) => target.notCalled !== null));
    const [, counted] = /asked for: (\d+) sites/.exec(lines)!;
    expect(Number(counted)).toBe(notCalled.length);
    for (const { file, line } of notCalled) expect(lines).toMatch(new RegExp(`^  ${file}:${line} `, 'm'));
    expect(lines.split('\n').length).toBeLessThan(4 * notCalled.length);
    expect(lines.split('\n\n\n').length).toBe(2); // before the second section
    expect(lines).not.toMatch(/^=+\n\n\n/m);
  });

  test('the whole reason where one site is asked for', () => {
    const { text } = asked({ at: 'samples/ivt.S:106' });
    expect(text.replace(/\s+/g, ' ')).toContain(
      'no call: no branch register is free for the return address: b0 is live: read by mov r29=b0 at samples/ivt.S:107; b1-b7 are live: read by the interrupted code',
    );
  });

  test.each([
    ['an explicit bundle', '\t{ .mii\n\tmov r14=cr.ifa\n\tnop.i 0\n\tnop.i 0\n\t}\n', 'explicit bundle'],
    [
      'two operands',
      '#define GET(r) mov r=cr.ifa\n\tGET(r14)\n\tGET(r15)\n\t;;\n\tst8 [r32]=r14\n\tst8 [r33]=r15\n',
      'several operands',
    ],
  ])('%s', (_, code, reason) => {
    const file = write('no-call.S', `\t.proc f\nf:\n${code}\t;;\n\tbr.ret.sptk.many b0\n\t.endp f\n`);
    const { sites } = reportOf(make([file], [], ['xen:a']));
    expect(sites.flatMap(({ targets }) => targets[0]!.notCalled ?? []).join()).toContain(reason);
  });

  test('nothing', () => {
    const file = write('done.S', 'f:\tbr.ret.sptk.many b0\n');
    const { built, options } = make([file], [], ['xen:b']);
    const question = { at: null, operation: null, refused: true };
    const selection = select(reportOf({ built, options }), question, () => []);
    expect(documentText(selectionDocument(selection, question))).toContain('Every site is rewritten');
  });
});
