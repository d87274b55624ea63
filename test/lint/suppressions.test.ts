import { describe, expect, test } from 'vitest';
import { applySuppressions, configuredSuppressions, inlineSuppressions } from '../../src/lint/accept/suppressions.ts';
import { SUPPRESSIBLE } from '../../src/lint/registry.ts';
import { SourceText } from '../../src/syntax/source.ts';
import { tokenize } from '../../src/syntax/tokenize.ts';
import { findingAt } from './support.ts';

/** Findings of PV005 wherever `BAD` stands; the lines of those that still stand, and of unused suppressions. */
function outcome(text: string): { standing: number[]; unused: number[]; malformed: string[] } {
  const file = new SourceText('a.S', text);
  const line = (start: number): number => file.position(start).line;
  const findings = [...text.matchAll(/BAD/g)].map((match) => ({
    ...findingAt(file, 'BAD', { rule: 'PV005' }),
    start: match.index,
    end: match.index + 3,
  }));
  const { suppressions, reports } = inlineSuppressions(tokenize(file), SUPPRESSIBLE);
  const { standing, unused } = applySuppressions(findings, suppressions);
  return {
    standing: standing.map((finding) => line(finding.start)),
    unused: unused.map((suppression) => line(suppression.place.start)),
    malformed: reports.map((report) => `${line(report.start)}: ${report.message}`),
  };
}

const CLEAN = { standing: [], unused: [], malformed: [] };

describe('inline', () => {
  test.each([
    ['on the line', 'BAD // pvasm: ignore PV005 -- why\n'],
    ['before the code on the line', '/* pvasm: ignore PV005 -- why */ BAD\n'],
    ['on the line above', '// pvasm: ignore PV005 -- why\n\tBAD\n'],
    [
      'above, with other comments and an empty line between',
      '// pvasm: ignore PV005 -- why\n\n/* what it does */\n\tBAD\n',
    ],
    ['two rules', '// pvasm: ignore PV022, PV005 -- why\nBAD\n', [1]],
    ['in a macro body, before the backslash', '#define X \\\n BAD; /* pvasm: ignore PV005 -- why */ \\\n nop 0\n'],
    ['in a macro body, above', '#define X \\\n /* pvasm: ignore PV005 -- why */ \\\n BAD\n'],
    ['the whole file', 'BAD\n\n/* pvasm: ignore-file PV005 -- why */\nBAD\n'],
    ['a comment of several lines', '/*\n * pvasm: ignore PV005 -- why\n * it is right\n */\nBAD\n'],
    ['CRLF', '// pvasm: ignore PV005 -- why\r\nBAD\r\n'],
  ])('%s', (_name, text, unused: number[] = []) => {
    expect(outcome(text)).toEqual({ ...CLEAN, unused });
  });

  test.each([
    ['the line below its own code', 'nop 0 // pvasm: ignore PV005 -- why\nBAD\n', { standing: [2], unused: [1] }],
    ['another rule', 'BAD // pvasm: ignore PV022 -- why\n', { standing: [1], unused: [1] }],
    ['only the next line', '// pvasm: ignore PV005 -- why\nBAD\nBAD\n', { standing: [3] }],
    ['nothing behind it', 'BAD\n// pvasm: ignore PV005 -- why\n', { standing: [1], unused: [2] }],
  ])('does not reach %s', (_name, text, expected) => {
    expect(outcome(text)).toEqual({ ...CLEAN, ...expected });
  });

  test.each([
    ['pvasm: ignore PV005', "the suppression of PV005 gives no reason: add '-- why this is right'"],
    ['pvasm: ignore PV005 --  ', "the suppression of PV005 gives no reason: add '-- why this is right'"],
    ['pvasm: ignore -- why', 'the suppression names no rule'],
    ['pvasm: ignore PV999 -- why', "'PV999' is not a rule that can be suppressed"],
    ['pvasm: ignore PV02 -- why', "'PV02' is not a rule that can be suppressed; did you mean 'PV002'?"],
    ['pvasm: ignore PV021 -- why', "'PV021' is not a rule that can be suppressed"],
    ['pvasm: off', "expected 'pvasm: ignore RULE -- reason' or 'pvasm: ignore-file RULE -- reason'"],
  ])('%s is malformed and suppresses nothing', (comment, message) => {
    expect(outcome(`BAD // ${comment}\n`)).toEqual({ standing: [1], unused: [], malformed: [`1: ${message}`] });
  });
});

describe('[[suppress]]', () => {
  const file = new SourceText('arch/ia64/kernel/ivt.S', '\tmov  r16 = cr.ifa\t// x\n');
  const finding = findingAt(file, 'mov', { rule: 'PV005' });
  const place = { file: new SourceText('pvasm.toml', ''), start: 0, end: 0 };

  test.each([
    [{ file: 'ivt.S', line: 'mov r16 = cr.ifa' }, 0, 0],
    [{ file: null, line: null }, 0, 0],
    [{ file: 'kernel/*.S', line: null }, 0, 0],
    [{ file: 'ivt.S', line: 'mov * = cr.* x' }, 0, 0],
    [{ file: 'ivt.S', line: 'mov r17 = cr.ifa' }, 1, 1],
    [{ file: 'ivt.S', line: 'cr.*mov' }, 1, 1],
    // An entry for a file that was not checked cannot be known to be unused.
    [{ file: 'entry.S', line: null }, 1, 0],
  ])('%j leaves %i standing and is reported as unused %i times', (entry, standing, unused) => {
    const entries = [{ rules: ['PV005'], reason: 'why', place, shipped: false, converted: false, ...entry }];
    const suppressions = configuredSuppressions(entries, [file.name], (each) => each.name);
    const applied = applySuppressions([finding], suppressions);
    expect([applied.standing.length, applied.unused.length]).toEqual([standing, unused]);
  });

  test('one that comes with the tool is never reported: the kernel it spoke of may be another', () => {
    const entry = { rules: ['PV005'], reason: 'why', place, file: 'ivt.S', line: 'mov r17' };
    const unused = (shipped: boolean) =>
      applySuppressions(
        [finding],
        configuredSuppressions([{ ...entry, shipped, converted: false }], [file.name], (each) => each.name),
      ).unused;
    expect(unused(false)).toHaveLength(1);
    expect(unused(true)).toHaveLength(0);
  });
});
