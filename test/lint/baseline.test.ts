import fc from 'fast-check';
import { expect, test } from 'vitest';
import { applyBaseline, countFindings, formatBaseline, parseBaseline } from '../../src/lint/accept/baseline.ts';
import { SourceText } from '../../src/syntax/source.ts';
import { findingAt, IVT } from './support.ts';

const nameOf = (file: SourceText): string => file.name;
const TWO = [findingAt(IVT, 'r16'), findingAt(IVT, 'r18')];

test('counts per file, rule and line, sorted, and reads back', () => {
  const text = formatBaseline(countFindings([...TWO, findingAt(IVT, 'END', { rule: 'PV001' })], nameOf));
  expect(JSON.parse(text)).toEqual({
    version: 2,
    findings: {
      'arch/ia64/kernel/ivt.S': {
        PV001: { 'END(vhpt_miss)': 1 },
        PV002: { 'ASM_READ_IFA(b6, r16, r18) // fault address': 2 },
      },
    },
  });
  const { baseline, diagnostics } = parseBaseline(new SourceText('b.json', text));
  expect(diagnostics).toEqual([]);
  expect(formatBaseline(baseline)).toBe(text);
});

test('only what is new is shown: another line, and one more finding at an equal line', () => {
  const of = (lines: Readonly<Record<string, number>>, findings = TWO): ReturnType<typeof applyBaseline> =>
    applyBaseline(findings, new Map([[IVT.name, new Map([['PV002', new Map(Object.entries(lines))]])]]), nameOf);
  const line = 'ASM_READ_IFA(b6, r16, r18) // fault address';
  expect(of({ [line]: 2 })).toEqual({ standing: [], absorbed: 2, slack: [] });
  expect(of({ [line]: 1 }).standing).toEqual([TWO[1]]);
  expect(of({ 'mov r2=r3': 1 }).standing).toEqual(TWO);
  // As the first version of the file had it.
  expect(of({ '': 1 }).standing).toEqual([TWO[1]]);
  const another = findingAt(IVT, 'END');
  expect(of({ [line]: 2 }, [...TWO, another]).standing).toEqual([another]);
  expect(of({ [line]: 2, 'mov r2=r3': 1 }).slack).toEqual([{ file: IVT.name, rule: 'PV002', allowed: 3, found: 2 }]);
});

test('a baseline made of the findings always absorbs them, wherever their lines moved', () => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ rule: fc.constantFrom('PV001', 'PV002'), at: fc.constantFrom('r16', 'r18', 'END') })),
      fc.nat(9),
      (picks, lines) => {
        const lower = new SourceText(IVT.name, `${'\n'.repeat(lines)}${IVT.text}`);
        const findings = picks.map(({ rule, at }) => findingAt(IVT, at, { rule }));
        const moved = picks.map(({ rule, at }) => findingAt(lower, at, { rule }));
        const text = formatBaseline(countFindings(findings, nameOf));
        const { baseline } = parseBaseline(new SourceText('b.json', text));
        expect(applyBaseline(moved, baseline, nameOf)).toEqual({ standing: [], absorbed: picks.length, slack: [] });
      },
    ),
  );
});

test.each([
  ['{', 'the baseline is not JSON'],
  ['[]', "the baseline has no 'findings'"],
  ['{"version": 3, "findings": {}}', "the baseline's version is 3, not 2"],
  ['{"version": 2, "findings": {"a.S": 3}}', "the baseline's entry for 'a.S' is not a table of rules"],
  ['{"version": 2, "findings": {"a.S": {"PV001": []}}}', "entry for PV001 in 'a.S' is not a table of lines"],
  [
    '{"version": 2, "findings": {"a.S": {"PV001": {"rfi": -1}}}}',
    "the baseline's count for PV001 in 'a.S' is not a whole number",
  ],
])('%s is an error', (text, message) => {
  const { diagnostics, baseline } = parseBaseline(new SourceText('b.json', text));
  expect(diagnostics[0]!.message).toContain(message);
  expect(baseline.size).toBe(0);
});
