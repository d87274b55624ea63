import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Finding } from '../../src/lint/finding.ts';
import { formats } from '../../src/lint/formats/index.ts';
import { SourceText } from '../../src/syntax/source.ts';
import { CONTEXT, findingAt, IVT } from './support.ts';

const require = createRequire(import.meta.url);
// The official schema is draft 4, which needs its own edition of the validator, and has a pattern that is only valid
// without the u flag.
const Ajv = require('ajv-draft-04').default as new (
  options: object,
) => {
  compile(schema: object): ((value: unknown) => boolean) & { errors?: unknown };
};
const schema = require('@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json') as object;
const isSarif = new Ajv({ strict: false, validateFormats: false, unicodeRegExp: false }).compile(schema);

/** Characters of every plane's first, lone surrogates among them; fast-check's own `binary` takes seconds to be set up. */
const ANY_TEXT = fc.string({ unit: fc.nat(0xffff).map((code) => String.fromCharCode(code)) });

const READ = { file: IVT, start: IVT.text.indexOf('r19=r18') + 4, end: IVT.text.indexOf('r19=r18') + 7 };
const RICH = findingAt(IVT, 'r18', {
  severity: 'error',
  condition: 'CONFIG_SMP is not set',
  related: [{ ...READ, message: 'read here' }],
  fix: { title: 'use r20', edits: [{ ...READ, text: 'r20' }] },
});
const PLAIN = findingAt(IVT, 'END', { rule: 'PV001', severity: 'note', message: 'a note' });

describe('text', () => {
  test('shows the source line, a caret, and the places that explain it', () => {
    expect(formats.text([RICH, PLAIN], CONTEXT)).toBe(
      [
        'arch/ia64/kernel/ivt.S:2:24: error: the scratch register r18 is live (when CONFIG_SMP is not set) [PV002]',
        '\tASM_READ_IFA(b6, r16, r18)\t// fault address',
        '\t                      ^~~',
        'arch/ia64/kernel/ivt.S:4:10: note: read here',
        '\tmov r19=r18',
        '\t        ^~~',
        '  fix: use r20',
        'arch/ia64/kernel/ivt.S:7:1: note: a note [PV001]',
        'END(vhpt_miss)',
        '^~~',
        '',
      ].join('\n'),
    );
  });

  test('colours only what it frames, and only when asked', () => {
    const coloured = formats.text([RICH], { ...CONTEXT, colour: true });
    expect(coloured).toContain('\x1b[1;31merror:\x1b[0m the scratch');
    expect(coloured.replace(/\x1b\[[0-9;]*m/g, '')).toBe(formats.text([RICH], CONTEXT));
  });

  test('a control character in the source does not reach the terminal', () => {
    const file = new SourceText('a.S', 'mov r1=r2 \x1b[2Jx\n');
    expect(formats.text([findingAt(file, 'mov')], CONTEXT)).toContain('mov r1=r2 ?[2Jx');
  });
});

test('gcc: one line a finding, one a note', () => {
  expect(formats.gcc([RICH, PLAIN], CONTEXT)).toBe(
    [
      'arch/ia64/kernel/ivt.S:2:24: error: the scratch register r18 is live (when CONFIG_SMP is not set) [PV002]',
      'arch/ia64/kernel/ivt.S:4:10: note: read here',
      'arch/ia64/kernel/ivt.S:7:1: note: a note [PV001]',
      '',
    ].join('\n'),
  );
});

test('json: every field, and the counts', () => {
  const report = JSON.parse(formats.json([RICH, PLAIN], CONTEXT));
  expect(report.summary).toEqual({ errors: 1, warnings: 0, notes: 1 });
  expect(report.findings[0]).toEqual({
    rule: 'PV002',
    name: 'live-scratch',
    severity: 'error',
    message: 'the scratch register r18 is live',
    condition: 'CONFIG_SMP is not set',
    file: 'arch/ia64/kernel/ivt.S',
    start: { line: 2, column: 24 },
    end: { line: 2, column: 27 },
    related: [
      {
        message: 'read here',
        file: 'arch/ia64/kernel/ivt.S',
        start: { line: 4, column: 10 },
        end: { line: 4, column: 13 },
      },
    ],
    fix: {
      title: 'use r20',
      edits: [
        { file: 'arch/ia64/kernel/ivt.S', start: { line: 4, column: 10 }, end: { line: 4, column: 13 }, text: 'r20' },
      ],
    },
    fingerprint: RICH.fingerprint,
    page: 'https://example.org/rules/PV002.md',
  });
});

test('the shipped problem matcher reads what gcc format prints', () => {
  const [matcher] = JSON.parse(readFileSync('docs/ci/problem-matcher.json', 'utf8')).problemMatcher;
  const [pattern] = matcher.pattern;
  const [line] = formats.gcc([RICH], CONTEXT).split('\n');
  const match = new RegExp(pattern.regexp).exec(line!)!;
  const part = (name: string): string => match[pattern[name]]!;
  expect(['file', 'line', 'column', 'severity', 'message', 'code'].map(part)).toEqual([
    'arch/ia64/kernel/ivt.S',
    '2',
    '24',
    'error',
    'the scratch register r18 is live (when CONFIG_SMP is not set)',
    'PV002',
  ]);
});

describe('github', () => {
  test('escapes data and properties as the runner decodes them', () => {
    const file = new SourceText('a,b:c%.S', 'mov r1=r2\n');
    const finding = findingAt(file, 'r1', { message: '100%: a,b\nc' });
    expect(formats.github([finding], CONTEXT)).toBe(
      '::warning file=a%2Cb%3Ac%25.S,line=1,endLine=1,col=5,endColumn=6,title=PV002 live-scratch::100%25: a,b%0Ac\n',
    );
  });

  test('stops at what GitHub shows and says how many are left', () => {
    const many = [...Array(12).fill(RICH), ...Array(12).fill(PLAIN)] as Finding[];
    const lines = formats.github(many, CONTEXT).trimEnd().split('\n');
    expect(lines.filter((line) => line.startsWith('::error '))).toHaveLength(10);
    expect(lines.filter((line) => line.startsWith('::notice '))).toHaveLength(10);
    expect(lines.at(-1)).toBe(
      '::notice title=pvasm::5 more findings of 24 in all; run the check with --format text to see them',
    );
  });

  test('whatever the text, one annotation is one line', () => {
    fc.assert(
      fc.property(ANY_TEXT, (message) => {
        const out = formats.github([findingAt(IVT, 'r18', { message })], CONTEXT);
        expect(out.split(/[\r\n]/)).toHaveLength(2);
      }),
    );
  });
});

describe('sarif', () => {
  test('is valid against the official schema and carries rules, places, fingerprints and fixes', () => {
    const log = JSON.parse(formats.sarif([RICH, PLAIN], CONTEXT));
    expect(isSarif(log), JSON.stringify(isSarif.errors)).toBe(true);
    const [run] = log.runs;
    expect(run.tool.driver.rules.map((rule: { id: string; helpUri: string }) => [rule.id, rule.helpUri])).toEqual([
      ['PV001', 'https://example.org/rules/PV001.md'],
      ['PV002', 'https://example.org/rules/PV002.md'],
    ]);
    expect(run.results[0]).toMatchObject({
      ruleId: 'PV002',
      ruleIndex: 1,
      level: 'error',
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: 'arch/ia64/kernel/ivt.S' },
            region: { startLine: 2, startColumn: 24, endLine: 2, endColumn: 27 },
          },
        },
      ],
      partialFingerprints: { 'pvasm/v1': RICH.fingerprint },
      fixes: [{ artifactChanges: [{ replacements: [{ insertedContent: { text: 'r20' } }] }] }],
    });
  });

  test('the schema rejects what SARIF does not allow, so the test above can fail', () => {
    expect(isSarif({ version: '2.1.0' })).toBe(false);
    expect(isSarif({ version: '2.1.0', runs: [{ tool: {} }] })).toBe(false);
  });

  test('paths are URI references; columns count what an editor shows', () => {
    const file = new SourceText('a b/ä#.S', '/* \xc3\xa4 */ mov r1=r2\n');
    const [result] = JSON.parse(formats.sarif([findingAt(file, 'r1')], CONTEXT)).runs[0].results;
    const { artifactLocation, region } = result.locations[0].physicalLocation;
    expect(artifactLocation.uri).toBe('a%20b/%C3%A4%23.S');
    expect(region.startColumn).toBe(13);
  });

  test('whatever the texts, it stays valid', () => {
    fc.assert(
      fc.property(ANY_TEXT, fc.string(), (message, condition) => {
        const log = JSON.parse(formats.sarif([{ ...RICH, message: `x${message}`, condition }], CONTEXT));
        expect(isSarif(log)).toBe(true);
      }),
      { numRuns: 30 },
    );
  });
});

test('no finding: only the formats that are documents say anything', () => {
  expect(formats.text([], CONTEXT) + formats.gcc([], CONTEXT) + formats.github([], CONTEXT)).toBe('');
  expect(JSON.parse(formats.json([], CONTEXT)).findings).toEqual([]);
  expect(isSarif(JSON.parse(formats.sarif([], CONTEXT)))).toBe(true);
});

test('json and sarif are ASCII, so that any encoding of the output is right', () => {
  const finding = findingAt(IVT, 'r18', { message: 'na\xefve \u2014 ok' });
  expect(formats.json([finding], CONTEXT) + formats.sarif([finding], CONTEXT)).toMatch(/^[\x20-\x7e\n]*$/);
});
