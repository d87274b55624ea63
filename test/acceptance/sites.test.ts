import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { disassemble } from '../support/assemble.ts';
import { configurations, kernel } from '../support/kernel.ts';
import { assembleListing, build, pvasm, scratchFolder, vectorFiles } from './listings.ts';

/**
 * Which sites are found, against two yardsticks of our own that know nothing of pvasm's tables: the calls of Linux's hand
 * macros, line by line, and a plain search for what a guest may not execute.
 */
interface ReportedPlace {
  readonly file: string;
  readonly line: number;
}
interface Report {
  readonly sites: readonly (ReportedPlace & { readonly operation: string })[];
  readonly refused: readonly ReportedPlace[];
  readonly left: readonly {
    readonly target: string;
    readonly what: string;
    readonly reason: string;
    readonly places: readonly ReportedPlace[];
  }[];
}

const folder = scratchFolder();
const reports = new Map<string, Report>();

function report(configuration: 'smp' | 'up'): Report {
  let known = reports.get(configuration);
  if (known === undefined) {
    const files = vectorFiles.map((name) => kernel().plain(name));
    const { stdout } = pvasm([
      'report',
      ...files,
      '-t',
      'native',
      '-t',
      'xen:a',
      '-t',
      'xen:b',
      '-t',
      'xen',
      '--format',
      'json',
      ...kernel().flags(configuration),
    ]);
    known = JSON.parse(stdout) as Report;
    reports.set(configuration, known);
  }
  return known;
}

/** The lines of a file without comments; comments keep their lines. */
function codeLines(path: string): string[] {
  return readFileSync(path, 'latin1')
    .replace(/\/\*[\s\S]*?\*\//g, (comment) => comment.replace(/[^\n]/g, ' '))
    .replace(/\/\/.*/g, '')
    .split('\n');
}

const handMacro = /\b(?:MOV_(?:FROM|TO)_\w+|ITC_(?:I_AND_D|I|D)|THASH|SSM_PSR_\w+|RSM_PSR_\w+|BSW_[01]|COVER|RFI)\b/;
const guestMayNot =
  /\b(?:rfi|cover|thash|ttag|bsw\.[01]|[rs]sm|it[cr]\.[id]|ptc\.\w+|tpa|cpuid\[|fc(?:\.i)?)\b|\bcr\.\w+\s*=|=\s*cr\.|=\s*psr\s*(?:;|$)|=\s*ar\.itc|IA64_KR\(\w+\)\s*=|=\s*IA64_KR\(|=\s*ar\.k\d|ar\.k\d\s*=/;

function linesWith(path: string, pattern: RegExp): number[] {
  return codeLines(path).flatMap((line, index) =>
    pattern.test(line) && !/^\s*#\s*(?:if|el|en|include)/.test(line) ? [index + 1] : [],
  );
}

describe.each(configurations)('%s', (configuration) => {
  const names = [...vectorFiles, 'minstate.h'];

  test.each(names)('every hand macro of %s is a site', (name) => {
    const found = new Set(
      report(configuration)
        .sites.filter(({ file }) => basename(file) === name)
        .map(({ line }) => line),
    );
    const calls = linesWith(kernel().linux(name), handMacro);
    expect(
      calls.filter((line) => !found.has(line)),
      `${name}: lines of hand macros without a site`,
    ).toEqual([]);
    if (name !== 'gate.S') expect(calls.length).toBeGreaterThan(3);
  });

  test.each(names)('every instruction of %s that a guest may not execute is a site', (name) => {
    const found = new Set(
      report(configuration)
        .sites.filter(({ file }) => basename(file) === name)
        .map(({ line }) => line),
    );
    const wanted = linesWith(kernel().plain(name), guestMayNot);
    expect(
      wanted.filter((line) => !found.has(line)),
      `${name}: lines without a site`,
    ).toEqual([]);
  });

  test('no site of these files is refused', () => {
    expect(report(configuration).refused).toEqual([]);
  });
});

test('the sites are the same in SMP and UP', () => {
  const places = ({ sites }: Report) =>
    sites.map(({ file, line, operation }) => `${basename(file)}:${line} ${operation}`);
  expect(places(report('up'))).toEqual(places(report('smp')));
  expect(report('smp').sites.map(({ operation }) => operation)).toEqual(
    expect.arrayContaining(['PTC_L', 'READ_KR', 'WRITE_KR', 'ITR_D', 'RSM_PSR']),
  );
});

/** What objdump prints of an instruction that faults or answers wrongly in a guest, as the report's `what` names it. */
const leftovers: readonly (readonly [RegExp, RegExp])[] = [
  [/\bptc\.l\b/, /^PTC_L$/],
  [/\bptc\.(?:g|ga|e)\b/, /^PTC_/],
  [/\brsm\b/, /^RSM_PSR/],
  [/\bssm\b/, /^SSM_PSR/],
  [/\bitr\.[id]\b/, /^ITR_/],
  [/\bitc\.[id]\b/, /^ITC_/],
  [/\b(?:rfi|cover|thash|ttag|tpa|tak|bsw\.[01])\b/, /^(?:RFI|COVER|THASH|TTAG|TPA|TAK|BSW)/],
  [/\bmov(?:\.m)? r\d+=(?:cr\.|psr(?!\.um))|\bmov(?:\.m)? (?:cr\.|psr\.l)/, /^(?:READ|WRITE)_/],
  [/\bmov(?:\.m)? ar\.k\d=/, /^WRITE_KR/],
  [/\bmov(?:\.m)? r\d+=(?:cpuid|pmd|rr|dbr|ibr|pkr|pmc|msr)\[/, /^READ_/],
  [/\bfc(?:\.i)?\s/, /^FC/],
];

describe.each(configurations)('%s', (configuration) => {
  test('what is left in a Xen listing stands in the report, with a reason', () => {
    const targets = ['xen:a', 'xen:b', 'xen'];
    const files = vectorFiles.map((name) => kernel().plain(name));
    build(files, targets, configuration, join(folder, configuration));
    for (const target of targets) {
      const left = report(configuration).left.filter((entry) => entry.target === target);
      expect(left.every(({ reason }) => reason.length > 20)).toBe(true);
      for (const file of files) {
        const { object } = assembleListing(file, target, configuration, join(folder, configuration));
        for (const { mnemonic, operands } of disassemble(object!)) {
          const line = `${mnemonic} ${operands}`;
          for (const [pattern, what] of leftovers) {
            if (!pattern.test(line)) continue;
            expect(
              left.some((entry) => what.test(entry.what)),
              `${target} ${basename(file)}: ${line}`,
            ).toBe(true);
          }
        }
      }
    }
  });
});
