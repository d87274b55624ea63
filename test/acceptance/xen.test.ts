import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { projectRoot } from '../../scripts/inputs/cache.mjs';
import { countInstructions, disassemble } from '../support/assemble.ts';
import { configurations, kernel } from '../support/kernel.ts';
import { assembleListing, build, longerThanOneLetter, scratchFolder, sources, vectorFiles } from './listings.ts';

const targets = ['native', 'xen:a', 'xen:b', 'xen'] as const;
const folder = scratchFolder();

/** SSM_I in an object file: from slot 1 Xen returns to the call itself and delivers the event for ever. */
function eventCalls(object: Buffer): { predicate: string; slot: number }[] {
  return disassemble(object)
    .filter(({ mnemonic, operands }) => /^break/.test(mnemonic) && Number(operands) === 7)
    .map(({ predicate, slot }) => ({ predicate, slot }));
}

/** The four files and their header in one call, so that minstate.h and ivt.S go together. */
function buildVectorFiles(configuration: 'smp' | 'up'): string {
  const out = join(folder, configuration);
  build(
    vectorFiles.map((name) => kernel().plain(name)),
    targets,
    configuration,
    out,
  );
  return out;
}

describe.each(configurations)('%s', (configuration) => {
  test('the listings assemble under -x without a message, no vector leaves its slot, every SSM_I stands in slot 0, and xen is the shortest', () => {
    let found = 0;
    const out = buildVectorFiles(configuration);
    for (const name of vectorFiles) {
      const bytes = new Map<string, number>();
      for (const target of targets) {
        const { object, messages } = assembleListing(kernel().plain(name), target, configuration, out);
        // A vector that overflows moves .org backwards, which is an error: there is no object then.
        expect({ target, name, messages, assembles: object !== null }).toEqual({
          target,
          name,
          messages: '',
          assembles: true,
        });
        bytes.set(target, countInstructions(object!).bytes);
        expect({ target, name, elsewhere: eventCalls(object!).filter(({ slot }) => slot !== 0) }).toEqual({
          target,
          name,
          elsewhere: [],
        });
        if (target !== 'native') found += eventCalls(object!).length;
      }
      expect({ name, bytes, longer: longerThanOneLetter(bytes) }).toEqual({ name, bytes, longer: false });
    }
    expect(found).toBeGreaterThan(10);
  });
});

describe.each(configurations)('%s', (configuration) => {
  test('so do those of all other plain sources, alone or with the headers that come along', () => {
    const out = join(folder, `all-${configuration}`);
    const files = sources('plain').filter((file) => !(vectorFiles as readonly string[]).includes(basename(file)));
    build(files, ['xen:a', 'xen:b', 'xen'], configuration, out);
    for (const file of files) {
      const name = basename(file);
      const bytes = new Map<string, number>();
      for (const target of ['xen:a', 'xen:b', 'xen']) {
        const { object, messages } = assembleListing(file, target, configuration, out);
        expect({ target, name, messages }).toEqual({ target, name, messages: '' });
        expect(eventCalls(object!).every(({ slot }) => slot === 0)).toBe(true);
        bytes.set(target, countInstructions(object!).bytes);
      }
      expect({ name, bytes, longer: longerThanOneLetter(bytes) }).toEqual({ name, bytes, longer: false });
    }
  });
});

/**
 * What Linux's hand macros of 2008 add to native on these sources, SMP: instructions without nops, stops, bytes. In entry.S
 * they add 58 instructions and leave out a srlz.d that the native itr.d before it waits for; with it they would add 59.
 */
const handMacros = [
  { name: 'ivt.S', instructions: 308, stops: 189, bytes: 1808 },
  { name: 'entry.S', instructions: 59, stops: 35, bytes: 544 },
  { name: 'fsys.S', instructions: 20, stops: 16, bytes: 208 },
];

/** The hand macros leave itr.d native (and ptc.l and reads of ar.k, for which xen spends nothing either). */
function sameSitesTarget(): string {
  const xen = readFileSync(join(projectRoot, 'grammar/targets/xen.S'), 'latin1');
  const without = xen.replace(/^\.macro ASM_ITR_D [\s\S]*?^\.endm\n/m, '');
  expect(without.length).toBeLessThan(xen.length);
  const path = join(folder, 'same-sites.S');
  writeFileSync(path, without);
  copyFileSync(join(projectRoot, 'grammar/targets/xen.tsv'), join(folder, 'same-sites.tsv'));
  return path;
}

test.each(['', ':b'])('for the same sites, xen%s costs less than the hand macros in every column', (alternative) => {
  const out = join(folder, 'cost');
  const files = vectorFiles.map((name) => kernel().plain(name));
  build(files, ['native', `${sameSitesTarget()}${alternative}`], 'smp', out);
  for (const { name, ...hand } of handMacros) {
    const [native, xen] = ['native', `same-sites${alternative}`].map((target) =>
      countInstructions(assembleListing(kernel().plain(name), target, 'smp', out).object!),
    );
    for (const column of ['instructions', 'stops', 'bytes'] as const) {
      expect(xen![column] - native![column], `${name}: ${column}`).toBeLessThan(hand[column]);
    }
  }
});
