/** What the report says of joint listings: their code, and what they have besides. */
import { expect, test } from 'vitest';
import { reportDocument } from '../../src/report/report-document.ts';
import { documentText } from '../../src/report/text.ts';
import { temporaryFiles } from './files.ts';
import { make, reportOf } from './support.ts';

const file = temporaryFiles();

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

test('a table is counted once for all files of a call, its slots that several have, too', () => {
  const source = (name: string) =>
    `\t.text\n\t.global ${name}\n\t.proc ${name}\n${name}:\n\tmov r8=cr.ivr\n\t;;\n\tbr.ret.sptk.many b0\n\t.endp ${name}\n`;
  const both = reportOf(make([file('one.S', source('one')), file('two.S', source('two'))], [], ['native+xen:c']));
  const [one, two] = both.files.map(({ costs: [cost] }) => cost!);
  const [total] = both.total;
  expect(one!.data).toBe(3 * 8);
  expect(total!.data).toBe(one!.data);
  // The routine of native has the instruction and the branch back.
  expect(total!.instructions).toBe(one!.instructions + two!.instructions - 2);
  expect(total!.bytes).toBeLessThan(one!.bytes + two!.bytes);
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
