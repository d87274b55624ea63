/** `pvasm report --at FILE:LINE`: every way for the sites of a line, whatever was asked for. */
import { expect, test } from 'vitest';
import { callPvasm } from '../support/pvasm.ts';

const report = (...words: string[]) => callPvasm(['report', 'samples/ivt.S', '-DCONFIG_SMP', ...words]);
const LINE = ['--at', 'samples/ivt.S:118'];

test.each([
  ['the usual targets', [], ['xen']],
  ['joined ones', ['-t', 'native+kvm:c', '-t', 'xen:b', '-t', 'native+xen:d'], ['kvm', 'xen']],
  ['a target of the user', ['-t', 'grammar/targets/trace.S:a'], ['trace']],
  ['the bare machine alone', ['-t', 'native'], []],
])('for each hypervisor of %s', (_, targets, expected) => {
  const { status, stdout } = report(...LINE, ...targets, '--format', 'json');
  expect(status).toBeLessThan(2);
  const [site] = JSON.parse(stdout).sites;
  const ways: { on: string; way: string }[] = site.ways;
  expect([...new Set(ways.map(({ on }) => on))]).toEqual(expected);
  expect(ways.map(({ way }) => way).join()).toBe(expected.map(() => 'dual,a,b,c,d,e').join());
});

const words = (text: string) => text.replace(/\s+/g, ' ');

test('not for a handler, of which it says why sites are no calls', () => {
  const { stdout } = report('--at', 'itlb_miss', '-t', 'native', '-t', 'xen:a', '-t', 'native+xen:ce');
  expect(stdout).not.toMatch(/^ *d: xen/m);
  expect(words(stdout)).toMatch(/xen:a: why no call: no branch register is free/);
  expect(words(stdout)).toMatch(
    /native\+xen:ce: why no call: psr\.dt may be off [^;]*; in place of it a call whose branch is patched/,
  );
});

test('--refused says by site what is there instead', () => {
  const text = words(report('--refused', '-t', 'native+xen:ce').stdout);
  expect(text).toContain(' samples/ivt.S:118 ITC_I itc.i r18 a call whose branch is patched ');
  expect(text).toMatch(/samples\/ivt\.S:106 READ_IFA mov r16=cr\.ifa .* patched in place: no branch register is free/);
});
