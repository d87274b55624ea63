import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { configurations, kernel } from '../support/kernel.ts';
import { pvasm, scratchFolder, sources } from './listings.ts';

/** rewrite(rewrite(x)) == rewrite(x), over every kernel source and the headers that come along. */
const folder = scratchFolder();

describe.each(configurations)('%s', (configuration) => {
  test.each([
    ['linux', []],
    ['plain', []],
    ['plain', ['-t', 'native+xen:ce']],
  ] as const)('rewriting %s/ again changes nothing: %s', (kind, targets) => {
    const [once, twice] = ['once', 'twice'].map((name) => join(folder, configuration, kind, targets.join(''), name));
    const flags = [...targets, ...kernel().flags(configuration)];
    const files = sources(kind);
    pvasm(['rewrite', ...files, '-o', once!, ...flags]);
    const rewritten = files.map((file) => join(once!, basename(file)));
    pvasm(['rewrite', ...rewritten, '-o', twice!, `-I${join(once!, 'include')}`, ...flags]);
    for (const name of [...files.map((file) => basename(file)), 'minstate.h']) {
      if (!existsSync(join(once!, name))) continue;
      expect(readFileSync(join(twice!, name), 'latin1'), name).toBe(readFileSync(join(once!, name), 'latin1'));
    }
  });
});
