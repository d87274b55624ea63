/** What `report --at` says of every site of the samples: every way, and why a site is not what a way is for. */
import { describe, expect, test } from 'vitest';
import type { SiteReport } from '../../src/report/model.ts';
import { fallbackText, siteEntry } from '../../src/report/site-entry.ts';
import { documentText } from '../../src/report/text.ts';
import { make, reportOf } from './support.ts';
import { ask } from './ways.ts';

const SMP = ['-DCONFIG_SMP'];
const SAMPLES = ['samples/ivt.S', 'samples/entry.S'];

const text = (site: SiteReport) =>
  documentText([siteEntry(site, true)])
    .replace(/\s+/g, ' ')
    .trim();

describe('the samples', () => {
  const sites = ask(SAMPLES, SMP);
  const changed = sites.filter(({ ways }) => ways.some(({ kind }) => kind !== 'native' && kind !== 'trap'));

  test('every site has every way, with a reason where it is not what the way is for', () => {
    expect(changed.length).toBeGreaterThan(40);
    for (const { ways } of sites) {
      expect(ways.map(({ way, on }) => `${way} ${on}`).join()).toBe('dual xen,a xen,b xen,c xen,d xen,e xen');
      for (const way of ways)
        if (!way.possible && way.kind !== 'native') expect(way.notCalled ?? way.reason).toMatch(/\w+ \w+/);
    }
  });

  test('it is what becomes of the site where that way alone is asked for', () => {
    for (const [way, label] of [
      ['a', 'xen:a'],
      ['d', 'native+xen:d'],
      ['c', 'native+xen:c'],
      ['e', 'native+xen:e'],
    ]) {
      const alone = reportOf(make(SAMPLES, SMP, [label!])).sites;
      const kinds = alone.map(({ targets }) => targets[0]!.kind);
      expect(sites.map(({ ways }) => ways.find((each) => each.way === way)!.kind)).toEqual(kinds);
    }
  });

  test('that no branch register is free is said with the registers, and where each is read', () => {
    const lacking = changed
      .flatMap(({ ways }) => ways.flatMap(({ notCalled }) => notCalled ?? []))
      .filter((reason) => /^no (branch register is|two branch registers are) free/.test(reason));
    expect(lacking.length).toBeGreaterThan(30);
    for (const reason of lacking) {
      expect(reason).toMatch(/: b\d(-b\d)? (is|are) live: /);
      expect(reason).toMatch(/\bread.* at [\w/]+\.[Sh]:\d+/);
    }
  });

  test('what is there in place of a call through the table, by letters and by site', () => {
    const fallbacks = changed.flatMap(({ ways }) => ways.find(({ way }) => way === 'c')!.inPlaceOfCall ?? []);
    expect([...new Set(fallbacks.map((each) => JSON.stringify(each)))].sort()).toEqual([
      '{"c":"d","ce":"d","ct":"t"}',
      '{"c":"d","ce":"e","ct":"t"}',
    ]);
    const lacking = changed.find(({ ways }) => ways.some(({ inPlaceOfCall }) => inPlaceOfCall?.ce === 'e'))!;
    expect(text(lacking)).toContain(
      'in place of it with c patched in place, with ce a call whose branch is patched, with ct left to trap',
    );
  });

  test('with ce, each site says what it is and why, twice where it is neither call', () => {
    const outcomes = changed.map(({ targets }) => targets[1]!).filter(({ notCalled }) => notCalled !== null);
    const direct = outcomes.filter(({ kind }) => kind === 'branch');
    const inPlace = outcomes.filter(({ kind }) => kind === 'patched');
    expect(direct.length).toBeGreaterThan(0);
    for (const { fallback } of direct) expect(fallback).toEqual({ instead: 'e', notDirect: null });
    expect(inPlace.length).toBeGreaterThan(0);
    for (const { fallback, notCalled } of inPlace)
      expect(fallbackText(fallback!)).toMatch(
        notCalled!.startsWith('no two branch') || notCalled!.startsWith('psr.')
          ? /^patched in place: (no branch register is free for the return address: b.* live: |there is no general register)/
          : /^patched in place/,
      );
  });

  test('with ct, what is left to trap says who holds the registers', () => {
    const reasons = changed.flatMap(({ targets }) => targets[2]!.reason ?? []);
    expect(reasons.length).toBeGreaterThan(10);
    expect(reasons).toContainEqual(
      expect.stringMatching(/^no two branch registers are free, .*: b0.* live: .*: it traps$/),
    );
  });

  test('in words, ways of one answer together', () => {
    const site = changed.find(({ text: spelled }) => spelled === 'mov r16=cr.ifa')!;
    expect(text(site)).toContain('dual, b: xen yes, in place: 2 instructions');
    expect(text(site)).toMatch(/a: xen no: no branch register is free .* b0 is live: read by/);
    expect(text(site)).toMatch(/d: xen yes, patched in place: 1 instruction/);
    const trapped = sites.find(({ operation }) => operation === 'PTC_L')!;
    expect(text(trapped)).toContain('dual, a, b, c, d, e: xen no: xen has no body for it: it traps');
    const native = sites.find(({ operation }) => operation === 'READ_KR')!;
    expect(text(native)).toContain('dual, a, b, c, d, e: xen nothing to do');
  });
});
