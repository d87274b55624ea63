/** Around the commands: misspelled words, completion in shells, the manual page, colours, --watch. */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { projectRoot } from '../../scripts/inputs/cache.mjs';
import { provideFish } from '../../scripts/inputs/programs.mjs';
import { COMMANDS } from '../../src/cli/options/all.ts';
import { describedCommand } from '../../src/cli/options/described.ts';
import { manualPage } from '../support/man.ts';
import { mustRun, run } from '../support/run.ts';

const launcher = join(projectRoot, 'bin/pvasm.js');
const folder = mkdtempSync(join(tmpdir(), 'pvasm-comfort-'));
const source = join(folder, 'a.S');
writeFileSync(source, 'f:\tmov r8=cr.ifa\n\tbr.ret.sptk.many b0\n');
afterAll(() => rmSync(folder, { recursive: true }));

const pvasm = (args: readonly string[], env: NodeJS.ProcessEnv = {}) =>
  run(process.execPath, [launcher, ...args], { cwd: folder, env: { ...process.env, ...env } });

const commands = COMMANDS.map(describedCommand);

describe('slips of the fingers', () => {
  test.each([
    [['chekc', 'a.S'], "did you mean 'check'?"],
    [['check', '--fomat', 'gcc', 'a.S'], "did you mean '--format'?"],
    [['build', '--keepgoing', 'a.S'], "Unknown argument: keepgoing; did you mean '--keep-going'?"],
    [['check', '--format', 'gc', 'a.S'], "did you mean 'gcc'?"],
    [['build', '-t', 'xne', 'a.S'], "did you mean 'xen'?"],
    [['explain', 'PV01'], "did you mean 'PV001'?"],
    [['explain', 'thahs'], "did you mean 'THASH'?"],
    [['explain', 'XSI_IFB'], "did you mean 'XSI_IFA'?"],
    [['explain', 'cr.if'], "did you mean 'cr.ifa'?"],
    [['check', '--conventions', 'linux-ia46', 'a.S'], "did you mean 'linux-ia64'?"],
    [['report', 'a.S', '--operation', 'READ_IFB'], "did you mean 'READ_IFA'?"],
    [['completion', 'fihs'], "did you mean 'fish'?"],
  ])('%s', (args, meant) => {
    const { status, stdout, stderr } = pvasm(args);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toContain(meant);
    expect(stderr.trim().split('\n')).toHaveLength(/Invalid values/.test(stderr) ? 2 : 1);
  });

  test('of a mnemonic in a source', () => {
    writeFileSync(join(folder, 'slip.S'), 'f:\tshladdd r8=r9,3,r10\n\tbr.ret.sptk.many b0\n');
    expect(pvasm(['check', 'slip.S']).stdout).toContain("did you mean 'shladd'?");
  });
});

describe('shells', () => {
  test('bash and zsh are told by name, or by the shell that runs', () => {
    expect(pvasm(['completion', 'bash']).stdout).toMatch(
      /^###-begin-pvasm-completions-###[\s\S]*complete -o bashdefault/,
    );
    expect(pvasm(['completion', 'zsh']).stdout).toMatch(/^#compdef pvasm/);
    expect(pvasm(['completion'], { SHELL: '/usr/bin/zsh' }).stdout).toBe(pvasm(['completion', 'zsh']).stdout);
    expect(pvasm(['completion'], { SHELL: '/bin/fish' }).stdout).toBe(pvasm(['completion', 'fish']).stdout);
    expect(pvasm(['completion'], { SHELL: '' }).stdout).toBe(pvasm(['completion', 'bash']).stdout);
  });

  test('bash asks for commands and options', () => {
    const asked = (...words: string[]) => pvasm(['--get-yargs-completions', 'pvasm', ...words]).stdout.split('\n');
    expect(asked('')).toEqual(expect.arrayContaining(commands.map(({ name }) => name)));
    expect(asked('check', '--')).toEqual(expect.arrayContaining(['--fix', '--format', '--watch']));
  });

  test('fish completes commands, their options and the values of these', () => {
    const setUp = provideFish();
    const script = join(folder, 'pvasm.fish');
    writeFileSync(script, pvasm(['completion', 'fish']).stdout);
    const completed = (line: string) =>
      mustRun('fish', ['--no-config', '-c', `${setUp}source ${script}; complete -C '${line}'`], { cwd: folder })
        .split('\n')
        .map((each) => each.split('\t')[0]);
    for (const { name } of commands) expect(completed('pvasm ')).toContain(name);
    expect(completed('pvasm check --')).toEqual(expect.arrayContaining(['--fix', '--format', '--strict']));
    expect(completed('pvasm check --')).not.toContain('--link-together');
    expect(completed('pvasm check --format ')).toEqual(expect.arrayContaining(['gcc', 'sarif']));
    expect(completed('pvasm check ')).toContain('a.S');
  });
});

describe('the manual page', () => {
  const page = readFileSync(join(projectRoot, 'docs/pvasm.1'), 'utf8');

  test('is made of the words of the commands as they stand', () => expect(page).toBe(manualPage()));

  test('renders without a warning, with every command and option', () => {
    const { status, stdout, stderr } = run('groff', ['-man', '-Tascii', '-ww', '-P-cbou'], { input: page });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    for (const { name, options } of commands) {
      expect(stdout).toMatch(new RegExp(`^ {3}pvasm ${name}\\b`, 'm'));
      for (const option of options) expect(stdout, name).toMatch(new RegExp(`^ {7}.*--${option.name}\\b`, 'm'));
    }
  });
});

describe('colours', () => {
  const isColoured = (args: readonly string[], env: NodeJS.ProcessEnv = {}) =>
    pvasm(['check', ...args, 'a.S'], { NO_COLOR: '', FORCE_COLOR: '', ...env }).stdout.includes('\u001b[');
  test.each<[string, readonly string[], NodeJS.ProcessEnv, boolean]>([
    ['none in a pipe', [], {}, false],
    ['by FORCE_COLOR', [], { FORCE_COLOR: '1' }, true],
    ['not by FORCE_COLOR=0', [], { FORCE_COLOR: '0' }, false],
    ['not by --no-color', ['--no-color'], { FORCE_COLOR: '1' }, false],
    ['by --color', ['--color'], { NO_COLOR: '1' }, true],
    ['by --color=always', ['--color=always'], {}, true],
    ['not by --color=never', ['--color=never'], { FORCE_COLOR: '1' }, false],
    ['as without it by --color=auto', ['--color=auto'], { FORCE_COLOR: '1' }, true],
  ])('%s', (_, args, env, coloured) => expect(isColoured(args, env)).toBe(coloured));

  test('--color=sometimes is refused', () => {
    expect(pvasm(['check', '--color=sometimes', 'a.S'])).toMatchObject({
      status: 2,
      stderr: expect.stringContaining("'sometimes' is none of always, never, auto"),
    });
  });
});

describe('--watch', () => {
  /** A call that goes on: what it has said so far, and a way to wait until it waits. */
  function watched(...args: readonly string[]) {
    // Both streams are one, so that what was said first comes first.
    const call = ['-c', 'exec "$@" 2>&1', 'sh', process.execPath, launcher, ...args, '--watch'];
    const child = spawn('sh', call, { cwd: folder });
    let said = '';
    let heard: () => void = () => undefined;
    child.stdout.on('data', (data) => {
      said += data;
      heard();
    });
    /** What was said since the last time, once the call waits for a change. */
    const waiting = async (): Promise<string> => {
      while (!said.includes('waiting for a change')) await new Promise<void>((resolve) => (heard = resolve));
      const text = said;
      said = '';
      return text;
    };
    return { child, waiting };
  }

  test('checks again when a source, a header or pvasm.toml changes, whatever goes wrong between', async () => {
    writeFileSync(join(folder, 'w.S'), '#include "w.h"\nf:\tMOVE\n\tbr.ret.sptk.many b0\n');
    writeFileSync(join(folder, 'w.h'), '#define MOVE mov r8=cr.ifa\n');
    const { child, waiting } = watched('check', 'w.S');
    expect(await waiting()).toContain("'mov r8=cr.ifa'");
    writeFileSync(join(folder, 'w.h'), '#define MOVE mov r8=cr.iip\n');
    expect(await waiting()).toContain("'mov r8=cr.iip'");
    rmSync(join(folder, 'w.S'));
    expect(await waiting()).toContain('pvasm: w.S: no such file');
    writeFileSync(join(folder, 'w.S'), 'f:\tmov r8=cr.itir\n\tbr.ret.sptk.many b0\n');
    expect(await waiting()).toContain("'mov r8=cr.itir'");
    writeFileSync(join(folder, 'pvasm.toml'), '[rules]\nPV001 = "off"\n');
    expect(await waiting()).toContain('0 warnings');
    rmSync(join(folder, 'pvasm.toml'));
    await waiting();
    child.kill();
  });

  test('builds again', async () => {
    const { child, waiting } = watched('build', 'a.S', '-t', 'xen', '-o', 'out');
    await waiting();
    expect(readFileSync(join(folder, 'out/xen/a.S'), 'latin1')).toContain('XSI_IFA');
    writeFileSync(source, 'f:\tmov r8=cr.iip\n\tbr.ret.sptk.many b0\n');
    await waiting();
    expect(readFileSync(join(folder, 'out/xen/a.S'), 'latin1')).toContain('XSI_IIP');
    child.kill();
  });

  test('is refused for standard input', () => {
    expect(pvasm(['check', '--watch', '-'])).toMatchObject({ status: 2, stderr: expect.stringContaining('read once') });
  });
});
