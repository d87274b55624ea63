/** The table of the ways, over the samples: what must hold between its rows, whatever the figures are. */
import { expect, test } from 'vitest';
import { alternativeLabels, alternativesReport, type Way } from '../../src/report/alternatives.ts';
import { alternativesDocument } from '../../src/report/alternatives-document.ts';
import { documentText } from '../../src/report/text.ts';
import { sample } from '../verify/support.ts';

const [most, table] = alternativeLabels('xen');
const report = alternativesReport('xen', [[sample('entry.S', most)], [sample('entry.S', table)]]);
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
  expect(guest.instructions - way('b').guest.instructions).toBeLessThanOrEqual(more);
  expect(data).toBeGreaterThan(0);
});

test('each site is a call, or the table says why not', () => {
  for (const name of ['a', 'c', 'e'] as const) {
    const refused = report.refusals.reduce((sum, each) => sum + (each.way === name ? each.sites : 0), 0);
    expect(refused).toBe(way(name).sites.inPlace);
  }
  expect(text).toMatch(/no branch register is free for the return address: b0-b7 are live: read by/);
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
