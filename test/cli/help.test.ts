/** What the tool says of itself. The bundle lays its help out without Unicode's tables of widths. */
import { describe, expect, test } from 'vitest';
import { VERSION } from '../../src/cli/version.ts';
import { callPvasm } from '../support/pvasm.ts';

const COMMANDS = ['rewrite', 'build', 'report', 'audit', 'check', 'diff', 'explain', 'patch', 'header', 'targets'];

/** What a call prints; it must end well and say nothing else. */
function said(line: string, env: NodeJS.ProcessEnv = {}): string {
  const { status, stdout, stderr } = callPvasm(line.split(' '), { env });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return stdout;
}

describe('help', () => {
  test.each(['--help', 'help'])('pvasm %s names every command, in columns', (line) => {
    const lines = said(line).split('\n');
    expect(lines[0]).toMatch(/^pvasm COMMAND FILE\.\.\. /);
    const starts = [...COMMANDS, 'as', 'init'].map((name) =>
      lines.map((each) => new RegExp(`^ +pvasm ${name} .*? {2,}`).exec(each)?.[0].length).find(Boolean),
    );
    expect(new Set(starts)).toEqual(new Set([expect.any(Number)]));
  });

  test.each(COMMANDS)('pvasm %s --help has its own options', (name) => {
    expect(said(`${name} --help`)).toMatch(
      new RegExp(`^pvasm ${name}.*\n\n.+\n[\\s\\S]*Options:[\\s\\S]* --strict +a missing header`),
    );
  });

  test.each(['build', 'rewrite', 'check'])('pvasm %s --help tells of dependency files and line markers', (name) => {
    expect(said(`${name} --help`).replace(/\s+/g, ' ')).toContain(
      '-MD -MMD -MF -MT -MQ -MP: build, rewrite and check write',
    );
    expect(said(`${name} --help`).replace(/\s+/g, ' ')).toContain('-P: no line markers in what is made');
  });

  test('pvasm as --help says how the target is chosen, and nothing of what it does not take', () => {
    const text = said('as --help').replace(/\s+/g, ' ');
    expect(text).toContain('PVASM_TARGET');
    expect(text).toContain('PVASM_AS');
    expect(text).not.toContain('--configs');
  });

  test('the language of the user changes nothing', () => {
    expect(said('build --help', { LC_ALL: 'de_DE.UTF-8' })).toBe(said('build --help', { LC_ALL: 'C' }));
  });
});

test('the version is that of the package', () => {
  expect(said('--version')).toBe(`${VERSION}\n`);
});

test('the targets that ship', () => {
  expect(said('targets')).toBe('native\nxen\nkvm\npoison\ntrace\n');
});

describe('completion', () => {
  test('the script calls pvasm back', () => {
    expect(said('completion')).toContain('pvasm --get-yargs-completions');
  });

  test('commands, and the choices of an option', () => {
    expect(said('--get-yargs-completions pvasm re').split('\n')).toEqual(expect.arrayContaining(['rewrite', 'report']));
    expect(said('--get-yargs-completions pvasm report --format ')).toBe('text\nmd\njson\nhtml\n');
  });
});
