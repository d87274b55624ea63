/** Linux 6.1's handlers and their listings, executed: equal at every exit, and nearly every branch met both ways. */
import { describe, expect, test } from 'vitest';
import { configurations, kernel } from '../support/kernel.ts';
import { pvasm } from './listings.ts';

const TARGETS = ['xen:a', 'xen:b', 'xen'];
const JOINT = ['native+xen:c', 'native+xen:ce', 'native+xen:d', 'native+xen:e'];

describe.each(configurations)('%s', (configuration) => {
  test.each([
    ['ivt.S', 70, 60],
    ['entry.S', 20, 60],
    ['fsys.S', 8, 300],
  ])('every vector and routine of %s', (name, least, states) => {
    const options = TARGETS.flatMap((target) => ['-t', target]);
    const flags = kernel().flags(configuration);
    const { status, stdout } = pvasm([
      'verify',
      kernel().plain(name),
      ...options,
      ...flags,
      '--states',
      String(states),
    ]);
    expect({ status, stdout }).toMatchObject({ status: 0 });
    expect(stdout).not.toContain('was not compared');
    for (const target of TARGETS) {
      const [, entries] = new RegExp(`for ${target}: (\\d+) entries, .*: equal$`, 'm').exec(stdout) ?? [];
      expect(Number(entries), target).toBeGreaterThanOrEqual(least);
    }
    const share = /outcomes of conditional branches met \((\d+) %\)/.exec(stdout)?.[1];
    expect(Number(share)).toBeGreaterThanOrEqual(90);
  });

  test.each(['ivt.S', 'entry.S', 'fsys.S', 'gate.S'])('%s as joint listings, native and patched', (name) => {
    const flags = kernel().flags(configuration);
    const { status, stdout } = pvasm([
      'verify',
      kernel().plain(name),
      ...JOINT.flatMap((label) => ['-t', label]),
      ...flags,
      '--states',
      '20',
    ]);
    expect({ status, stdout }).toMatchObject({ status: 0 });
    expect(stdout).not.toContain('was not compared');
    for (const label of JOINT)
      for (const state of [label, `${label} patched for xen`]) expect(stdout).toContain(`for ${state}: `);
  });
});
