/**
 * What the bodies of target xen DO: each is executed next to the native instruction, from random states, with many register
 * assignments, on a model of the registers, the shared page and the hyperprivops.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type BodyItem, expandBody } from '../../src/expand/body.ts';
import { compareBody } from './compare.ts';
import { conditions, servedSite, type Site, siteOf } from './sites.ts';
import { bodyOf, operations, show, targetNamed } from './targets.ts';

const xen = targetNamed('xen');
const served = operations.filter((operation) => xen.macros.has(operation.name));

describe('every body does what the instruction does, and changes nothing else', () => {
  test.each(served.map((operation) => [operation.name, operation] as const))('%s', (_, operation) => {
    fc.assert(
      fc.property(servedSite(operation, xen), (site) => {
        const body = bodyOf(xen, operation.name, site.site);
        expect(compareBody(operation, body.items, site), show(body)).toEqual([]);
      }),
      { seed: 1, numRuns: 150 },
    );
  });
});

/** A few sites of an operation, the same at every run. */
function sites(operation: (typeof served)[number], count: number): Site[] {
  return fc.sample(servedSite(operation, xen), { seed: 7, numRuns: count });
}

/** Whether a wrong body is seen as wrong from one of many states. */
function isCaught(operation: (typeof served)[number], items: readonly BodyItem[], site: Site): boolean {
  for (let seed = 0; seed < 40; seed++) {
    if (compareBody(operation, items, { ...site, holds: seed % 4 !== 0, seed: seed * 977 }).length > 0) return true;
  }
  return false;
}

describe('nothing in a body is in vain: without any one instruction or stop it is wrong', () => {
  test.each(served.map((operation) => [operation.name, operation] as const))('%s', (_, operation) => {
    const survivors: string[] = [];
    for (const site of sites(operation, 6)) {
      const { items } = bodyOf(xen, operation.name, site.site);
      for (const [index, item] of items.entries()) {
        if (item.kind === 'directive') continue;
        const without = items.filter((_, each) => each !== index);
        if (!isCaught(operation, without, site)) survivors.push(`without ${item.kind === 'stop' ? 'stop' : item.text} at ${index} of\n${show(bodyOf(xen, operation.name, site.site))}`);
      }
    }
    expect(survivors).toEqual([]);
  });
});
