import { expect, test } from 'vitest';
import { type Config, DEFAULT_CONFIG } from '../../src/config/config.ts';
import { fails, judge, type LintResult } from '../../src/lint/check.ts';
import { applyFixes } from '../../src/lint/fix.ts';
import { inspect } from '../../src/lint/inspection.ts';
import { fileKey } from '../../src/project/files.ts';
import { SourceText } from '../../src/syntax/source.ts';
import { contextOf, conventionsWith, NO_FLAGS } from './project.ts';
import { findingAt } from './support.ts';

function check(text: string, config: Partial<Config> = {}): LintResult {
  const source = new SourceText('kernel/a.S', text);
  const context = contextOf([source], NO_FLAGS, new Map(), conventionsWith());
  const inspection = inspect({ context, diagnostics: [], configurations: 1, complete: true });
  return judge([inspection, inspection], {
    ...context,
    config: { ...DEFAULT_CONFIG, ...config },
    suppressions: [],
    baseline: new Map([
      ['kernel/a.S', new Map([['PV001', new Map([['mov r16=cr.ifa', 1]])]])],
      ['kernel/b.S', new Map([['PV001', new Map([['mov r16=cr.ifa', 1]])]])],
    ]),
    nameOf: (file) => file.name,
  });
}

const lines = ({ findings }: LintResult): string[] =>
  findings.map(({ file, start, rule, severity }) => `${file.position(start).line} ${rule} ${severity}`);

const BAD = '\tASM_WRITE_IFA(b6, r16, r16)\n\tASM_WRITE_IFA(b6, r16, r17, r17)\n\tmov r16=cr.ifa\n';
const at = (level: 'off' | 'note') => new Map([['PV005', { level, origin: 'pvasm.toml:1' } as const]]);

test('findings come once, in order, with the baseline taken away', () => {
  const result = check(BAD);
  expect(lines(result).filter((line) => line.includes('PV005'))).toEqual(['1 PV005 error', '2 PV005 error']);
  expect(lines(result).some((line) => line.includes('PV001'))).toBe(false);
  expect(result.absorbed).toBe(1);
  expect(new Set(result.findings.map((finding) => finding.fingerprint)).size).toBe(result.findings.length);
});

test("the baseline of a file that was not looked at is nobody's business", () => {
  expect(check(BAD).slack).toEqual([]);
  expect(check('\tnop 0\n').slack).toEqual([{ file: 'kernel/a.S', rule: 'PV001', allowed: 1, found: 0 }]);
});

test('a header is one file, however the sources spell its path', () => {
  const header = `f:\tmov r8=cr.ipsr\n\tmov r9=cr.ifa // pvasm: ignore PV001 -- why\n\tbr.ret.sptk rp\n// pvasm: ignore PV005 -- x\n`;
  const inspections = ['h.h', './h.h', '../x/h.h'].map((path, number) => {
    const source = new SourceText(`x/${number}.S`, `#include "${path}"\n`);
    const read = (name: string) => (name === `x/${path}` ? header : undefined);
    const context = contextOf([source], NO_FLAGS, new Map(), conventionsWith(), [], read);
    return inspect({ context, diagnostics: [], configurations: 1, complete: true });
  });
  const { findings, suppressed } = judge(inspections, {
    conventions: conventionsWith(),
    ownConventions: new Set(),
    config: DEFAULT_CONFIG,
    suppressions: [],
    baseline: new Map(),
    nameOf: (file) => fileKey(file),
  });
  expect(findings.map(({ rule }) => rule)).toEqual(['PV001', 'PV021']);
  expect(suppressed).toHaveLength(1);
});

test('levels: of a rule, and of a rule in some files', () => {
  expect(lines(check(BAD, { levels: at('note') }))).toContain('1 PV005 note');
  expect(lines(check(BAD, { levels: at('off') })).join()).not.toContain('PV005');
  expect(lines(check(BAD, { overrides: [{ files: ['a.S'], levels: at('off') }] })).join()).not.toContain('PV005');
  expect(lines(check(BAD, { overrides: [{ files: ['b.S'], levels: at('off') }] }))).toContain('1 PV005 error');
});

test('a suppression of a rule that is off is not called unused', () => {
  const text = `// pvasm: ignore PV005 -- why\n${BAD}`;
  expect(lines(check(text)).join()).not.toContain('PV021');
  expect(lines(check(text, { levels: at('off') })).join()).not.toContain('PV021');
});

test.each([
  ['behind code', '\tnop 0\t// pvasm: ignore PV005 -- why\n', '\tnop 0\n'],
  ['with CRLF', '\tnop 0 // pvasm: ignore PV005 -- why\r\n', '\tnop 0\r\n'],
  ['on a line of its own', '\tnop 0\n  // pvasm: ignore PV005 -- why\n\tnop 1\n', '\tnop 0\n\tnop 1\n'],
  ['at the end of the file', '\tnop 0 // pvasm: ignore PV005 -- why', '\tnop 0'],
  ['between words', '\tmov/* pvasm: ignore PV005 -- why */r2=r3\n', '\tmov r2=r3\n'],
  ['of two rules that nothing needs', '\tnop 0 // pvasm: ignore PV005, PV002 -- why\n', '\tnop 0\n'],
  ['of a rule that is needed too', `// pvasm: ignore PV005, PV012 -- why\n${BAD}`, null],
])('the fix of an unused suppression %s', (_, text, left) => {
  const findings = check(text).findings.filter(({ rule }) => rule === 'PV021');
  expect(findings.length).toBeGreaterThan(0);
  expect(applyFixes(findings).files.map((fixed) => fixed.text)).toEqual(left === null ? [] : [left]);
});

test('errors fail the check, warnings beyond the limit do, notes never', () => {
  const file = new SourceText('a.S', 'mov r8=r9\n');
  const of = (severity: 'error' | 'warning' | 'note') => findingAt(file, 'r8', { severity });
  expect(fails([of('note')], null)).toBe(false);
  expect(fails([of('warning')], null)).toBe(true);
  expect(fails([of('warning')], 1)).toBe(false);
  expect(fails([of('warning'), of('warning')], 1)).toBe(true);
  expect(fails([of('error')], 9)).toBe(true);
});

test('fixes are applied whole or not at all', () => {
  const file = new SourceText('a.S', 'mov r8=r9\nmov r10=r11\n');
  const edit = (from: string, text: string) => {
    const start = file.text.indexOf(from);
    return { file, start, end: start + from.length, text };
  };
  const fix = (...edits: ReturnType<typeof edit>[]) => findingAt(file, 'mov', { fix: { title: 'fix', edits } });
  const first = fix(edit('r10', 'r12'), edit('r8', 'r14'));
  const overlapping = fix(edit('r11', 'r20'), edit('mov r8', 'nop'));
  const { files, fixed } = applyFixes([first, overlapping, findingAt(file, 'r9')]);
  expect(files.map(({ text }) => text)).toEqual(['mov r14=r9\nmov r12=r11\n']);
  expect(fixed).toEqual([first]);
});
