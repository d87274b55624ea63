import { basename, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { assembleSource, image } from '../support/assemble.ts';
import { configurations } from '../support/kernel.ts';
import { assembleListing, build, scratchFolder, sources } from './listings.ts';

/** Native is free: the native listing of every kernel source gives the same bytes and relocations as the source. */
const folder = scratchFolder();

describe.each(configurations)('%s', (configuration) => {
  test.each(['linux', 'plain'] as const)('native listings of %s/ are the original', (kind) => {
    const out = join(folder, configuration, kind);
    const files = sources(kind);
    expect(files.length).toBe(kind === 'linux' ? 33 : 12);
    build(files, ['native'], configuration, out);
    for (const file of files) {
      const before = assembleSource(file, configuration);
      const after = assembleListing(file, 'native', configuration, out);
      expect(after.messages, basename(file)).toBe('');
      expect(image(after.object!), basename(file)).toEqual(image(before.object!));
    }
  });
});
