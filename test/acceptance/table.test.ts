import { readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { patchedFile } from '../../src/patch/apply.ts';
import { openImage } from '../../src/patch/image.ts';
import { filledTable, hasRecords, inlined, plain, unshared } from '../patch/inlined.ts';
import { Patcher } from '../patch/patcher.ts';
import { assembleFile, assembleSource, disassemble } from '../support/assemble.ts';
import { readSections } from '../support/elf.ts';
import { type Configuration, configurations, kernel } from '../support/kernel.ts';
import { run } from '../support/run.ts';
import { toolchain } from '../support/toolchain.ts';
import { assembleListing, build, pvasm, scratchFolder, sources } from './listings.ts';

/**
 * Alternative C of every kernel source, linked with its table: with the routines in the place of the calls that lead to them it
 * is the source, and, the table filled and the other sites patched, the listing of the target alone.
 */
const folder = scratchFolder();
const patcher = new Patcher();
afterAll(() => patcher.remove());

/** Without a second letter other sites are patched in place, with `e` first tried as calls whose branch is patched. */
const labels = ['native+xen:c', 'native+xen:ce'];

const kinds = ['plain', 'linux'] as const;

/** All sources, those of kernel/ from `plain` or `linux`, built for both labels and for Xen alone. */
function built(kind: (typeof kinds)[number], configuration: Configuration) {
  const out = join(folder, configuration, kind);
  const own = sources(kind);
  const names = new Set(own.map((file) => basename(file)));
  const files = [...own, ...sources('linux').filter((file) => !names.has(basename(file)))];
  build(files, [...labels, 'xen:b'], configuration, out);
  return { out, files };
}

/** The objects that fill a table for the bare machine and for Xen. */
function fillsOf(root: string): readonly Buffer[] {
  return ['native', 'xen'].map((target) => {
    const { object, messages } = assembleFile(join(root, `pv_table_${target}.S`));
    expect({ target, messages }).toEqual({ target, messages: '' });
    return object!;
  });
}

describe.each(configurations)('%s', (configuration) => {
  describe.each(kinds)('kernel/ from %s/', (kind) => {
    let out: string;
    let files: readonly string[];
    beforeAll(() => {
      ({ out, files } = built(kind, configuration));
    });

    test.each(labels)('listings and tables of %s', (joint) => {
      const root = join(out, joint.replace(':', '-'));
      const header = readFileSync(join(root, 'pv_table.h'), 'latin1');
      const absolute = Number(/PV_TABLE_ABSOLUTE (\d+)/.exec(header)![1]);
      const fills = fillsOf(root);
      expect(misplacedEventCalls(fills[1]!)).toEqual([]);
      const met = new Set<number>();
      for (const file of files) {
        const name = basename(file);
        const { object, messages } = assembleListing(file, joint, configuration, out);
        expect({ name, messages }).toEqual({ name, messages: '' });
        const uses = readSections(object!)
          .flatMap(({ relocations }) => relocations)
          .some((each) => /pv_slot_/.test(each));
        if (!uses && !hasRecords(object!)) continue;
        const source = assembleSource(file, configuration);
        const alone = assembleListing(file, 'xen:b', configuration, out);
        const linked = patcher.link([object!, ...fills]);
        const native = filledTable(linked, 'native', absolute);
        const xen = filledTable(linked, 'xen', absolute);
        expect(inlined(linked, native), name).toEqual(plain(patcher.link([source.object!])));
        const patched = hasRecords(linked) ? patchedFile(openImage(linked), 'xen') : linked;
        expect(unshared(inlined(patched, xen)), name).toEqual(unshared(plain(patcher.link([alone.object!]))));
        for (const slot of uses ? native.routines.keys() : []) met.add(slot);
      }
      expect(met.size).toBeGreaterThan(10);
    });
  });
});

interface ReportedSite {
  readonly line: number;
  readonly macro: string;
  readonly targets: readonly { readonly target: string; readonly clobbersMore: readonly string[] }[];
}

test.each(configurations)(
  '%s: no site of a joint listing changes a register that its macro does not name',
  (configuration) => {
    const targets = [...labels, 'native+xen:d', 'native+xen:e'].flatMap((label) => ['-t', label]);
    let changing = 0;
    for (const file of sources('plain')) {
      const { stdout } = pvasm(['report', file, ...targets, '--format', 'json', ...kernel().flags(configuration)]);
      for (const { line, macro, targets: made } of (JSON.parse(stdout) as { sites: ReportedSite[] }).sites) {
        const named = new Set(macro.match(/[\w.]+/g));
        for (const { target, clobbersMore } of made) {
          if (clobbersMore.length > 0) changing++;
          const hidden = clobbersMore.filter((name) => !named.has(name));
          expect(hidden, `${basename(file)}:${line} ${target} ${macro}`).toEqual([]);
        }
      }
    }
    expect(changing).toBeGreaterThan(300);
  },
);

/** SSM_I works from slot 0 of its bundle only. */
function misplacedEventCalls(object: Buffer) {
  return disassemble(object).filter(
    ({ mnemonic, operands, slot }) => /^break/.test(mnemonic) && Number(operands) === 7 && slot !== 0,
  );
}

test('the table of another call lacks slots: the linker tells', () => {
  const out = join(folder, 'two calls');
  const root = join(out, 'native+xen-c');
  const files = ['ivt.S', 'entry.S'].map((name) => kernel().plain(name));
  for (const file of files) build([file], ['native+xen:c'], 'smp', out);
  const table = ['native', 'xen'].map((target) => assembleFile(join(root, `pv_table_${target}.S`)).object!);
  const [other, own] = files.map((file) => {
    const { object } = assembleListing(file, 'native+xen:c', 'smp', out);
    const objects = [object!, ...table].map((bytes, index) => {
      const path = join(out, `${index}.o`);
      writeFileSync(path, bytes);
      return path;
    });
    return run(toolchain().ld, ['-e', '0', '-o', join(out, 'linked'), ...objects]).stderr;
  });
  expect(other).toMatch(/undefined reference to `pv_slot_/);
  expect(own).not.toContain('pv_slot_');
});
