/** The table of the ways, over the samples: what must hold between its rows, whatever the figures are. */
import { expect, test } from 'vitest';
import { alternativeLabels, alternativesReport, type Way } from '../../src/report/alternatives.ts';
import { alternativesDocument } from '../../src/report/alternatives-document.ts';
import { documentText } from '../../src/report/text.ts';
import { openedFile, sample } from '../verify/support.ts';

const [most, table] = alternativeLabels('xen');
const report = alternativesReport('xen', [[sample('entry.S', most)], [sample('entry.S', table)]]);
type ReportedWay = (typeof report.ways)[number];
const way = (name: Way) => report.ways.find((each) => each.way === name)!;
const text = documentText(alternativesDocument(report));

test('an image of its own is the source for native', () => {
  const { instructions, stops } = report.source;
  for (const name of ['dual', 'a', 'b', 'mixed'] as const) expect(way(name).native).toEqual({ instructions, stops });
  expect(way('dual').text).toBe(way('mixed').text);
  expect(way('mixed').text).toBeLessThanOrEqual(Math.min(way('a').text, way('b').text));
});

test('patched in place, native code has the instructions of the source, and patched code those of b', () => {
  expect(way('d').native.instructions).toBe(report.source.instructions);
  expect(way('d').guest.instructions).toBe(way('b').guest.instructions);
  expect(way('d')).toMatchObject({ oneImage: true, sites: { calls: 0 } });
  expect(way('d').data).toBeGreaterThan(0);
});

test('a branch register is needed where there are calls, and only there', () => {
  for (const { way: name, sites, branchRegisters } of report.ways)
    expect(branchRegisters[name === 'c' ? 2 : 1] ?? 0).toBe(sites.calls);
  expect(way('e').sites.calls).toBeGreaterThan(0);
  expect(way('c').sites.calls).toBeGreaterThan(0);
});

test('a table has the routines of both, and each executes its own', () => {
  const { native, guest, sites, data } = way('c');
  // The address of the slot, of the routine, the way back, two moves, two branches.
  const more = 7 * sites.calls;
  expect(native.instructions - report.source.instructions).toBeGreaterThan(0);
  expect(native.instructions - report.source.instructions).toBeLessThanOrEqual(more);
  // A routine also saves two registers, or makes an address, that the body in place finds where its neighbour has left it.
  expect(guest.instructions - way('b').guest.instructions).toBeLessThanOrEqual(more + 2 * sites.calls);
  expect(data).toBeGreaterThan(0);
});

test('files that share slots share one table', () => {
  const source = `\t.text\n\t.global f\n\t.proc f\nf:\n\tmov r14=cr.ifa\n\t;;\n\tadd r8=r14,r0\n\tbr.ret.sptk.many b0\n\t.endp f\n`;
  const opened = (name: string, targets: readonly string[]) =>
    openedFile({ files: { [name]: source }, sources: [name], targets });
  const files = ['a.S', 'b.S', 'c.S'].map((name) => ({ most: opened(name, most), table: opened(name, table) }));
  const [one, two, three] = [1, 2, 3].map((count) => {
    const some = files.slice(0, count);
    const built = alternativesReport('xen', [some.map((file) => file.most), some.map((file) => file.table)]);
    return built.ways.find((each) => each.way === 'c')!;
  }) as [ReportedWay, ReportedWay, ReportedWay];
  // A word of the table, and one of what each of two targets fills it with.
  expect(one.data).toBe(3 * 8);
  expect(one.sites.calls).toBe(1);
  expect([two.data, three.data]).toEqual([one.data, one.data]);
  expect(three.text - two.text).toBe(two.text - one.text);
  expect(two.text).toBeLessThan(2 * one.text);
  expect(three.native.instructions - two.native.instructions).toBe(two.native.instructions - one.native.instructions);
  // The routines: one instruction of native and the branch back.
  expect(2 * one.native.instructions - two.native.instructions).toBe(2);
});

test('each site is a call, or the table says why not', () => {
  for (const name of ['a', 'c', 'e'] as const) {
    const refused = report.refusals.reduce((sum, each) => sum + (each.way === name ? each.sites : 0), 0);
    expect(refused).toBe(way(name).sites.inPlace);
  }
  expect(text).toMatch(/no branch register is free for the return address: b0-b7 are live: read by/);
});

test('the worst site is named, where there is one', () => {
  for (const { way: name, worst, branchRegisters, generalRegisters } of report.ways) {
    expect({ name, is: worst.branch !== null }).toEqual({ name, is: branchRegisters.length > 1 });
    expect({ name, is: worst.general !== null }).toEqual({ name, is: generalRegisters.length > 1 });
  }
  const { file, line } = way('c').worst.general!;
  expect(text).toMatch(new RegExp(`c: calls through a table .*${file}:${line}`));
});

test('vectors that are too full are named', () => {
  const nops = (count: number) => '\t{ .mii; nop.m 0; nop.i 0; nop.i 0 }\n'.repeat(count);
  const source = `\t.section .text.ivt,"ax"\n\t.align 32768\ntable:\n\t.org table+0x500\nfull:\n${nops(13)}\tmov r16=cr.ifa\n\t;;\n\titc.d r16\n\t;;\n\trfi\n\t.org table+0x600\n\trfi\n`;
  const opened = (targets: readonly string[]) => openedFile({ files: { 'a.S': source }, sources: ['a.S'], targets });
  const built = alternativesReport('xen', [[opened(most)], [opened(table)]]);
  const moved = built.ways.filter((each) => each.moved.length > 0).map((each) => each.way);
  expect(moved).toContain('d');
  expect(documentText(alternativesDocument(built))).toMatch(/^ *d +full +its tail stands out of line$/m);
  expect(text).not.toContain('its tail stands out of line');
});

test('what is executed up to rfi', () => {
  const [handler] = report.handlers;
  const executed = (name: Way, on: string) => handler!.listings.find((each) => each.way === name && each.on === on)!;
  expect(handler!.handler).toBe('leave_kernel');
  expect(executed('d', 'native').instructions).toBe(handler!.source.instructions);
  expect(executed('d', 'guest').instructions).toBe(executed('b', 'guest').instructions);
  expect(executed('e', 'native').instructions).toBeGreaterThan(handler!.source.instructions);
  expect(executed('e', 'guest').instructions).toBeGreaterThan(executed('b', 'guest').instructions);
});

test('the bodies that were counted are those of the listing', () => {
  const { hypercalls, sites } = report.accesses;
  expect(sites.hypercalls + sites.memoryOnly + sites.neither).toBe(way('b').sites.inPlace);
  expect(hypercalls).toBeGreaterThanOrEqual(sites.hypercalls);
});
