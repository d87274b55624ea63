import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { assembleFile, disassemble } from '../support/assemble.ts';
import { readSections } from '../support/elf.ts';
import { type Configuration, configurations, kernel } from '../support/kernel.ts';
import { mustRun, run } from '../support/run.ts';
import { toolchain } from '../support/toolchain.ts';
import { assembleListing, build, pvasm, scratchFolder, sources } from './listings.ts';

/**
 * The kernel's assembly for the bare machine and for Xen in one image, linked by the real linker: `build --link-together`. Both
 * variants are there, neither takes the other's code, and each is what its own listing would be without the other.
 */
const folder = scratchFolder();
const targets = ['native', 'xen'] as const;
const SHARED = ['empty_zero_page', 'swapper_pg_dir'];
const RULES = `shared = ${JSON.stringify(SHARED)}\n[[rename]]\nsymbol = "ia64_*"\nas = "{target}_*"\n`;
const IVT_ALIGNMENT = 0x8000;

interface Symbol {
  readonly name: string;
  readonly value: number;
  readonly binding: string;
  readonly isDefined: boolean;
}

/** Symbols that the linker sees. */
function symbolsOf(object: string): Symbol[] {
  const stdout = mustRun(toolchain().readelf, ['-sW', object]);
  return [...stdout.matchAll(/^ +\d+: (\w+) +\d+ \w+ +(GLOBAL|WEAK) +\w+ .*?(\w+) ([\w.]+)$/gm)].map(
    ([, value, binding, section, name]) => ({
      name: name!,
      value: Number.parseInt(value!, 16),
      binding: binding!,
      isDefined: section !== 'UND',
    }),
  );
}

const definedIn = (object: string) => symbolsOf(object).filter(({ isDefined }) => isDefined);

/** Of two sources with the same symbols (memcpy.S, memcpy_mck.S) a kernel has one; those without symbols are probes of the build. */
function withoutRivals(files: readonly string[], objectOf: (file: string) => string): string[] {
  const taken = new Set<string>();
  return files.filter((file) => {
    const names = definedIn(objectOf(file)).map(({ name }) => name);
    if (names.length === 0 || names.some((name) => taken.has(name))) return false;
    for (const name of names) taken.add(name);
    return true;
  });
}

function link(objects: readonly string[], options: readonly string[], output: string): void {
  const { status, stderr } = run(toolchain().ld, [...options, '-o', output, ...objects]);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
}

/** Builds and assembles; gives the path of the object of a source for a target. */
function assembled(files: readonly string[], configuration: Configuration, kind: string) {
  const out = join(folder, configuration, kind);
  mkdirSync(out, { recursive: true });
  const config = join(out, 'pvasm.toml');
  writeFileSync(config, RULES);
  const options = targets.flatMap((target) => ['-t', target]);
  const flags = kernel().flags(configuration);
  pvasm(['build', '-k', '--link-together', '--config', config, ...files, ...options, '-o', out, ...flags]);
  build(files, targets, configuration, `${out}-alone`);
  const objectOf = (target: string) => (file: string) => join(out, `${target}-${basename(file)}.o`);
  for (const target of targets)
    for (const file of files) {
      const { object, messages } = assembleListing(file, target, configuration, out);
      expect({ file, target, messages }).toEqual({ file, target, messages: '' });
      writeFileSync(objectOf(target)(file), object!);
    }
  const table = assembleFile(join(out, 'variants.S'));
  expect(table.messages).toBe('');
  writeFileSync(join(out, 'variants.o'), table.object!);
  return { out, objectOf };
}

function listing(out: string, target: string, file: string): string {
  return readFileSync(join(out, target, basename(file)), 'latin1');
}

/** Each variant's code in a section of its own; what C would define is at 0. */
const SCRIPT = `SECTIONS {
  . = 0x100000;
  ${targets.map((target) => `.code.${target} : { *${target}-*.S.o(.text .text.* .text..*) }`).join('\n  ')}
  .rest : { *(*) }
}`;

function branchesOut(linked: string): string[] {
  const bytes = readFileSync(linked);
  const code = disassemble(bytes).filter(({ section }) => section.startsWith('.code.'));
  const ends = new Map<string, { first: number; last: number }>();
  for (const { section, offset } of code) {
    const known = ends.get(section) ?? { first: offset, last: offset };
    ends.set(section, { first: Math.min(known.first, offset), last: Math.max(known.last, offset) });
  }
  let inside = 0;
  const out = code.flatMap(({ section, offset, mnemonic, operands }) => {
    const target = /^(?:brl?\.|chk)/.test(mnemonic)
      ? /\b(?:0x)?([0-9a-f]+)(?: <[^>]*>)?$/.exec(operands)?.[1]
      : undefined;
    if (target === undefined || /\bb\d$/.test(operands)) return [];
    const at = Number.parseInt(target, 16);
    const { first, last } = ends.get(section)!;
    if (at >= first && at <= last) inside++;
    const other = [...ends].find(([name, range]) => name !== section && at >= range.first && at <= range.last);
    return other === undefined ? [] : [`${section} ${offset.toString(16)}: ${mnemonic} ${operands} is in ${other[0]}`];
  });
  expect(inside).toBeGreaterThan(300);
  return out;
}

describe.each(configurations)('%s', (configuration) => {
  test.each(['linux', 'plain'] as const)(
    'native and Xen listings of %s/ in one image',
    (kind) => {
      const files = sources(kind);
      const { out, objectOf } = assembled(files, configuration, kind);
      const linkedFiles = withoutRivals(files, objectOf('native'));
      const own = linkedFiles.flatMap((file) => definedIn(objectOf('native')(file)).map(({ name }) => name));
      const isOwn = new Set(own.filter((name) => !SHARED.includes(name)));
      expect(isOwn.size).toBeGreaterThan(kind === 'linux' ? 60 : 30);
      const renamed = (text: string) =>
        text.replace(/[A-Za-z_]\w*/g, (word) => (isOwn.has(word) ? `xen_${word.replace(/^ia64_/, '')}` : word));

      for (const file of linkedFiles) {
        // Nothing but names differs from what each target has alone.
        const [native, xen] = targets.map((target) => [
          listing(out, target, file),
          listing(`${out}-alone`, target, file),
        ]);
        expect(native![0], file).toBe(native![1]);
        expect(xen![0]!.replace(/^#include "include\/symbols-\w+\.h"\n(\t\.weak \w+\n)*/, ''), file).toBe(xen![1]);
        // Nothing of it refers to a symbol of the other variant.
        const used = readSections(readFileSync(objectOf('xen')(file))).flatMap(({ relocations }) =>
          relocations.map((each) => / ([^ +]+)\+-?\d+$/.exec(each)![1]!),
        );
        expect(used.filter((name) => isOwn.has(name))).toEqual([]);
        const there = definedIn(objectOf('xen')(file)).map(({ name, binding }) => `${name} ${binding}`);
        expect(there.filter((each) => SHARED.some((name) => each === `${name} GLOBAL`))).toEqual([]);
      }

      const objects = targets.flatMap((target) => linkedFiles.map(objectOf(target)));
      link([...objects, join(out, 'variants.o')], ['-r'], join(out, 'kernel.o'));
      const together = definedIn(join(out, 'kernel.o')).map(({ name }) => name);
      for (const name of isOwn) expect(together).toEqual(expect.arrayContaining([name, renamed(name)]));

      writeFileSync(join(out, 'image.lds'), SCRIPT);
      const options = [
        '--no-warn-rwx-segments',
        '-T',
        join(out, 'image.lds'),
        '--unresolved-symbols=ignore-all',
        '-e',
        '0',
      ];
      link([...objects, join(out, 'variants.o')], options, join(out, 'image'));
      expect(branchesOut(join(out, 'image'))).toEqual([]);
      const addresses = new Map(symbolsOf(join(out, 'image')).map(({ name, value }) => [name, value]));
      for (const name of ['ia64_ivt', 'xen_ivt']) expect(addresses.get(name)! % IVT_ALIGNMENT, name).toBe(0);
      expect(addresses.get('xen_ivt')).not.toBe(addresses.get('ia64_ivt'));
    },
    300_000,
  );
});
