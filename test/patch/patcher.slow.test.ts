/** The reference patcher over kernel objects: the same bytes as `pvasm patch`, and nothing written where a record is damaged. */
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { patchFormat, patchStructure, type StructureName } from '../../src/machine/patch-format.ts';
import { patchedFile } from '../../src/patch/apply.ts';
import { InvalidRecords } from '../../src/patch/damage.ts';
import { openImage } from '../../src/patch/image.ts';
import { assembleListing, build, scratchFolder } from '../acceptance/listings.ts';
import { seeded } from '../mutation/random.ts';
import { assembleSource, disassemble } from '../support/assemble.ts';
import { readSections } from '../support/elf.ts';
import { kernel } from '../support/kernel.ts';
import { inlined } from './inlined.ts';
import { type MemoryImage, Patcher } from './patcher.ts';

const patcher = new Patcher();
afterAll(() => patcher.remove());
const folder = scratchFolder();

/** As pvasm_patch.h has them. */
const Status = {
  ok: 0,
  noTarget: 1,
  truncated: 2,
  version: 3,
  badSite: 4,
  overlap: 5,
  badBlock: 6,
  noReplacement: 7,
  noRoom: 8,
  badCode: 9,
  far: 10,
};

let linked: Buffer;
let memory: MemoryImage;
/** Few sites, so that many damaged ones can be tried. */
let small: Buffer;
let smallMemory: MemoryImage;
/** Alternative E: some of the sites are branches. */
let branching: Buffer;
let branchingMemory: MemoryImage;
let branchingObjects: Buffer[];

beforeAll(() => {
  const files = ['ivt.S', 'entry.S', 'fsys.S', 'gate.S'].map((name) => kernel().plain(name));
  build(files, ['native+xen:d'], 'smp', folder);
  const objects = files.map((file) => assembleListing(file, 'native+xen:d', 'smp', folder).object!);
  linked = patcher.link(objects);
  memory = patcher.memory(linked);
  small = patcher.link(objects.slice(2));
  smallMemory = patcher.memory(small);
  build(files, ['native+xen:e'], 'smp', folder);
  branchingObjects = files.map((file) => assembleListing(file, 'native+xen:e', 'smp', folder).object!);
  branching = patcher.link(branchingObjects.slice(1, 3));
  branchingMemory = patcher.memory(branching);
});

/** The linked file as `pvasm patch` makes it; null where it refuses. */
function patchedByTool(file: Buffer, target: string): Buffer | null {
  try {
    return patchedFile(openImage(file), target);
  } catch (error) {
    if (error instanceof InvalidRecords) return null;
    throw error;
  }
}

test('what docs/patching.md says of the size of code and records', () => {
  const page = readFileSync('docs/patching.md', 'utf8');
  const sum = (object: Buffer, is: (section: { name: string; executable: boolean }) => boolean) =>
    readSections(object).reduce((total, section) => total + (is(section) ? section.size : 0), 0);
  for (const file of ['ivt.S', 'entry.S', 'fsys.S', 'gate.S'].map((name) => kernel().plain(name))) {
    const source = assembleSource(file, 'smp').object!;
    const joint = assembleListing(file, 'native+xen:d', 'smp', folder).object!;
    const isOurs = ({ name }: { name: string }) => name.startsWith('.pvasm.');
    const code = (object: Buffer) => sum(object, (section) => section.executable && !isOurs(section));
    expect(page).toContain(`| ${basename(file)} | ${code(source)} | ${code(joint)} | ${sum(joint, isOurs)} |`);
  }
});

test('needs memcpy and nothing else', () => {
  expect(patcher.needed().filter((name) => name !== 'memcpy')).toEqual([]);
});

describe('kernel files, linked', () => {
  test('branches go to the routines of each target, and back', () => {
    const xen = patcher.apply(branchingMemory, 'xen');
    expect(xen).toMatchObject({ status: Status.ok });
    expect(xen.bytes.equals(patcher.memory(patchedByTool(branching, 'xen')!).bytes)).toBe(true);
    const native = patcher.apply({ ...branchingMemory, bytes: xen.bytes }, 'native');
    expect(native.bytes.equals(branchingMemory.bytes)).toBe(true);
  });

  test('the patcher and pvasm patch write the same bytes, and come back to the same', () => {
    const xen = patcher.apply(memory, 'xen');
    expect(xen).toMatchObject({ status: Status.ok });
    expect(xen.bytes.equals(memory.bytes)).toBe(false);
    expect(xen.bytes.equals(patcher.memory(patchedByTool(linked, 'xen')!).bytes)).toBe(true);
    expect(patcher.apply({ ...memory, bytes: xen.bytes }, 'xen').bytes.equals(xen.bytes)).toBe(true);
    const native = patcher.apply({ ...memory, bytes: xen.bytes }, 'native');
    expect(native.bytes.equals(memory.bytes)).toBe(true);
    expect(patcher.apply({ ...memory, bytes: native.bytes }, 'xen').bytes.equals(xen.bytes)).toBe(true);
  });

  test('each site is written and flushed once', () => {
    const sites = memory.places.find(({ name }) => name === '.pvasm.sites')!;
    const { flushes, writes } = patcher.apply(memory, 'xen');
    expect(flushes).toBe((sites.end - sites.start) / patchStructure('site').size);
    expect(writes).toBeGreaterThan(flushes);
  });

  test('the switch leaves all as it is', () => {
    const { bytes, ...outcome } = patcher.apply(memory, 'xen', true);
    expect({ ...outcome, unchanged: bytes.equals(memory.bytes) }).toEqual({
      status: Status.ok,
      writes: 0,
      flushes: 0,
      unchanged: true,
    });
  });

  test('another target is none of them', () => {
    expect(patcher.apply(memory, 'kvm')).toMatchObject({ status: Status.noTarget, writes: 0 });
    expect(patchedByTool(linked, 'kvm')).toBeNull();
  });
});

/** Where a section's first byte is in the linked file. */
function offsetIn(file: Buffer, name: string): number {
  return readSections(file).find((section) => section.name === name)!.bytes.byteOffset - file.byteOffset;
}

/** An image and its file with bytes of a section changed in the same way. */
function damaged(name: string, change: (section: Buffer) => void, of = { memory, linked }) {
  const bytes = Buffer.from(of.memory.bytes);
  const file = Buffer.from(of.linked);
  const { start, end } = of.memory.places.find((place) => place.name === name)!;
  const offset = offsetIn(of.linked, name);
  change(bytes.subarray(start, end));
  change(file.subarray(offset, offset + end - start));
  return { image: { ...of.memory, bytes }, file };
}

function field(structure: StructureName, name: string): number {
  return patchStructure(structure).fields.find((each) => each.name === name)!.offset;
}

const SITES = '.pvasm.sites';
const XEN = '.pvasm.replacements.xen';
const siteSize = patchStructure('site').size;
const add = (by: number, at: number) => (section: Buffer) => section.writeInt32LE(section.readInt32LE(at) + by, at);
/** The replacement of the first site, in the first block. */
function entry(name: string): number {
  const { start } = memory.places.find((place) => place.name === SITES)!;
  const number = memory.bytes.readUInt16LE(start + field('site', 'replacement'));
  return patchStructure('block').size + number * patchStructure('replacement').size + field('replacement', name);
}

/** Changes bits, bytes and words of a section: where, how and to what, each from 0 to 1. */
function damage(section: Buffer, spots: readonly (readonly [place: number, kind: number, value: number])[]): void {
  for (const [place, kind, value] of spots) {
    const at = Math.floor(place * (section.length - 4));
    if (kind < 0.4) section[at]! ^= 1 << Math.floor(value * 8);
    else if (kind < 0.7) section[at] = Math.floor(value * 256);
    else section.writeInt32LE(Math.floor((value - 0.5) * 2 ** 20), at - (at % 4));
  }
}

describe('records that are damaged are refused by both, and nothing is written', () => {
  test.each<[string, number, string, (section: Buffer) => void]>([
    [
      'a site of another version',
      Status.version,
      SITES,
      (s) => s.writeUInt16LE(2, siteSize + field('site', 'version')),
    ],
    ['a flag that is not known', Status.badSite, SITES, (s) => s.writeUInt16LE(0x8001, field('site', 'flags'))],
    ['a site that begins within a bundle', Status.badSite, SITES, add(6, field('site', 'start'))],
    ['a site that ends before it begins', Status.badSite, SITES, add(-64, field('site', 'end'))],
    [
      'a site out of the code',
      Status.badSite,
      SITES,
      (s) => {
        add(0x40000000, 0)(s);
        add(0x40000000, 4)(s);
      },
    ],
    [
      'two sites that overlap',
      Status.overlap,
      SITES,
      (s) => {
        for (const at of [0, 4]) s.writeInt32LE(s.readInt32LE(at) - siteSize, siteSize + at);
      },
    ],
    ['another operation', Status.noReplacement, SITES, (s) => s.writeUInt16LE(9999, field('site', 'operation'))],
    [
      'a replacement that is not there',
      Status.noReplacement,
      SITES,
      (s) => s.writeUInt16LE(9999, field('site', 'replacement')),
    ],
    ['no block', Status.badBlock, XEN, (s) => s.writeUInt32LE(0, field('block', 'magic'))],
    ['a block of another version', Status.version, XEN, (s) => s.writeUInt16LE(7, field('block', 'version'))],
    [
      'a block that ends behind its section',
      Status.truncated,
      XEN,
      (s) => s.writeUInt32LE(0x100000, field('block', 'length')),
    ],
    [
      'a block with too many replacements',
      Status.truncated,
      XEN,
      (s) => s.writeUInt16LE(0xffff, field('block', 'count')),
    ],
    ['sites that are not there', Status.badBlock, XEN, add(-4096, field('block', 'sites'))],
    ['half a site', Status.badBlock, XEN, add(8, field('block', 'sites'))],
    ['sites without a block', Status.noReplacement, XEN, add(-siteSize, field('block', 'sites_size'))],
    [
      'sites with two blocks',
      Status.overlap,
      XEN,
      (s) => {
        const second = s.readUInt32LE(field('block', 'length'));
        add(-siteSize, second + field('block', 'sites'))(s);
        add(siteSize, second + field('block', 'sites_size'))(s);
      },
    ],
    ['code out of its block', Status.badBlock, XEN, (s) => add(-0x8000, entry('code'))(s)],
    ['code longer than its site', Status.noRoom, XEN, (s) => s.writeUInt16LE(200, entry('bundles'))],
  ])('%s', (_, status, section, change) => {
    const { image, file } = damaged(section, change);
    const { bytes, ...outcome } = patcher.apply(image, 'xen');
    expect({ ...outcome, unchanged: bytes.equals(image.bytes) }).toEqual({
      status,
      writes: 0,
      flushes: 0,
      unchanged: true,
    });
    expect(patchedByTool(file, 'xen')).toBeNull();
  });

  test.each([SITES, XEN])('%s without its end', (name) => {
    const places = memory.places.map((place) => (place.name === name ? { ...place, end: place.end - 8 } : place));
    expect(patcher.apply({ ...memory, places }, 'xen')).toMatchObject({ status: Status.truncated, writes: 0 });
  });

  test.each<[string, number, (section: Buffer, record: number) => void]>([
    ['longer than a bundle', Status.badSite, (s, at) => add(16, at + field('site', 'end'))(s)],
    ['without its flag', Status.noReplacement, (s, at) => s.writeUInt16LE(0, at + field('site', 'flags'))],
    [
      'a bundle before it, where there is none',
      Status.badCode,
      (s, at) => {
        for (const name of ['start', 'end']) add(-16, at + field('site', name))(s);
      },
    ],
  ])('a site that is a branch, %s', (_, status, change) => {
    const { start, end } = branchingMemory.places.find(({ name }) => name === SITES)!;
    const records = branchingMemory.bytes.subarray(start, end);
    let at = 0;
    while (records.readUInt16LE(at + field('site', 'flags')) !== patchFormat().branch) at += siteSize;
    const { image, file } = damaged(SITES, (section) => change(section, at), {
      memory: branchingMemory,
      linked: branching,
    });
    expect(patcher.apply(image, 'xen')).toMatchObject({ status, writes: 0 });
    expect(patchedByTool(file, 'xen')).toBeNull();
  });

  test('routines that are too far to branch to', () => {
    const far = patcher.link(branchingObjects.slice(2), 0x1100000);
    expect(patcher.apply(patcher.memory(far), 'xen')).toMatchObject({ status: Status.far, writes: 0 });
    expect(() => patchedFile(openImage(far), 'xen')).toThrow(/is more than 16 MB from the routine/);
    expect(patchedByTool(far, 'native')!.equals(far)).toBe(true);
  });

  test('routines that the linker could only reach by long branches', () => {
    const far = patcher.link(branchingObjects.slice(2), 0, 0x1100000);
    const memory = patcher.memory(far);
    const long = disassemble(far).filter(({ mnemonic }) => mnemonic.startsWith('brl'));
    expect(long.length).toBeGreaterThan(0);
    const patched = patchedByTool(far, 'xen')!;
    expect(inlined(patched)).not.toEqual(inlined(far));
    expect(inlined(patched)).toEqual(inlined(patchedByTool(patcher.link(branchingObjects.slice(2)), 'xen')!));
    expect(patcher.apply(memory, 'xen').bytes.equals(patcher.memory(patched).bytes)).toBe(true);
    expect(patchedByTool(patched, 'native')!.equals(far)).toBe(true);
  });

  test.each([
    ['patched in place', () => ({ memory: smallMemory, linked: small })],
    ['with branches', () => ({ memory: branchingMemory, linked: branching })],
  ])('whatever is damaged, %s: both agree, and what is refused is not written', (_, of) => {
    const random = seeded('damaged records');
    const rounds = Array.from({ length: 150 }, () => {
      const name = random() < 0.5 ? SITES : XEN;
      const spots = Array.from({ length: 1 + Math.floor(random() * 3) }, () => [random(), random(), random()] as const);
      return damaged(name, (section) => damage(section, spots), of());
    });
    const outcomes = patcher.applyEach(
      rounds.map(({ image }) => image),
      'xen',
    );
    let refused = 0;
    for (const [round, { image, file }] of rounds.entries()) {
      const outcome = outcomes[round]!;
      const byTool = patchedByTool(file, 'xen');
      expect({ round, refused: outcome.status !== Status.ok }).toEqual({ round, refused: byTool === null });
      if (outcome.status === Status.ok) continue;
      refused++;
      expect(outcome.writes).toBe(0);
      expect(outcome.bytes.equals(image.bytes)).toBe(true);
    }
    expect(refused).toBeGreaterThan(30);
  });
});
