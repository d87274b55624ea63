/** Headers belong to the source that includes them: every listing finds its own variant, whoever else writes into the folder. */
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { projectRoot } from '../../scripts/inputs/cache.mjs';
import * as library from '../../src/library/library.ts';
import { assembleFile, image, preprocess } from '../support/assemble.ts';
import { callPvasm } from '../support/pvasm.ts';

const folder = mkdtempSync(join(tmpdir(), 'pvasm-headers-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const code = (name: string, ...lines: string[]) =>
  `${['\t.text', `\t.global ${name}`, `\t.proc ${name}`, `${name}:`, ...lines].join('\n')}\n\t;;\n\tbr.ret.sptk.many b0\n\t.endp ${name}\n`;
const live = (macro: string) => [
  '\tmov r8=5',
  '\tmov r2=6',
  '\tmov r3=7',
  `\t${macro}(r15)`,
  '\t;;',
  '\tadd r8=r8,r15',
  '\tadd r2=r2,r3',
];

const FILES: Readonly<Record<string, string>> = {
  'src/save.h': '#define GET(dst) mov dst=cr.ivr\n',
  'src/one.S': `#include "save.h"\n${code('one', '\tGET(r14)')}`,
  'src/two.S': `#include "save.h"\n${code('two', ...live('GET'))}`,
  'src/three.S': `#include <k.h>\n#include "save.h"\n${code('three', '\tGET(r14)', '\t;;', ...live('ISR'))}`,
  'src/four.S': `#include "../include/k.h"\n${code('four', '\tISR(r14)')}`,
  'include/k.h': '#ifndef K_H\n#define K_H\n#define ISR(dst) mov dst=cr.isr\n#endif\n',
  // One source with headers found in every way that there is.
  'src/ways.S': [
    '#include "save.h"',
    '#include "../include/k.h"',
    '#include <k.h>',
    '#include <outer.h>',
    '#include "sub/same.h"',
    '#include "other/same.h"',
    '#define HEADER "computed.h"',
    '#include HEADER /* by a macro',
    ' on two lines */',
    '#define OP(n) IFA(n)',
    '#include "each.h"',
    '#undef OP',
    '#define OP(n) mov n=cr.iim',
    '#include "each.h"',
    '#include "once.h"',
    '#include "once.h"',
    '#include <next.h>',
    '#include "plain.h"',
    '#include "ring.h"',
    code('ways', '\tGET(r14)', '\tISR(r15)', '\t;;', '\tITIR(r14)', '\tIHA(r15)', '\t;;', '\tIFA(r14)', '\tTPR(r15)'),
    code('more', '\tITV(r14)', '\tPMV(r15)', '\t;;', '\tmov r14=LINE', '\tRING(r15)', '\t;;', '\tOUTER(r14)'),
  ].join('\n'),
  'src/sub/same.h': '#define ITIR(dst) mov dst=cr.itir\n',
  'src/other/same.h': '#define IHA(dst) mov dst=cr.iha\n#define LINE __LINE__\n',
  'src/computed.h': '#define IFA(dst) mov dst=cr.ifa\n',
  'src/each.h': '\t.section .each,"ax"\n\tOP(r16)\n\t;;\n\tmov r17=cr.itv\n\t;;\n\tbr.ret.sptk b0\n\t.previous\n',
  'src/once.h':
    '#pragma once\n\t.section .once,"ax"\n\tmov r16=cr.tpr\n\t;;\n\tbr.ret.sptk b0\n\t.previous\n#define TPR(dst) mov dst=cr.tpr\n',
  'include/next.h': '#include_next <next.h>\n#define ITV(dst) mov dst=cr.itv\n',
  'include2/next.h': '#define PMV(dst) mov dst=cr.pmv\n',
  'include/outer.h': '#include "inner/inner.h"\n#define OUTER(dst) INNER(dst)\n',
  'include/inner/inner.h': '#include "../k.h"\n#define INNER(dst) mov dst=cr.dcr\n',
  'src/plain.h': '#define PLAIN 1\n',
  'src/ring.h': '#ifndef RING_H\n#define RING_H\n#include "back.h"\n#define RING(dst) mov dst=cr.iva\n#endif\n',
  'src/back.h': '#include "ring.h"\n#define BACK(dst) mov dst=cr.pta\n',
};
const FLAGS = ['-Iinclude', '-Iinclude2'];
const absoluteFlags = ['src', 'include', 'include2'].map((each) => `-I${join(folder, each)}`);

beforeAll(() => {
  for (const [name, text] of Object.entries(FILES)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
});

function pvasm(...args: string[]) {
  return callPvasm(args, { cwd: folder });
}

function build(out: string, ...files: string[]): void {
  const result = pvasm('build', ...files, ...FLAGS, '-t', 'native', '-t', 'xen:b', '-o', out);
  expect(result, result.stderr).toMatchObject({ status: 0, stderr: '' });
}

function objectOf(file: string) {
  const { object, messages } = assembleFile(join(folder, file), { flags: absoluteFlags });
  expect(messages, file).toBe('');
  return image(object!);
}

function everyFile(path: string, below = ''): string[] {
  return readdirSync(path, { withFileTypes: true })
    .flatMap((each) =>
      each.isDirectory() ? everyFile(join(path, each.name), `${below}${each.name}/`) : [below + each.name],
    )
    .sort();
}

describe('headers found in every way', () => {
  beforeAll(() => build('ways', 'src/ways.S'));

  test('the Xen listing has no native instruction, with the folders of the originals first in the search', () => {
    const { text, messages } = preprocess(join(folder, 'ways/xen-b/ways.S'), { flags: absoluteFlags });
    expect(messages).toBe('');
    expect(text).not.toMatch(/\bcr\.(?!itv|pmv|dcr|iva|pta)/);
    objectOf('ways/xen-b/ways.S');
  });

  test('the native listing is the source', () => {
    expect(objectOf('ways/native/ways.S')).toEqual(objectOf('src/ways.S'));
  });

  test('a listing needs no -I for what stands beside its source', () => {
    build('beside', 'src/two.S');
    for (const target of ['native', 'xen-b'])
      expect(preprocess(join(folder, 'beside', target, 'two.S')).messages).toBe('');
  });

  test('macro-ised source is found too, and to rewrite it again changes nothing', () => {
    expect(pvasm('rewrite', 'src/ways.S', 'src/two.S', ...FLAGS, '-o', 'pv')).toMatchObject({ status: 0, stderr: '' });
    expect(pvasm('rewrite', 'pv/ways.S', 'pv/two.S', ...FLAGS, '-o', 'pw')).toMatchObject({ status: 0, stderr: '' });
    for (const name of everyFile(join(folder, 'pv')))
      expect(readFileSync(join(folder, 'pw', name), 'latin1'), name).toBe(
        readFileSync(join(folder, 'pv', name), 'latin1'),
      );
    build('from-pv', 'pv/ways.S');
    expect(objectOf('from-pv/native/ways.S')).toEqual(objectOf('src/ways.S'));
  });
});

test('calls at once, in any order, write what one call for all writes; and each may be repeated without a change', async () => {
  const sources = ['src/one.S', 'src/two.S', 'src/three.S', 'src/four.S'];
  build('together', ...sources);
  const calls = [2, 0, 3, 1, 1, 2].map(
    (index) =>
      new Promise<number | null>((resolve) => {
        const args = ['build', sources[index]!, ...FLAGS, '-t', 'native', '-t', 'xen:b', '-o', 'apart'];
        spawn(process.execPath, [join(projectRoot, 'bin/pvasm.js'), ...args], { cwd: folder }).on('exit', resolve);
      }),
  );
  expect(await Promise.all(calls)).toEqual([0, 0, 0, 0, 0, 0]);
  const names = everyFile(join(folder, 'together'));
  expect(everyFile(join(folder, 'apart'))).toEqual(names);
  for (const name of names)
    expect(readFileSync(join(folder, 'apart', name), 'latin1'), name).toBe(
      readFileSync(join(folder, 'together', name), 'latin1'),
    );
  for (const name of ['one', 'two', 'three', 'four'])
    expect(objectOf(`apart/native/${name}.S`)).toEqual(objectOf(`src/${name}.S`));
  const before = names.map((name) => statSync(join(folder, 'apart', name)).mtimeMs);
  build('apart', 'src/one.S');
  expect(names.map((name) => statSync(join(folder, 'apart', name)).mtimeMs)).toEqual(before);
});

describe('a header of the call that a source includes and does not use', () => {
  beforeAll(() => {
    const sources = {
      'src/unused.S': `#include "save.h"\n${code('unused', '\tmov r8=cr.iim')}`,
      'src/never.S': `#include "never.h"\n${code('never', '\tmov r8=cr.iim')}`,
      'src/never.h': '#define NEVER(dst) mov dst=cr.ivr\n',
    };
    for (const [name, text] of Object.entries(sources)) writeFileSync(join(folder, name), text);
  });

  test.each(['xen', 'xen:a', 'native+xen:d', 'native+xen:c'])(
    'is refused nothing on behalf of that source, and changes no listing: %s',
    (target) => {
      const sources = ['src/one.S', 'src/unused.S'];
      for (const [out, files] of [
        ['with', [...sources, 'src/save.h']],
        ['without', sources],
      ] as const)
        expect(pvasm('build', ...files, '-t', target, '-o', out), out).toMatchObject({ status: 0, stderr: '' });
      const below = target.replace(':', '-');
      for (const name of everyFile(join(folder, 'without', below)).filter((each) => !each.startsWith('table')))
        expect(readFileSync(join(folder, 'with', below, name), 'latin1'), name).toBe(
          readFileSync(join(folder, 'without', below, name), 'latin1'),
        );
    },
  );

  test('and that nobody of the call uses is refused once, for itself', () => {
    const { status, stderr } = pvasm('build', 'src/never.S', 'src/never.h', '-t', 'xen', '-o', 'never');
    expect(status).toBe(1);
    expect(stderr).toMatch(
      /^src\/never\.h:1:20: warning: READ_IVR is left native: no file of this call expands its macro/,
    );
    expect(stderr).toContain('pvasm: 1 site would stay native');
    expect(pvasm('build', 'src/never.S', '-t', 'xen', '-o', 'never')).toMatchObject({ status: 0, stderr: '' });
  });
});

test('the library makes the same listings, byte by byte', () => {
  const sources = ['src/one.S', 'src/two.S', 'src/three.S', 'src/four.S', 'src/ways.S', 'src/unused.S', 'src/save.h'];
  const targets = ['native', 'xen:a', 'xen:b', 'xen'];
  const options = targets.flatMap((target) => ['-t', target]);
  const called = pvasm('build', ...sources, ...FLAGS, ...options, '-o', 'by-command', '-k');
  const read = (path: string) => {
    try {
      return readFileSync(join(folder, path), 'latin1');
    } catch {
      return undefined;
    }
  };
  const texts = sources.map((name) => ({ name, text: read(name)! }));
  const include = FLAGS.map((flag) => flag.slice(2));
  const made = library.build(texts, { targets, include, read, output: 'by-command' });
  expect(made.failures.length + made.refused.length).toBe(Number(/(\d+) sites? /.exec(called.stderr)?.[1] ?? 0));
  const byPath = new Map(made.listings.map((each) => [`${each.target.replace(':', '-')}/${each.place}`, each]));
  expect([...byPath.keys()].sort()).toEqual(everyFile(join(folder, 'by-command')));
  for (const [path, { name, text, edits }] of byPath) {
    expect(text, path).toBe(read(`by-command/${path}`));
    expect(
      edits.reduceRight((all, edit) => all.slice(0, edit.start) + edit.text + all.slice(edit.end), read(name)!),
    ).toBe(text);
  }
});

test('-iquote, -idirafter and -imacros lead a listing where they lead its source', () => {
  const files = {
    'ways/q/w.h': '#define GET(dst) mov dst=cr.ivr\n',
    'ways/i/w.h': '#define GET(dst) mov dst=cr.ifa\n',
    'ways/after/w.h': '#define GET(dst) mov dst=cr.isr\n',
    'ways/after/late.h': '#define LATE(dst) mov dst=cr.iip\n',
    'ways/macros.h': '#define WITH 1\n\tnop 0x123\n',
    'ways/src/quoted.S': `#include "w.h"\n#include <late.h>\n${code('q', '\tGET(r14)', '\tLATE(r15)', '\tmov r9=WITH')}`,
    'ways/src/angled.S': `#include <w.h>\n${code('a', '\tGET(r14)', '\tmov r9=WITH')}`,
  };
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  const given = [
    ['-idirafter', 'after'],
    ['-iquote', 'q'],
    ['-imacros', 'macros.h'],
    ['-I', 'i'],
  ] as const;
  const flags = given.flatMap(([flag, path]) => [flag, join(folder, 'ways', path)]);
  const sources = ['quoted', 'angled'].map((name) => join(folder, 'ways/src', `${name}.S`));
  const result = pvasm('build', ...sources, ...flags, '-t', 'native', '-t', 'xen:b', '-o', 'led');
  expect(result, result.stderr).toMatchObject({ status: 0, stderr: '' });
  const textOf = (path: string) => preprocess(join(folder, path), { flags });
  for (const [name, register] of [
    ['quoted', 'ivr'],
    ['angled', 'ifa'],
  ] as const) {
    const native = textOf(`led/native/${name}.S`);
    expect(native.messages).toBe('');
    expect(native.text).toContain(`mov r14=cr.${register}`);
    expect(native.text).not.toContain('0x123');
    const xen = textOf(`led/xen-b/${name}.S`);
    expect(xen.messages).toBe('');
    expect(xen.text).not.toContain('=cr.');
  }
});

describe('what cannot be is refused', () => {
  test('a header with sites that -include gives', () => {
    const { status, stderr } = pvasm('build', 'src/four.S', '-include', 'src/save.h', '-t', 'native', '-o', 'forced');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' }); // native code stays as it is
    writeFileSync(join(folder, 'src/forced.S'), code('forced', '\tGET(r14)'));
    const forced = pvasm('build', 'src/forced.S', '-include', 'src/save.h', '-t', 'xen', '-o', 'forced-xen');
    expect(forced.status).toBe(2);
    expect(forced.stderr).toContain('"src/save.h" has sites, and is given by -include');
  });

  test('one line that leads to two headers', () => {
    const text = `#ifdef A\n#define H "save.h"\n#else\n#define H "get.h"\n#endif\n#include H\n${code('either', '\tGET(r14)')}`;
    writeFileSync(join(folder, 'src/either.S'), text);
    writeFileSync(join(folder, 'src/get.h'), '#define GET(dst) mov dst=cr.tpr\n');
    const { status, stderr } = pvasm('build', 'src/either.S', '-t', 'xen', '-o', 'either');
    expect(status).toBe(2);
    expect(stderr).toMatch(/^src\/either\.S:6:1: error: this line leads to /m);
  });

  test('a listing for standard output whose header needs one too', () => {
    expect(pvasm('build', 'src/one.S', '-t', 'xen', '-o', '-')).toMatchObject({ status: 2, stdout: '' });
    expect(pvasm('build', 'src/one.S', '-t', 'native', '-o', '-')).toMatchObject({ status: 0 });
  });
});

test('sources of one name keep the folders that tell them apart', () => {
  for (const name of ['x', 'y']) {
    mkdirSync(join(folder, 'alike', name), { recursive: true });
    writeFileSync(join(folder, 'alike', name, 'z.S'), code(name, '\tmov r14=cr.ivr'));
  }
  const { status } = pvasm(
    'build',
    'alike/x/z.S',
    'alike/y/z.S',
    'src/four.S',
    '-Iinclude',
    '-t',
    'xen',
    '-o',
    'alike/out',
  );
  expect(status).toBe(0);
  expect(everyFile(join(folder, 'alike/out')).filter((name) => !name.includes('include/'))).toEqual([
    'xen/four.S',
    'xen/x/z.S',
    'xen/y/z.S',
  ]);
});

describe('in place', () => {
  test('a header with sites is named, and comes along when asked for', () => {
    mkdirSync(join(folder, 'place'), { recursive: true });
    for (const name of ['one.S', 'save.h']) writeFileSync(join(folder, 'place', name), FILES[`src/${name}`]!);
    const named = pvasm('rewrite', '--in-place', 'place/one.S');
    expect(named).toMatchObject({ status: 0, stderr: expect.stringContaining('place/save.h has sites too') });
    expect(readFileSync(join(folder, 'place/save.h'), 'latin1')).toBe(FILES['src/save.h']);
    expect(pvasm('rewrite', '--in-place', '--with-headers', 'place/one.S')).toMatchObject({ status: 0, stderr: '' });
    expect(readFileSync(join(folder, 'place/save.h'), 'latin1')).toContain('ASM_READ_IVR(');
  });
});
