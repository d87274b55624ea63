/**
 * What `check --fix` writes, of every program that the rules' tests have: the assembler takes it as it took the source, no
 * finding is new, a rule that says it mends does so, and the second call finds nothing left to do.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { RULES } from '../../src/lint/registry.ts';
import { listing } from '../rewrite/support.ts';
import { assembleText } from '../support/assemble.ts';
import { callPvasm } from '../support/pvasm.ts';
import { examples } from './examples.ts';
import { KINDS } from './history/kinds.ts';
import { CONVENTIONS, routine } from './history/program.ts';
import { lintSnippet } from './snippet.ts';

const folder = mkdtempSync(join(tmpdir(), 'pvasm-fixes-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Program {
  readonly name: string;
  readonly text: string;
  readonly conventions: string;
}

const pageOf = (id: string) => readFileSync(`docs/rules/${id}.md`, 'utf8');

const claimed = RULES.map(({ id }) => id).filter((id) => !/`--fix`\s+leaves\s+it/.test(pageOf(id)));

/** PV005's page has examples without an end, where no register is free. */
const OWN: Program = {
  name: 'an operand as a scratch register',
  text: routine('\tASM_WRITE_IFA(b6, r32, r32)\n\t;;\n\tmov r8=r32\n\tbr.ret.sptk.many b0'),
  conventions: '',
};

const has = ({ text, conventions }: Program, rules: readonly string[]) =>
  lintSnippet(text, conventions).some(({ rule }) => rules.includes(rule));

const ofPages = RULES.flatMap(({ id }) =>
  examples(pageOf(id)).map(({ text, conventions }, index) => ({
    name: `${id}, example ${index + 1}`,
    text,
    conventions,
  })),
);
const ofHistory = Object.values(KINDS).flatMap((kind) =>
  Object.entries(kind).map(([name, text]) => ({ name, text, conventions: CONVENTIONS })),
);

/** Programs with a finding that may be mended; bare instructions are in all of them. */
const programs: readonly Program[] = [
  OWN,
  ...ofPages.filter((program) => has(program, claimed)),
  ...ofHistory.filter((program) =>
    has(
      program,
      claimed.filter((id) => id !== 'PV001' && id !== 'PV008'),
    ),
  ),
];

/** As `check --format json` gives it; only what is asked of it here. */
interface Finding {
  readonly rule: string;
}

function findings(cwd: string): readonly Finding[] {
  const { stdout, stderr } = callPvasm(['check', 'example.S', '--format', 'json'], { cwd });
  if (stdout === '') throw new Error(stderr);
  return (JSON.parse(stdout) as { findings: readonly Finding[] }).findings;
}

const fix = (cwd: string) => callPvasm(['check', 'example.S', '--fix'], { cwd });

/** What the assembler says of a listing for native machines, without places. */
const said = (text: string) => {
  const { messages } = assembleText(listing(text, 'native'));
  return messages
    .replace(/^[^:\n]*:(?:\d+:)? ?/gm, '')
    .split('\n')
    .filter((line) => line !== '');
};

const mended = new Set<string>();

describe('the second call changes nothing, the assembler takes what the first wrote', () => {
  test.each(programs.map((program, index) => [program.name, index] as const))('%s', (_, index) => {
    const { text, conventions } = programs[index]!;
    const cwd = join(folder, String(index));
    const file = join(cwd, 'example.S');
    mkdirSync(cwd);
    writeFileSync(file, text, 'latin1');
    writeFileSync(join(cwd, 'pvasm.toml'), conventions);
    const before = findings(cwd);
    fix(cwd);
    const fixed = readFileSync(file, 'latin1');
    if (fixed === text) return;
    const after = findings(cwd);
    const count = (all: readonly Finding[], id: string) => all.filter(({ rule }) => rule === id).length;
    for (const { id } of RULES) {
      expect(count(after, id), `${id}\n${fixed}`).toBeLessThanOrEqual(count(before, id));
      if (count(after, id) < count(before, id)) mended.add(id);
    }
    const complaints = said(fixed);
    if (complaints.length > 0) expect(said(text)).toEqual(expect.arrayContaining(complaints));
    fix(cwd);
    expect(readFileSync(file, 'latin1')).toBe(fixed);
  });
});

test('rules whose page says that --fix mends have a program in which it does', () => {
  expect(claimed.filter((id) => !mended.has(id))).toEqual([]);
});
