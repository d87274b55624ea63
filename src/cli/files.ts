/** Files that are read. What is written: see `writing.ts`. Text is latin-1, so that bytes survive. */
import { closeSync, openSync, readFileSync, readSync, type Stats, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { SourceText } from '../syntax/source.ts';
import { Failure } from './failure.ts';
import { withSlashes } from './path-text.ts';

/** No assembly source comes near this size; a larger file is a mistake on the command line. Bytes. */
const maximumSize = 64 * 1024 * 1024;

/** What has been read so far: all of it decides on what a call makes. */
const read = new Set<string>();

/** A call begins: nothing that it depends on was read yet. */
export function beginReading(): void {
  read.clear();
  before.clear();
}

/** Bytes of files that were read whole, standard input among them, by path. */
export type ReadBytes = ReadonlyMap<string, Buffer>;

/** What another part of the tool has read for this call: a pipe cannot be read twice. Each is used once. */
const before = new Map<string, Buffer>();
/** What this part reads for another one; null: it keeps nothing. */
let kept: Map<string, Buffer> | null = null;

/** Keeps what is read from now on, and returns where. */
export function keepBytes(): ReadBytes {
  kept = new Map();
  return kept;
}

export function takeBytes(bytes: ReadBytes): void {
  for (const [path, each] of bytes) before.set(path, each);
}

function readOnce(path: string, read: () => Buffer): Buffer {
  const bytes = before.get(path) ?? read();
  before.delete(path);
  kept?.set(path, bytes);
  return bytes;
}

/** The paths, as they were spelled, of all files that this call has read, in order. */
export function filesRead(): readonly string[] {
  return [...read];
}

/** The text that an editor has not saved yet, by absolute path; null: no editor is there. */
let unsaved: ((path: string) => string | undefined) | null = null;

/**
 * From now on these texts replace files, for everything that this process reads.
 *
 * @param texts latin-1 as all text is: the bytes that would be saved
 */
export function readUnsaved(texts: ReadonlyMap<string, string>): void {
  unsaved = (path) => texts.get(resolve(path));
}

/** How standard input, `-` on the command line, is called inside and in messages. */
export const STANDARD_INPUT = '<stdin>';

/**
 * Reads the sources named on the command line. Linker scripts, which a kernel's `*.S` also matches, are left out with a message.
 * Throws a Failure that names the problem.
 */
export function readSources(paths: readonly string[]): SourceText[] {
  const sources = paths.filter((path) => !isLinkerScript(path));
  if (paths.length > 0 && sources.length === 0) throw new Failure('no sources given, only linker scripts');
  for (const path of paths.filter(isLinkerScript))
    process.stderr.write(`pvasm: ${path} is a linker script, left out\n`);
  return sources.map((path) => readSource(withSlashes(path)));
}

/** By the name that kernel trees give them. */
function isLinkerScript(path: string): boolean {
  return path.endsWith('.lds.S');
}

/** Reads one source, or a target. Throws a Failure that names the problem. */
export function readSource(path: string): SourceText {
  if (path === STANDARD_INPUT) return new SourceText(path, checked(path, readDescriptor()));
  return new SourceText(path, checked(path, readBytes(path)));
}

/** A file's text for `#include` and `-include`, or undefined when there is none. */
export function readOptional(path: string): string | undefined {
  const text = peek(path);
  if (text !== undefined) read.add(path);
  return text;
}

/** The same for a file that nothing is made of: one that is only looked at, to find out which files matter. */
export function peek(path: string): string | undefined {
  const open = unsaved?.(path);
  if (open !== undefined) return open;
  try {
    // Most of the places where a header may be have none, and exceptions are slow. A folder that may not be searched is one, as
    // for gcc: existsSync would take its headers for missing.
    const status = statSync(path, { throwIfNoEntry: false });
    if (status === undefined || status.isDirectory()) return undefined;
    return readWhole(path, status, maximumSize).toString('latin1');
  } catch (error) {
    if (error instanceof Failure) throw error;
    if (ABSENT.has((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw new Failure(`${path}: ${systemMessage(error)}`);
  }
}

/** Throws a Failure where a folder to be searched for headers is a file, a device or a pipe: no header would ever be found there. */
export function refuseAsFolders(paths: readonly string[]): void {
  for (const path of paths) {
    if (statSync(path, { throwIfNoEntry: false })?.isDirectory() === false)
      throw new Failure(`-I ${path}: is not a directory`);
  }
}

/** Error codes that mean that there is no file; a directory is no file either. */
const ABSENT = new Set(['ENOENT', 'ENOTDIR', 'EISDIR']);

/** A text file the tool reads for its own use (`@file`, pvasm.toml, a target). */
export function readText(path: string): string {
  return checked(path, readBytes(path)).toString();
}

/** Reads an object file: any bytes. Throws a Failure that names the problem. */
export function readObject(path: string): Buffer {
  return readBytes(path, LARGEST_OBJECT);
}

/** A kernel image with its debug sections is larger than any source. Bytes. */
const LARGEST_OBJECT = 2 ** 31 - 1;

function readBytes(path: string, most = maximumSize): Buffer {
  const open = unsaved?.(path);
  if (open !== undefined) {
    read.add(path);
    return Buffer.from(open, 'latin1');
  }
  try {
    const bytes = readOnce(path, () => {
      const status = statSync(path);
      if (status.isDirectory()) throw new Failure(`${path}: is a directory`);
      return readWhole(path, status, most);
    });
    read.add(path);
    return bytes;
  } catch (error) {
    if (error instanceof Failure) throw error;
    throw new Failure(`${path}: ${systemMessage(error)}`);
  }
}

function readWhole(path: string, status: Stats, most: number): Buffer {
  if (status.size > most) throw new Failure(`${path}: too large (${status.size} bytes; at most ${most})`);
  if (status.isFile()) return readFileSync(path);
  // A device and a pipe have no size, and some have no end.
  const descriptor = openSync(path, 'r');
  try {
    return readToEnd(descriptor, path, most);
  } finally {
    closeSync(descriptor);
  }
}

/** @param name what the descriptor is called in messages */
function readToEnd(descriptor: number, name: string, most: number): Buffer {
  const pieces: Buffer[] = [];
  for (let size = 0; ; ) {
    const piece = Buffer.alloc(65536);
    const count = readSync(descriptor, piece);
    if (count === 0) return Buffer.concat(pieces);
    pieces.push(piece.subarray(0, count));
    size += count;
    if (size > most) throw new Failure(`${name}: too large (at most ${most} bytes)`);
  }
}

function readDescriptor(): Buffer {
  try {
    return readOnce(STANDARD_INPUT, () => readToEnd(0, STANDARD_INPUT, maximumSize));
  } catch (error) {
    if (error instanceof Failure) throw error;
    throw new Failure(`${STANDARD_INPUT}: ${systemMessage(error)}`);
  }
}

function checked(name: string, bytes: Buffer): string {
  const zero = bytes.indexOf(0);
  if (zero !== -1) throw new Failure(`${name}: looks like a binary file (NUL byte at offset ${zero})`);
  return bytes.toString('latin1');
}

const messages: Readonly<Record<string, string>> = {
  ENOENT: 'no such file',
  EACCES: 'permission denied',
  ELOOP: 'its symbolic links lead in a circle',
  ENOTDIR: 'a part of the path is not a directory',
  ENOSPC: 'no space left on the device',
  EDQUOT: 'the disk quota is used up',
  EFBIG: 'the file would be too large',
  EROFS: 'the file system is read-only',
  EISDIR: 'is a directory',
  EEXIST: 'a part of the path is not a directory',
  ENAMETOOLONG: 'the name is too long',
  EPIPE: 'its reader is gone',
};

/** What went wrong with a file, in words. */
export function systemMessage(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code ?? '';
  return messages[code] ?? (error instanceof Error ? error.message : String(error));
}
