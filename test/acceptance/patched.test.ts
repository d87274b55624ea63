import { basename, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { patchedFile } from '../../src/patch/apply.ts';
import { openImage } from '../../src/patch/image.ts';
import { type Assembled, assembleSource, disassemble } from '../support/assemble.ts';
import { readSections } from '../support/elf.ts';
import { type PlainInstruction, plainInstructions } from '../support/instructions.ts';
import { configurations } from '../support/kernel.ts';
import { assembleListing, build, scratchFolder, sources } from './listings.ts';

/**
 * A joint listing of every kernel source: native as it is assembled, and each target's own listing when it is patched. The
 * disassembler judges; the sections of replacements are read by nobody but the patcher.
 */
const folder = scratchFolder();
const joint = 'native+xen:d';

/** A distance between two places of the file, as an immediate: it is another one where the code has another length. */
const DISTANCE = /^(?:\(p\d+\) )?(?:adds?|addl|mov) r\d+=-?\d+,r\d+$/;

/** So it is in a word of data among the code: relocate_kernel.S has one, which is disassembled as breaks. */
const DATA = /^(?:\(p\d+\) )?break\.m 0x\w+$/;
const NO_CODE = 'break.i 0x0';

function texts(instructions: readonly PlainInstruction[]): string[] {
  return instructions.map(({ text }, at) => {
    if (DISTANCE.test(text)) return text.replace(/=-?\d+/, '=N');
    return DATA.test(text) && instructions[at + 1]?.text === NO_CODE ? 'data' : text;
  });
}

function expectSame(actual: Buffer, expected: Buffer, what: string): void {
  const [own, other] = [plainInstructions(actual), plainInstructions(expected)];
  expect(references(actual), what).toEqual(references(expected));
  expect([...own.keys()], what).toEqual([...other.keys()]);
  for (const [section, instructions] of other) {
    expect(texts(own.get(section)!), `${what} ${section}`).toEqual(texts(instructions));
    const missing = instructions.filter(({ stop }, at) => stop && !own.get(section)![at]!.stop);
    expect(missing, `${what} ${section}: stops`).toEqual([]);
  }
}

/** What the linker fills in, in order: a symbol by its name, and not how far from it. */
function references(object: Buffer): string[] {
  return readSections(object).flatMap(({ name, executable, relocations }) =>
    executable && !name.startsWith('.pvasm.')
      ? relocations.map((each) => `${name} ${each.replace(/^\S+ /, '').replace(/\+-?\d+$/, '')}`)
      : [],
  );
}

function whole({ object, messages }: Assembled, what: string): Buffer {
  expect({ what, messages }).toEqual({ what, messages: '' });
  return object!;
}

/** SSM_I works from slot 0 of its bundle only. */
function misplacedEventCalls(object: Buffer) {
  return disassemble(object).filter(
    ({ mnemonic, operands, slot }) => /^break/.test(mnemonic) && Number(operands) === 7 && slot !== 0,
  );
}

describe.each(configurations)('%s', (configuration) => {
  test.each(['linux', 'plain'] as const)('joint listings of %s/', (kind) => {
    const out = join(folder, configuration, kind);
    const files = sources(kind);
    build(files, [joint, 'xen:b'], configuration, out);
    let sites = 0;
    for (const file of files) {
      const name = basename(file);
      const source = whole(assembleSource(file, configuration), name);
      const object = whole(assembleListing(file, joint, configuration, out), name);
      expectSame(object, source, `${name} as it is assembled`);
      const records = readSections(object).find((section) => section.name === '.pvasm.sites');
      if (records === undefined) continue;
      sites += records.size / 16;
      const patch = (from: Buffer, target: string) => patchedFile(openImage(from), target);
      const xen = patch(object, 'xen');
      expectSame(xen, whole(assembleListing(file, 'xen:b', configuration, out), name), `${name} for xen`);
      expect(misplacedEventCalls(xen), name).toEqual([]);
      // The object that the assembler made is what patching for native gives, whatever was there.
      expect(patch(object, 'native').equals(object), name).toBe(true);
      expect(patch(xen, 'native').equals(object), name).toBe(true);
      expect(patch(xen, 'xen').equals(xen), name).toBe(true);
      expect(patch(patch(xen, 'native'), 'xen').equals(xen), name).toBe(true);
    }
    expect(sites).toBeGreaterThan(150);
  });
});
