import fc from 'fast-check';
import { expect, test } from 'vitest';
import { applyBaseline, countFindings, formatBaseline, parseBaseline } from '../../src/lint/accept/baseline.ts';
import { SourceText } from '../../src/syntax/source.ts';
import { findingAt, IVT } from './support.ts';

const nameOf = (file: SourceText): string => file.name;
const TWO = [findingAt(IVT, 'r16'), findingAt(IVT, 'r18')];

test('counts per file and rule, sorted, and reads back', () => {
  const text = formatBaseline(countFindings([...TWO, findingAt(IVT, 'END', { rule: 'PV001' })], nameOf));
  expect(text).toBe(
    `{\n  "version": 1,\n  "findings": {\n    "arch/ia64/kernel/ivt.S": {\n      "PV001": 1,\n      "PV002": 2\n    }\n  }\n}\n`,
  );
  const { baseline, diagnostics } = parseBaseline(new SourceText('b.json', text));
  expect(diagnostics).toEqual([]);
  expect(formatBaseline(baseline)).toBe(text);
});

test('what it allows is not shown; when there is more, all of it is, and the first says so', () => {
  const of = (count: number): ReturnType<typeof applyBaseline> =>
    applyBaseline(TWO, new Map([[IVT.name, new Map([['PV002', count]])]]), nameOf);
  expect(of(2)).toEqual({ standing: [], absorbed: 2, slack: [] });
  expect(of(3).slack).toEqual([{ file: IVT.name, rule: 'PV002', allowed: 3, found: 2 }]);
  expect(of(1).standing.map((finding) => finding.message)).toEqual([
    'the scratch register r18 is live; 2 findings, baseline 1',
    'the scratch register r18 is live',
  ]);
  expect(of(0).standing).toEqual(TWO);
});

test('a baseline made of the findings always absorbs them, wherever they moved', () => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ rule: fc.constantFrom('PV001', 'PV002'), at: fc.constantFrom('r16', 'r18', 'END') })),
      (picks) => {
        const findings = picks.map(({ rule, at }) => findingAt(IVT, at, { rule }));
        const moved = picks.map(({ rule }) => findingAt(IVT, 'ENTRY', { rule }));
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
  ['{"version": 2, "findings": {}}', "the baseline's version is 2, not 1"],
  ['{"version": 1, "findings": {"a.S": 3}}', "the baseline's entry for 'a.S' is not a table of rules"],
  [
    '{"version": 1, "findings": {"a.S": {"PV001": -1}}}',
    "the baseline's count for PV001 in 'a.S' is not a whole number",
  ],
])('%s is an error', (text, message) => {
  const { diagnostics, baseline } = parseBaseline(new SourceText('b.json', text));
  expect(diagnostics[0]!.message).toContain(message);
  expect(baseline.size).toBe(0);
});
