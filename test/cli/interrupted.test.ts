/** What fails or is interrupted while it is written, on each Node that the tool is for: exit status 2, a message, and nothing left behind. */
import { spawn, spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { projectRoot } from '../../scripts/inputs/cache.mjs';
import { NODE_VERSIONS, prepareNode } from '../../scripts/inputs/nodes.mjs';
import { launcher } from '../support/pvasm.ts';

const folder = mkdtempSync(join(tmpdir(), 'pvasm-interrupted-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const at = (name: string) => join(folder, name);

const SOURCES = Array.from({ length: 60 }, (_, index) => `s${index}.S`);

/** A script that writes files, and what happens to it on the way. */
const SCRIPTS = {
  // A signal, once half of the files are beside their places.
  signal: `
    const files = Array.from({ length: 300 }, (_, index) => ({ path: 'out/' + index, text: 'x'.repeat(1000) }));
    const late = { path: 'out/late', get text() { process.kill(process.pid, process.argv[2]); return 'late'; } };
    writeFiles([...files, late, ...files.map(({ path, text }) => ({ path: path + '-behind', text }))]);
    setTimeout(() => process.exit(0), 2000);
  `,
  // The last of three files cannot be renamed.
  rename: `
    const { renameSync } = fs;
    fs.renameSync = (from, to) => {
      if (to.endsWith('last')) throw Object.assign(new Error('EXDEV'), { code: 'EROFS' });
      renameSync(from, to);
    };
    try {
      writeFiles(['old', 'new/deep/file', 'last'].map((name) => ({ path: 'out/' + name, text: 'after' })));
    } catch (error) {
      console.log(error.message);
    }
  `,
};

beforeAll(() => {
  for (const name of [...SOURCES, 'good.S']) writeFileSync(at(name), 'f:\tmov r14=cr.ivr\n\t;;\n\tbr.ret.sptk b0\n');
  for (const [name, text] of Object.entries(SCRIPTS)) {
    const contents = `import fs from 'node:fs';\nimport { writeFiles } from './src/cli/writing.ts';\n${text}`;
    const stdin = { contents, resolveDir: projectRoot, loader: 'ts' } as const;
    buildSync({ stdin, bundle: true, platform: 'node', format: 'cjs', outfile: at(`${name}.cjs`) });
  }
});

/** All files below the working directory, and what hides among them. */
const filesBelow = (name: string) =>
  existsSync(at(name)) ? readdirSync(at(name), { recursive: true, encoding: 'utf8' }).sort() : [];

describe.each(NODE_VERSIONS)('Node %s', (version) => {
  const node = prepareNode(version);
  const call = (shell: string) =>
    spawnSync('bash', ['-c', shell.replaceAll('pvasm', `"${node}" "${launcher}"`)], { cwd: folder, encoding: 'utf8' });

  test.each([
    ['rewrite'],
    ['build', '-t', 'xen'],
    ['report'],
    ['audit'],
    ['diff'],
    ['check'],
    ['targets'],
    ['--help'],
    ['completion', 'bash'],
  ])('standard output on a full disk: %s', (command, ...options) => {
    const files = ['targets', '--help', 'completion'].includes(command!) ? [] : ['good.S'];
    const { status, stderr } = spawnSync(node, [launcher, command!, ...options, ...files], {
      cwd: folder,
      stdio: ['ignore', openSync('/dev/full', 'w'), 'pipe'],
      encoding: 'utf8',
    });
    expect({ status, stderr }).toEqual({
      status: 2,
      stderr: expect.stringMatching(/^pvasm: standard output: cannot write: no space left on the device$/m),
    });
  });

  test.each(['rewrite good.S', 'report good.S', 'check good.S', 'targets', '--help'])(
    'a reader that has gone: %s',
    (line) => {
      // The reader is gone before the first write.
      const { stdout } = call(`(sleep 0.2; pvasm ${line} 2>message; echo $? >status) | true; cat status message`);
      expect(stdout).toMatch(/^2\n(?:.*\n)*pvasm: standard output: cannot write: its reader is gone\n/);
    },
  );

  test('a reader that goes away meanwhile', () => {
    const { stdout } = call(
      '(pvasm report s*.S good.S; echo $? >status) 2>message | head -c 1 >first; cat status message',
    );
    expect(stdout).toMatch(/^2\n(?:.*\n)*pvasm: standard output: cannot write: its reader is gone\n/);
  });

  test('files on a full disk: a file that would be too large, among others', () => {
    const large = `f:\n${'\tmov r14=cr.ivr\n\t;;\n'.repeat(200)}\tbr.ret.sptk b0\n`;
    writeFileSync(at('large.S'), large);
    mkdirSync(at('full'), { recursive: true });
    writeFileSync(at('full/good.S'), 'before');
    // Blocks of 1024 bytes; a process that does not ignore the signal of it ends there.
    const { status, stderr } = call('trap "" XFSZ; ulimit -f 2; pvasm rewrite good.S large.S -o full');
    expect({ status, stderr }).toEqual({
      status: 2,
      stderr: 'pvasm: full/large.S: cannot write: the file would be too large\n',
    });
    expect(filesBelow('full')).toEqual(['good.S']);
    expect(readFileSync(at('full/good.S'), 'utf8')).toBe('before');
  });

  test.each(['SIGINT', 'SIGTERM', 'SIGHUP'])('%s while files are written waits until they are', (signal) => {
    rmSync(at('out'), { recursive: true, force: true });
    const ended = spawnSync(node, ['signal.cjs', signal], { cwd: folder });
    expect({ signal: ended.signal, files: filesBelow('out').length }).toEqual({ signal, files: 601 });
    expect(filesBelow('out').filter((name) => name.includes('pvasm'))).toEqual([]);
  });

  test.each(['SIGINT', 'SIGTERM'] as const)('%s at any time leaves all files or none, and no other', async (signal) => {
    const outcomes = await Promise.all(
      [80, 350, 450, 550].map(
        (delay) =>
          new Promise<string>((resolve) => {
            const out = `stopped-${version}-${signal}-${delay}`;
            const child = spawn(node, [launcher, 'rewrite', ...SOURCES, '-o', out], { cwd: folder });
            setTimeout(() => child.kill(signal), delay);
            child.on('exit', (status, by) => {
              const files = filesBelow(out);
              resolve(`${status ?? by} ${files.filter((name) => name.endsWith('.S')).length} ${files.length}`);
            });
          }),
      ),
    );
    for (const outcome of outcomes) expect([`${signal} 0 0`, `${signal} 60 60`, '0 60 60']).toContain(outcome);
  });

  test('the last of several files cannot be renamed', () => {
    rmSync(at('out'), { recursive: true, force: true });
    mkdirSync(at('out'));
    for (const name of ['old', 'last']) writeFileSync(at(`out/${name}`), 'before');
    const { stdout } = spawnSync(node, ['rename.cjs'], { cwd: folder, encoding: 'utf8' });
    expect(stdout).toBe('out/last: cannot write: the file system is read-only\n');
    expect(filesBelow('out')).toEqual(['last', 'old']);
    for (const name of ['old', 'last']) expect(readFileSync(at(`out/${name}`), 'utf8')).toBe('before');
  });
});
