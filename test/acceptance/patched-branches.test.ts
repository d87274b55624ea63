import { basename, join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { patchedFile } from '../../src/patch/apply.ts';
import { openImage } from '../../src/patch/image.ts';
import { readSites, targetsIn } from '../../src/patch/records.ts';
import { inlined, plain, unshared } from '../patch/inlined.ts';
import { Patcher } from '../patch/patcher.ts';
import { assembleSource } from '../support/assemble.ts';
import { readSections } from '../support/elf.ts';
import { configurations } from '../support/kernel.ts';
import { assembleListing, build, scratchFolder, sources } from './listings.ts';

/**
 * Alternative E of every kernel source, linked: with the bodies of the routines in the place of their calls it is the source,
 * and, patched, the listing of the target alone.
 */
const folder = scratchFolder();
const patcher = new Patcher();
afterAll(() => patcher.remove());
const joint = 'native+xen:e';

describe.each(configurations)('%s', (configuration) => {
  test('joint listings', () => {
    const out = join(folder, configuration);
    const own = sources('plain');
    const names = new Set(own.map((file) => basename(file)));
    const files = [...own, ...sources('linux').filter((file) => !names.has(basename(file)))];
    build(files, [joint, 'xen:b'], configuration, out);
    let calls = 0;
    for (const file of files) {
      const name = basename(file);
      const linked = (object: Buffer | null, messages: string) => {
        expect({ name, messages }).toEqual({ name, messages: '' });
        return patcher.link([object!]);
      };
      const { object, messages } = assembleListing(file, joint, configuration, out);
      expect({ name, messages }).toEqual({ name, messages: '' });
      if (!readSections(object!).some((section) => section.name === '.pvasm.sites')) continue;
      const image = linked(object, messages);
      const source = assembleSource(file, configuration);
      const alone = assembleListing(file, 'xen:b', configuration, out);
      calls += readSites(openImage(image)).filter(({ isBranch }) => isBranch).length;
      expect(targetsIn(openImage(image))).toEqual(['native', 'xen']);
      const xen = patchedFile(openImage(image), 'xen');
      expect(inlined(image), name).toEqual(plain(linked(source.object, source.messages)));
      expect(unshared(inlined(xen)), name).toEqual(unshared(plain(linked(alone.object, alone.messages))));
      expect(patchedFile(openImage(image), 'native').equals(image), name).toBe(true);
      expect(patchedFile(openImage(xen), 'native').equals(image), name).toBe(true);
      expect(patchedFile(openImage(xen), 'xen').equals(xen), name).toBe(true);
      const memory = patcher.memory(image);
      expect(patcher.apply(memory, 'xen').bytes.equals(patcher.memory(xen).bytes), name).toBe(true);
    }
    expect(calls).toBeGreaterThan(30);
  });
});
