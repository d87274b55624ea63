/** Linux 6.1's handlers and their listings, executed: equal at every exit, and nearly every branch met both ways. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { projectRoot } from '../../scripts/inputs/cache.mjs';
import { configurations, kernel } from '../support/kernel.ts';
import { VERIFIED, VERIFIED_HEADING, VERIFIED_TARGETS, verifiedRow, verifyArguments } from '../support/verified.ts';
import { pvasm } from './listings.ts';

const figures = readFileSync(join(projectRoot, 'docs/figures.md'), 'utf8');

const LEAST_ENTRIES: Readonly<Record<string, number>> = { 'ivt.S': 70, 'entry.S': 20, 'fsys.S': 8, 'pal.S': 8 };
const JOINT = ['native+xen:c', 'native+xen:ce', 'native+xen:d', 'native+xen:e'];

describe.each(configurations)('%s', (configuration) => {
  test.each(VERIFIED)('every vector and routine of %s', (name, states) => {
    const { status, stdout } = pvasm(verifyArguments(name, configuration, states));
    expect({ status, stdout }).toMatchObject({ status: 0 });
    expect(stdout).not.toContain('was not compared');
    for (const target of VERIFIED_TARGETS) {
      const [, entries] = new RegExp(`for ${target}: (\\d+) entr(?:y|ies), .*: equal$`, 'm').exec(stdout) ?? [];
      expect(Number(entries), target).toBeGreaterThanOrEqual(LEAST_ENTRIES[name]!);
    }
    expect(figures).toContain(VERIFIED_HEADING);
    expect(figures).toContain(verifiedRow(name, configuration, states, stdout));
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
