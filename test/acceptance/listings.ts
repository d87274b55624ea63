/** The tool as a person runs it, over whole sets of kernel files: one process, listings on disk. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll } from 'vitest';
import { failureText } from '../../scripts/inputs/run.mjs';
import { type Assembled, assembleFile, assembleSource } from '../support/assemble.ts';
import { type Configuration, kernel } from '../support/kernel.ts';
import { callPvasm } from '../support/pvasm.ts';

/** The four files that hold nearly all sites. */
export const vectorFiles = ['ivt.S', 'entry.S', 'fsys.S', 'gate.S'] as const;

/** A folder that is removed when the test file is done. */
export function scratchFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'pvasm-acceptance-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Runs pvasm; an exit status above 1 (findings) is an error. */
export function pvasm(args: readonly string[]): { status: number; stdout: string; stderr: string } {
  const { status, stdout, stderr } = callPvasm(args);
  if (status === null || status > 1) throw new Error(failureText('pvasm', args, status, stderr));
  return { status, stdout, stderr };
}

/** The 33 sources that are assembled; `plain`: those of kernel/ without the hand macros. */
export function sources(kind: 'linux' | 'plain'): readonly string[] {
  if (kind === 'linux') return kernel().sources();
  return kernel()
    .sources()
    .map((file) => kernel().plain(basename(file)))
    .filter((file) => existsSync(file));
}

/** Emits listings of all files for all targets into `folder`, in one process. */
export function build(
  files: readonly string[],
  targets: readonly string[],
  configuration: Configuration,
  folder: string,
): void {
  const options = targets.flatMap((target) => ['-t', target]);
  pvasm(['build', '--keep-going', ...files, ...options, '-o', folder, ...kernel().flags(configuration)]);
}

/**
 * Preprocesses and assembles the listing that {@link build} left of `file`; headers that came along are found first. Two of three
 * sources have no sites: where the listing is the source, and nothing that was written is included by it, their object is the same.
 */
export function assembleListing(file: string, target: string, configuration: Configuration, folder: string): Assembled {
  const root = join(folder, target.replace(':', '-'));
  const listing = join(root, basename(file));
  if (readFileSync(listing, 'latin1') === `#line 1 "${file}"\n${readFileSync(file, 'latin1')}`) {
    const source = assembleSource(file, configuration);
    const beside = readdirSync(root, { recursive: true, encoding: 'latin1' }).map((path) => basename(path));
    if (!beside.some((name) => name !== basename(file) && source.included.has(name))) return source;
  }
  return assembleFile(listing, { configuration, includeDirs: [join(root, 'include'), join(file, '..')] });
}

/** `xen` without a letter chooses for each site what makes the file shorter: it may never come out longer than with a letter. */
export function longerThanOneLetter(bytes: ReadonlyMap<string, number>): boolean {
  return bytes.get('xen')! > Math.min(bytes.get('xen:a')!, bytes.get('xen:b')!);
}
