/** samples/kbuild, built by real make and ninja: what is made, what is made again, what happens to a broken source. */
import {
  appendFileSync,
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { projectRoot } from '../../scripts/inputs/cache.mjs';
import { provideMakers } from '../../scripts/inputs/programs.mjs';
import { provideBuilt } from '../support/built.ts';
import { mustRun, run } from '../support/run.ts';
import { toolchain } from '../support/toolchain.ts';

const work = mkdtempSync(join(tmpdir(), 'pvasm-kbuild-'));
const OBJECTS = ['entry.o', 'idle.o', 'ivt.o', 'pal.o', 'tlb.o'];
const TARGETS = ['native', 'xen'];
const IMAGES = ['vmkernel.native', 'vmkernel.xen', 'vmkernel.dual'];

beforeAll(() => {
  provideBuilt();
  provideMakers();
  writeFileSync(
    join(work, 'pvasm'),
    `#!/bin/sh\nexec "${process.execPath}" "${join(projectRoot, 'bin/pvasm.js')}" "$@"\n`,
  );
  chmodSync(join(work, 'pvasm'), 0o755);
});
afterAll(() => rmSync(work, { recursive: true, force: true }));

/** How each of the two builds the tree `source` in `out`. */
const BUILDERS = {
  make: (source: string, out: string) => {
    const { as, ld } = toolchain();
    const settings = [`PVASM=${join(work, 'pvasm')}`, `AS=${as}`, `LD=${ld}`];
    return run('make', ['-j2', '-f', join(source, 'Makefile'), ...settings], { cwd: out });
  },
  ninja: (source: string, out: string) => {
    const { as, ld } = toolchain();
    const lines = readFileSync(join(source, 'build.ninja'), 'latin1')
      .replace(/^S = .*/m, `S = ${source}`)
      .replace(/^pvasm = .*/m, `pvasm = ${join(work, 'pvasm')}`)
      .replace(/^as = .*/m, `as = ${as}`)
      .replace(/^ld = .*/m, `ld = ${ld}`);
    writeFileSync(join(out, 'build.ninja'), lines);
    return run('ninja', ['-v'], { cwd: out });
  },
};

/** A line of pal.S, at which it is broken, and the number of the line that then follows. */
const BEFORE = 'rsm\tpsr.i';
const lineBehind = (text: string): number => text.slice(0, text.indexOf(BEFORE)).split('\n').length + 1;

const later = (path: string): void => {
  const time = Date.now() / 1000; // not in the future: what is made next must be newer still
  utimesSync(path, time, time);
};

/** What of a build is made anew by an action, by its path in the folder. */
function madeAnew(out: string, action: () => void): string[] {
  const before = times(out);
  action();
  return [...times(out)].flatMap(([path, time]) => (before.get(path) === time ? [] : [path])).sort();
}

function times(out: string): Map<string, bigint> {
  const paths = [...IMAGES, ...TARGETS.flatMap((target) => OBJECTS.map((name) => `${target}/${name}`))];
  return new Map(
    paths
      .filter((path) => existsSync(join(out, path)))
      .map((path) => [path, statSync(join(out, path), { bigint: true }).mtimeNs]),
  );
}

describe.each(['make', 'ninja'] as const)('%s', (builder) => {
  const source = join(work, `source-${builder}`);
  const out = join(work, `out of ${builder}`);
  const build = () => BUILDERS[builder](source, out);
  const built = () => {
    const { status, stdout, stderr } = build();
    if (status !== 0) throw new Error(stdout + stderr);
  };

  beforeAll(() => {
    cpSync(join(projectRoot, 'samples/kbuild'), source, { recursive: true });
    mkdirSync(out);
  });

  test('a clean build, two targets at once, of a tree that is only read, into a path with spaces', () => {
    const files = readdirSync(source);
    chmodSync(source, 0o555);
    built();
    chmodSync(source, 0o755);
    expect(readdirSync(source)).toEqual(files);
    const code = (image: string) => mustRun(toolchain().objdump, ['-d', join(out, image)]);
    expect(code('vmkernel.native')).toContain('itc.i');
    expect(code('vmkernel.native')).not.toContain('break.i');
    expect(code('vmkernel.xen')).toContain('break.i');
    expect(code('vmkernel.xen')).not.toMatch(/\bitc\.|\brfi\b|\bcr\.if/);
  });

  test('the native image is that of the sources', () => {
    const { as } = toolchain();
    for (const name of ['ivt', 'entry', 'pal', 'idle']) {
      const text = mustRun('gcc', [
        '-E',
        '-x',
        'assembler-with-cpp',
        '-nostdinc',
        '-undef',
        '-P',
        join(source, `${name}.S`),
      ]);
      mustRun(as, ['-x', '-mconstant-gp', '-o', join(work, 'plain.o'), '-'], { input: text });
      expect(readFileSync(join(out, `native/${name}.o`)).equals(readFileSync(join(work, 'plain.o')))).toBe(true);
    }
  });

  test('one image for both has both vector tables, and a table of what is for whom', () => {
    const symbols = mustRun(toolchain().objdump, ['-t', join(out, 'vmkernel.dual')]);
    for (const name of ['vectors', 'xen_vectors', 'pal_call', 'xen_pal_call', 'pvasm_variants'])
      expect(symbols).toMatch(new RegExp(` ${name}$`, 'm'));
  });

  test('nothing is made twice', () => {
    expect(madeAnew(out, built)).toEqual([]);
    expect(build().stdout).toMatch(/[Nn]othing to be done|no work to do/);
  });

  test('a header that is changed: what uses it, and nothing else', () => {
    const header = join(source, 'minstate.h');
    appendFileSync(header, '#define UNUSED_YET 1\n');
    later(header);
    const used = ['native/entry.o', 'native/ivt.o', 'xen/entry.o', 'xen/ivt.o'];
    const made = madeAnew(out, built);
    // A listing that comes out as it was is left alone: then nothing behind it has to be made.
    expect(used).toEqual(expect.arrayContaining(made.filter((path) => path.endsWith('.o'))));
    expect(made).toContain('native/ivt.o');
    expect(made).not.toContain('native/pal.o');
    expect(madeAnew(out, built)).toEqual([]);
  });

  test('a source that is touched, and says what it said: no object is made anew', () => {
    later(join(source, 'pal.S'));
    expect(madeAnew(out, built)).toEqual([]);
    expect(build().stdout).toMatch(/[Nn]othing to be done|no work to do/);
  });

  /** Builds with another pal.S, and puts the right one back. */
  function broken(change: (text: string) => string) {
    const path = join(source, 'pal.S');
    const text = readFileSync(path, 'latin1');
    writeFileSync(path, change(text));
    later(path);
    const { status, stdout, stderr } = build();
    // Which of them is made first, and so refused, is for make to say.
    const made = [...TARGETS, ...TARGETS.map((target) => `dual/${target}`)].map((folder) =>
      existsSync(join(out, folder, 'pal.o')),
    );
    writeFileSync(path, text);
    later(path);
    return { status, said: stdout + stderr, line: lineBehind(text), made };
  }

  test('a source that the assembler refuses: its own line is named, no object stays, the build fails', () => {
    const before = times(out);
    const { status, said, line, made } = broken((text) => text.replace(BEFORE, `${BEFORE}\n\tadds r8=0x123456,r0`));
    expect(status).not.toBe(0);
    expect(said).toMatch(new RegExp(`pal\\.S:${line}: Error: `));
    expect(made).toContain(false);
    expect(IMAGES.map((name) => times(out).get(name))).toEqual(IMAGES.map((name) => before.get(name)));
    built();
    expect(existsSync(join(out, 'xen/pal.o'))).toBe(true);
  });

  test('a site without a register: its own line is named, no listing is written, the build fails', () => {
    const listings = () => TARGETS.map((target) => readFileSync(join(out, 'listings', target, 'pal.S'), 'latin1'));
    const before = listings();
    const { status, said, line } = broken((text) => text.replace(BEFORE, 'UNKNOWN\tr8\n\tthash r20=r21\n\tUNKNOWN r9'));
    expect(status).not.toBe(0);
    expect(said).toMatch(new RegExp(`pal\\.S:${line}:\\d+: warning: THASH is left native`));
    expect(listings()).toEqual(before);
    expect(readdirSync(join(out, 'listings/xen')).filter((name) => name.includes('pvasm-'))).toEqual([]);
    built();
  });
});
