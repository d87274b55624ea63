/**
 * What `rewrite` has chosen from a few runs laid over each other, held against the lint in every combination of the
 * conditions, each analysed by itself: no scratch register of Linux's files is live anywhere.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { configurations, kernel } from '../support/kernel.ts';
import { pvasm, scratchFolder, vectorFiles } from './listings.ts';

const folder = scratchFolder();
/** Those with conditions that change code. */
const files = [...vectorFiles, 'head.S'].map((name) => kernel().plain(name));

describe.each(configurations)('%s', (configuration) => {
  const flags = kernel().flags(configuration);
  const out = join(folder, configuration);
  pvasm(['rewrite', ...files, '-o', out, ...flags]);

  test.each(files.map((file) => basename(file)))('scratch registers of %s are free in all configurations', (name) => {
    const { stdout, stderr } = pvasm(['check', join(out, name), '--configs', 'all', '--format', 'json', ...flags]);
    expect(stderr).toMatch(/1 file in \d+ configurations?/);
    const rules = (JSON.parse(stdout) as { findings: { rule: string }[] }).findings.map(({ rule }) => rule);
    // Live, equal to an operand, a branch register not saved, a predicate live, a body that cannot be expanded.
    expect(rules.filter((rule) => ['PV002', 'PV005', 'PV006', 'PV007', 'PV013'].includes(rule))).toEqual([]);
  });
});

test('the lint does see a register that only one combination reads', () => {
  const flags = kernel().flags('smp');
  const out = join(folder, 'planted');
  pvasm(['rewrite', kernel().plain('ivt.S'), '-o', out, ...flags]);
  plant(join(out, 'ivt.S'));
  const sets = ['-DCONFIG_SMP', '-UCONFIG_SMP'].flatMap((smp) => [
    ...['--configs', `${smp} -DCONFIG_HUGETLB_PAGE`],
    ...['--configs', `${smp} -UCONFIG_HUGETLB_PAGE`],
  ]);
  const { stdout, stderr } = pvasm(['check', join(out, 'ivt.S'), ...sets, '--format', 'gcc', ...flags]);
  expect(stderr).toContain('1 file in 4 configurations');
  expect(stdout).toMatch(/r22 is live: read by `ASM_PTC_L_P\(.*\)` at \S+:239 \(when .*CONFIG_SMP is set\) \[PV002\]/);
});

/** r22 behind the first write of cr.itir in the VHPT miss handler: read with CONFIG_HUGETLB_PAGE where CONFIG_SMP is set. */
function plant(path: string): void {
  const text = readFileSync(path, 'latin1');
  const planted = text.replace(/(ASM_WRITE_ITIR_P\(p8, -, r25, )r\d+\)/, '$1r22)');
  expect(planted).not.toBe(text);
  writeFileSync(path, planted, 'latin1');
}
