/** What the report says of joint listings: their code, and what they have besides. */
import { expect, test } from 'vitest';
import { reportDocument } from '../../src/report/report-document.ts';
import { documentText } from '../../src/report/text.ts';
import { make, reportOf } from './support.ts';

const JOINT = ['native+xen:d', 'native+xen:e', 'native+xen:c'];
const report = reportOf(make(['samples/entry.S'], ['-DCONFIG_SMP'], ['native', 'xen:b', ...JOINT]));
const costs = (target: string) => report.total.find((each) => each.target === target)!;

test('records and replacements are data, not code', () => {
  const [native, d] = [costs('native'), costs('native+xen:d')];
  expect(native.data).toBe(0);
  expect(d.data).toBeGreaterThan(0);
  expect(d.instructions).toBe(native.instructions);
  expect(d.added.bytes).toBeLessThan(d.data);
});

test('routines that are executed are code', () => {
  const [native, d, e, c] = [costs('native'), ...JOINT.map(costs)] as [
    ReturnType<typeof costs>,
    ...typeof report.total,
  ];
  expect(e!.instructions).toBeGreaterThan(native.instructions);
  expect(e!.data).toBeLessThan(d!.data);
  expect(c!.instructions).toBeGreaterThan(native.instructions);
});

test('a column has the data, where there is any', () => {
  expect(documentText(reportDocument(report))).toMatch(/^ *listing .* data$/m);
  const plain = reportOf(make(['samples/entry.S'], ['-DCONFIG_SMP'], ['native', 'xen:b']));
  expect(documentText(reportDocument(plain))).not.toMatch(/^ *listing .* data$/m);
});

test('a site that is no call through the table says what it lacks, and who has it', () => {
  const reasons = report.sites.flatMap(({ targets }) =>
    targets.flatMap(({ target, notCalled }) => (target === 'native+xen:c' ? (notCalled ?? []) : [])),
  );
  expect(reasons).toContainEqual(expect.stringMatching(/^no two branch registers are free, .*: b\d.* live: read by /));
});

test('what an instruction does to the register frame, each listing says that its body does', () => {
  const { sites } = reportOf(make(['samples/ivt.S'], ['-DCONFIG_SMP'], ['native', 'xen:b', 'kvm:b', 'native+xen:d']));
  const framing = sites.filter(({ operation }) => operation === 'RFI' || operation === 'COVER');
  expect(framing.length).toBeGreaterThan(3);
  for (const { targets, ...site } of framing)
    for (const { target, clobbers, clobbersMore } of targets)
      expect([site.line, target, clobbers.includes('ar.bsp'), clobbersMore.includes('ar.bsp')]).toEqual([
        ...[site.line, target],
        ...[true, false],
      ]);
});
