/** The reference patcher, compiled for this host with every warning and sanitizer, and images for it. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectRoot } from '../../scripts/inputs/cache.mjs';
import { mustRun } from '../support/run.ts';
import { toolchain } from '../support/toolchain.ts';

/** A section of a linked image. */
export interface Place {
  readonly name: string;
  /** Offsets in the image. */
  readonly start: number;
  readonly end: number;
  readonly executable: boolean;
}

export interface MemoryImage {
  readonly bytes: Buffer;
  readonly places: readonly Place[];
}

export interface Outcome {
  /** `enum pvasm_status`. */
  readonly status: number;
  readonly writes: number;
  readonly flushes: number;
  readonly bytes: Buffer;
}

export class Patcher {
  readonly folder = mkdtempSync(join(tmpdir(), 'pvasm-patcher-'));
  readonly #program = join(this.folder, 'harness');

  constructor() {
    const source = join(projectRoot, 'samples/patcher');
    const warnings = ['-Wall', '-Wextra', '-Werror', '-pedantic'];
    // aligned_alloc and fopen are the harness's; the patcher itself is C99.
    mustRun('gcc', ['-std=c99', ...warnings, '-c', join(source, 'pvasm_patch.c'), '-o', join(this.folder, 'plain.o')]);
    mustRun('gcc', [
      ...['-std=c11', ...warnings, '-g', '-fsanitize=address,undefined', '-fno-sanitize-recover=all', `-I${source}`],
      ...[join(projectRoot, 'test/patch/harness.c'), join(source, 'pvasm_patch.c'), '-o', this.#program],
    ]);
  }

  /** Symbols that the patcher needs of others. */
  needed(): string[] {
    const text = mustRun('nm', ['-u', join(this.folder, 'plain.o')]);
    return [...text.matchAll(/ U (\w+)/g)].map((match) => match[1]!);
  }

  apply(image: MemoryImage, target: string, noreplace = false): Outcome {
    return this.applyEach([image], target, noreplace)[0]!;
  }

  /** Each image by itself, in one process: the sanitizers take longer to start than the patcher to patch. */
  applyEach(images: readonly MemoryImage[], target: string, noreplace = false): readonly Outcome[] {
    const calls = images.map(({ bytes, places }, index) => {
      const [input, output] = [`image${index}`, `out${index}`].map((name) => join(this.folder, name));
      writeFileSync(input!, bytes);
      return { output: output!, words: [input!, output!, target, noreplace ? '1' : '0', ...places.flatMap(rangeOf)] };
    });
    const list = join(this.folder, 'calls');
    writeFileSync(list, calls.map(({ words }) => `${words.join(' ')}\n`).join(''));
    const said = mustRun(this.#program, [list]).trim().split('\n');
    return calls.map(({ output }, index) => {
      const [status, writes, flushes] = said[index]!.split(' ').map(Number) as [number, number, number];
      return { status, writes, flushes, bytes: readFileSync(output) };
    });
  }

  /**
   * Objects as the linker puts them together; what they need of others stays open.
   *
   * @param gap bytes before the replacements of the last target
   * @param before bytes before those of all targets
   */
  link(objects: readonly Buffer[], gap = 0, before = 0): Buffer {
    const files = objects.map((object, index) => {
      const path = join(this.folder, `${index}.o`);
      writeFileSync(path, object);
      return path;
    });
    const [linked, script] = [join(this.folder, 'linked'), join(this.folder, 'script')];
    writeFileSync(script, SCRIPT.replace('GAP', String(gap)).replace('BEFORE', String(before)));
    mustRun(toolchain().ld, ['--unresolved-symbols=ignore-all', '-e', '0', '-T', script, '-o', linked, ...files]);
    return readFileSync(linked);
  }

  /** A linked file as it lies in memory. */
  memory(linked: Buffer): MemoryImage {
    const [file, flat] = [join(this.folder, 'file'), join(this.folder, 'flat')];
    writeFileSync(file, linked);
    mustRun(toolchain().objcopy, ['-O', 'binary', file, flat]);
    const text = mustRun(toolchain().objdump, ['-h', file]);
    const rows = [...text.matchAll(/^ *\d+ (\S+) +(\w+) +(\w+) .*\n +(.*)$/gm)];
    const loaded = rows.filter((row) => row[4]!.includes('LOAD') && Number.parseInt(row[2]!, 16) > 0);
    const base = loaded.reduce(
      (least, row) => (BigInt(`0x${row[3]}`) < least ? BigInt(`0x${row[3]}`) : least),
      1n << 64n,
    );
    const places = loaded.map(([, name, size, address, flags]): Place => {
      const start = Number(BigInt(`0x${address}`) - base);
      return { name: name!, start, end: start + Number.parseInt(size!, 16), executable: flags!.includes('CODE') };
    });
    return { bytes: readFileSync(flat), places };
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }
}

/** How harness.c is told of a section. */
function rangeOf({ name, start, end, executable }: Place): string[] {
  if (name === '.pvasm.sites') return [`sites:${start}:${end}`];
  if (name.startsWith('.pvasm.replacements.')) return [`target:${name.slice(20)}:${start}:${end}`];
  return executable ? [`code:${start}:${end}`] : [];
}

/** As a kernel's linker script: code and records in one segment, records of all objects behind each other. */
const SCRIPT = `SECTIONS {
  . = 0x100000;
  .text : { *(.text .text.*) }
  .init.text : { *(.init.text) }
  .data : { *(.data .data.* .rodata .rodata.* __*) }
  .pvasm.sites : { *(.pvasm.sites) }
  . = . + BEFORE;
  .pvasm.replacements.native : { *(.pvasm.replacements.native) }
  . = . + GAP;
  .pvasm.replacements.xen : { *(.pvasm.replacements.xen) }
  /DISCARD/ : { *(.IA_64.unwind*) *(.comment) *(.note*) }
}
`;
