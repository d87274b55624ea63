/** What `report --at` says of single sites: every way, and why a site is not what a way is for. */
import { describe, expect, test } from 'vitest';
import type { SiteReport, SiteWayReport } from '../../src/report/model.ts';
import { fallbackText, siteEntry, whyNotText } from '../../src/report/site-entry.ts';
import { wayLabels, waysOfSites } from '../../src/report/site-ways.ts';
import { documentText } from '../../src/report/text.ts';
import { temporaryFiles } from './files.ts';
import { make, reportOf } from './support.ts';

const SMP = ['-DCONFIG_SMP'];
const SAMPLES = ['samples/ivt.S', 'samples/entry.S'];

function ask(files: readonly string[], flags: readonly string[] = SMP) {
  const waysOf = waysOfSites(
    'xen',
    wayLabels('xen').map((targets) => make(files, flags, targets).built),
  );
  const { sites } = reportOf(make(files, flags, ['xen:a', 'native+xen:ce', 'native+xen:ct']));
  return sites.map((site): SiteReport & { ways: readonly SiteWayReport[] } => ({ ...site, ways: waysOf(site) }));
}

const text = (site: SiteReport) =>
  documentText([siteEntry(site, true)])
    .replace(/\s+/g, ' ')
    .trim();

describe('the samples', () => {
  const sites = ask(SAMPLES);
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

describe('a call that takes three instructions', () => {
  const write = temporaryFiles();
  const handler = (name: string, rest: string) =>
    write(
      `${name}.S`,
      `\t.section .text..ivt,"ax"\nia64_ivt:\n\t.org ia64_ivt+0x0c00\nsomebody:\n\tmov r29=ar.pfs\n\tmov r28=b6\n\t;;\n\tmov cr.ifa=r0\n\t;;\n${rest}\tmov b6=r28\n\t;;\n\trfi\n\t.org ia64_ivt+0x8000\n`,
    );
  const longCall = (file: string) =>
    ask([file], []).flatMap(({ operation, ways }) => (operation === 'WRITE_IFA' ? [ways[1]!] : []))[0]!;

  test('only for the frame: from where, and what would say that it is complete', () => {
    const way = longCall(handler('frame', '\tmov ar.pfs=r29\n'));
    expect(way).toMatchObject({
      kind: 'branch',
      longCall:
        'the register frame may be incomplete here, as an interruption left it, from somebody; complete = ["somebody"] under [frames] of a convention would say that it never is',
    });
    expect(whyNotText(way)).toMatch(/^no br\.call: the register frame/);
  });

  test('for ar.pfs: who reads it', () => {
    expect(longCall(handler('pfs', '\tmov r17=ar.pfs\n\t;;\n\tst8 [r18]=r17\n')).longCall).toMatch(
      /^ar\.pfs is live: read by `mov r17=ar\.pfs` at .*pfs\.S:10$/,
    );
  });

  test('nothing is said where it is br.call', () => {
    const file = write(
      'c.S',
      '\t.global f\nf:\tmov cr.ifa=r0\n\t;;\n\tmov r14=r0\n\tmov r15=r0\n\tmov r16=r0\n\t;;\n\tbr.call.sptk.many b0=g\n\t;;\n\tbr.sptk.few h\n',
    );
    expect(longCall(file)).toMatchObject({ kind: 'branch', instructions: 1, longCall: null });
  });
});
