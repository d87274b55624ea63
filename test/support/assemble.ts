/** The real tools on real text: gcc -E, ia64-linux-gnu-as -x, objdump -d, and what to compare of their results. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { readSections } from './elf.ts';
import { type Configuration, kernel } from './kernel.ts';
import { run } from './run.ts';
import { toolchain } from './toolchain.ts';

export interface AssembleOptions {
  /** Preprocess with the kernel's flags for this configuration; left out: with `flags` alone. */
  readonly configuration?: Configuration;
  /** Folders searched before those of the configuration. */
  readonly includeDirs?: readonly string[];
  /** More -D, -U, -I and -include flags. */
  readonly flags?: readonly string[];
  /** The folder the source stands in, searched first for "header.h"; only for text. */
  readonly folder?: string;
  /** False: the text is assembled as it is, without gcc -E. */
  readonly preprocess?: boolean;
  /** False: no -x, so gas inserts stops of its own. */
  readonly explicit?: boolean;
}

export interface Assembled {
  /** The object file's bytes; null when there is none because of an error. */
  readonly object: Buffer | null;
  /** What gcc and as said, with their temporary file names taken out; empty when silent. */
  readonly messages: string;
}

/** What gcc -E makes of a source file, as the kernel's build calls it, and what it says. */
export function preprocess(file: string, options: AssembleOptions = {}): { text: string; messages: string } {
  return preprocessor([file], options);
}

function preprocessor(input: readonly string[], options: AssembleOptions, text?: string) {
  const folders = (options.includeDirs ?? []).map((each) => `-I${each}`);
  const configured = options.configuration === undefined ? [] : kernel().flags(options.configuration);
  const { stdout, stderr } = run(
    'gcc',
    [
      ...['-E', '-x', 'assembler-with-cpp', '-nostdinc', '-undef', '-std=gnu89', '-w'],
      ...folders,
      ...(options.flags ?? []),
      ...configured,
      ...input,
    ],
    text === undefined ? {} : { input: Buffer.from(text, 'latin1') },
  );
  return { text: stdout, messages: stderr };
}

/** Preprocesses and assembles a source file under -x, where gas reports dependency violations (as warnings). */
export function assembleFile(file: string, options: AssembleOptions = {}): Assembled {
  if (options.preprocess === false) return assembled(readFileSync(file, 'latin1'), '', options);
  const { text, messages } = preprocess(file, {
    ...options,
    includeDirs: [dirname(file), ...(options.includeDirs ?? [])],
  });
  return assembled(text, messages, options);
}

export interface AssembledSource extends Assembled {
  /** Names, without folders, of the files that it includes. */
  readonly included: ReadonlySet<string>;
}

/** By configuration and path. */
const assembledSources = new Map<string, AssembledSource>();

/** A source of the kernel, as {@link assembleFile} assembles it: once for all tests of a worker, for many compare with it. */
export function assembleSource(file: string, configuration: Configuration): AssembledSource {
  const key = `${configuration} ${file}`;
  let known = assembledSources.get(key);
  if (known === undefined) {
    const options = { configuration, includeDirs: [dirname(file)] };
    const { text, messages } = preprocess(file, options);
    const included = new Set([...text.matchAll(/^# \d+ "(?:[^"\n]*\/)?([^"\n]+)"/gm)].map(([, name]) => name!));
    known = { ...assembled(text, messages, options), included };
    assembledSources.set(key, known);
  }
  return known;
}

/** By options and text. */
const assembledTexts = new Map<string, Assembled>();

/** Listings of whole kernel files, which are longer, come once. */
const LONGEST_REMEMBERED = 100_000;

/**
 * As {@link assembleFile}, for text (latin-1, one character a byte). What a worker has assembled before, it does not assemble
 * again, as tests compare many listings with the same one (test/rewrite/splices.test.ts takes 21 s, without 55 s): an object is not
 * to be changed. A test's own headers may have changed.
 */
export function assembleText(text: string, options: AssembleOptions = {}): Assembled {
  const { includeDirs, flags, folder } = options;
  const readsHeaders = includeDirs !== undefined || flags !== undefined || folder !== undefined;
  if (readsHeaders || text.length > LONGEST_REMEMBERED) return assembleNew(text, options);
  const key = JSON.stringify([options, text]);
  const known = assembledTexts.get(key) ?? assembleNew(text, options);
  assembledTexts.set(key, known);
  return known;
}

function assembleNew(text: string, options: AssembleOptions): Assembled {
  if (options.preprocess === false) return assembled(text, '', options);
  const { folder } = options;
  const near = folder === undefined ? options : { ...options, includeDirs: [folder, ...(options.includeDirs ?? [])] };
  const preprocessed = preprocessor(['-'], near, text);
  return assembled(preprocessed.text, preprocessed.messages, options);
}

function assembled(text: string, messages: string, options: AssembleOptions): Assembled {
  const { as } = toolchain();
  const work = mkdtempSync(join(tmpdir(), 'pvasm-'));
  try {
    const source = join(work, 'source.i');
    const object = join(work, 'source.o');
    writeFileSync(source, text, 'latin1');
    const explicit = options.explicit === false ? [] : ['-x'];
    const stub = options.configuration === undefined ? [] : [`-I${join(kernel().root, 'stub')}`];
    const { status, stderr } = run(as, [...explicit, '-mconstant-gp', ...stub, '-o', object, source]);
    return {
      object: status === 0 ? readFileSync(object) : null,
      messages: (messages + stderr).replaceAll(`${work}/`, ''),
    };
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/**
 * Everything that gets into the kernel's image: the bytes and relocations of each allocated section that is not empty.
 * Two objects with equal images run the same. Comparable with toEqual; a difference shows the section.
 */
export function image(object: Buffer): Record<string, { bytes: string; relocations: readonly string[] }> {
  const sections: Record<string, { bytes: string; relocations: readonly string[] }> = {};
  for (const { name, allocated, size, bytes, relocations } of readSections(object)) {
    if (!allocated || size === 0) continue;
    const earlier = sections[name]; // a group may repeat a name
    sections[name] = {
      bytes: (earlier?.bytes ?? '') + (bytes.length === 0 ? `${size} bytes of zeros` : bytes.toString('hex')),
      relocations: [...(earlier?.relocations ?? []), ...relocations],
    };
  }
  return sections;
}

/** As {@link image}, for sections that hold code only. */
export function textBytes(object: Buffer): Record<string, { bytes: string; relocations: readonly string[] }> {
  const code = new Set(readSections(object).flatMap(({ name, executable }) => (executable ? [name] : [])));
  return Object.fromEntries(Object.entries(image(object)).filter(([name]) => code.has(name)));
}

export interface DisassembledInstruction {
  readonly section: string;
  /** Byte offset of the bundle in the section. */
  readonly offset: number;
  readonly slot: 0 | 1 | 2;
  /** Qualifying predicate, `p6`, or empty. */
  readonly predicate: string;
  readonly mnemonic: string;
  readonly operands: string;
  /** An instruction group ends behind it. */
  readonly stop: boolean;
}

/** Tests ask of one object how long it is, what is in it, and where. */
const disassembled = new WeakMap<Buffer, readonly DisassembledInstruction[]>();

/**
 * objdump -d of every code section, one record an instruction: nops included, a two-slot instruction once, bundles of zeros
 * (what .org fills up a vector with) left out. An object that was disassembled may not be changed any more.
 */
export function disassemble(object: Buffer): readonly DisassembledInstruction[] {
  let known = disassembled.get(object);
  if (known === undefined) {
    known = parseDisassembly(disassemblyOf(object));
    disassembled.set(object, known);
  }
  return known;
}

function disassemblyOf(object: Buffer): string {
  const { objdump } = toolchain();
  const work = mkdtempSync(join(tmpdir(), 'pvasm-'));
  try {
    const file = join(work, 'object.o');
    writeFileSync(file, object);
    const { status, stdout, stderr } = run(objdump, ['-d', '--no-show-raw-insn', file]);
    if (status !== 0) throw new Error(`objdump: ${stderr}`);
    return stdout;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

const SECTION = 'Disassembly of section ';
const LINE = /^ *([0-9a-f]+):\t(?:\[...\])? *(?:\((p\d+)\))? *([^ ;]+) ?(.*?)(;;)?$/;
const SLOT_OF_OFFSET: Record<number, 0 | 1 | 2> = { 0: 0, 6: 1, 12: 2 };

function parseDisassembly(text: string): readonly DisassembledInstruction[] {
  const instructions: DisassembledInstruction[] = [];
  let section = '';
  for (const line of text.split('\n')) {
    if (line.startsWith(SECTION)) section = line.slice(SECTION.length, -1);
    const match = LINE.exec(line);
    if (match === null) continue;
    const [, offset, predicate, mnemonic, operands, stop] = match;
    const address = Number.parseInt(offset!, 16);
    instructions.push({
      section,
      offset: address - (address % 16),
      slot: SLOT_OF_OFFSET[address % 16]!,
      predicate: predicate ?? '',
      mnemonic: mnemonic!,
      operands: operands!.trim(),
      stop: stop !== undefined,
    });
  }
  return instructions;
}

export interface Size {
  /** Instructions, nops and padding not counted; a two-slot instruction is one. */
  readonly instructions: number;
  /** Instruction groups that end in a stop. */
  readonly stops: number;
  /** Bytes of the section, padding included. */
  readonly bytes: number;
}

/** What the code of an object file costs: over all code sections, and by section. */
export function countInstructions(object: Buffer): Size & { readonly sections: Readonly<Record<string, Size>> } {
  const sections: Record<string, { instructions: number; stops: number; bytes: number }> = {};
  for (const { name, executable, size } of readSections(object)) {
    if (!executable || size === 0) continue;
    sections[name] ??= { instructions: 0, stops: 0, bytes: 0 };
    sections[name].bytes += size;
  }
  for (const { section, mnemonic, stop } of disassemble(object)) {
    const count = sections[section]!;
    if (stop) count.stops++;
    if (mnemonic !== 'nop' && !mnemonic.startsWith('nop.')) count.instructions++;
  }
  const total = { instructions: 0, stops: 0, bytes: 0 };
  for (const { instructions, stops, bytes } of Object.values(sections)) {
    total.instructions += instructions;
    total.stops += stops;
    total.bytes += bytes;
  }
  return { ...total, sections };
}
