/** `pvasm header` as a person calls it, and what gas makes of its macros. */
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { projectRoot } from '../../scripts/inputs/cache.mjs';
import { assembleFile, disassemble } from '../support/assemble.ts';
import { callPvasm } from '../support/pvasm.ts';

const folder = mkdtempSync(join(tmpdir(), 'pvasm-header-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const at = (name: string) => join(folder, name);

function pvasm(...args: string[]) {
  const call = [...args, '--no-config'];
  const { status, stdout, stderr } = callPvasm(call, { cwd: folder });
  return { status, stdout, stderr };
}

/** What a source with a header in front of it comes out as: instructions without nops, `;;` where a group ends. */
function code(source: string, header: string): string[] {
  writeFileSync(at('source.S'), source);
  const { object, messages } = assembleFile(at('source.S'), { flags: ['-include', at(header)] });
  expect(messages).toBe('');
  const found: string[] = [];
  for (const { predicate, mnemonic, operands, stop } of disassemble(object!)) {
    if (!mnemonic.startsWith('nop'))
      found.push(`${predicate === '' ? '' : `(${predicate}) `}${mnemonic} ${operands}`.trim());
    if (stop && found.at(-1) !== ';;') found.push(';;');
  }
  return found;
}

const STOP = ';;';
/** Of a site that is not known stops stand on either side. */
const withoutStops = (texts: readonly string[]) => texts.filter((text) => text !== STOP);

test('registers are compared by what they are', () => {
  expect(pvasm('header', '-t', 'xen:b', '-o', 'xen.h')).toEqual({ status: 0, stdout: '', stderr: '' });
  expect(code('\tASM_READ_IVR(b6, ret0)\n', 'xen.h')).toEqual(['break.i 0x8', STOP]);
  expect(withoutStops(code('x = r8\n\tASM_READ_IVR(b6, x)\n', 'xen.h'))).toEqual(['break.i 0x8']);
  const other = code('\t.regstk 0,8,4,0\n\tASM_READ_IVR(b6, out0, r14)\n', 'xen.h');
  expect(withoutStops(other)).toEqual(['mov r14=r8', 'break.i 0x8', 'mov r40=r8', 'mov r8=r14']);
});

test('a scratch predicate is told from a register', () => {
  const given = withoutStops(code('\tASM_SSM_PSR(b0, psr.i, r3, p6)\n', 'xen.h'));
  expect(given).toEqual([
    'mov r3=-1029096',
    'ld8 r3=[r3]',
    'st1 [r3]=r0,-1',
    'ld1 r3=[r3]',
    'cmp.eq.unc p0,p6=r3,r0',
    '(p06) break.m 0x7',
  ]);
});

test('what the target leaves as it is, or does so for some operands only, is the instruction', () => {
  expect(withoutStops(code('\tASM_READ_DBR(-, r16, r17)\n', 'xen.h'))).toEqual(['mov r16=dbr[r17]']);
  expect(pvasm('header', '-t', 'native', '-o', 'native.h').status).toBe(0);
  expect(
    code(
      '\tASM_READ_KR_P(p7, -, r16, ar.k6)\n\tASM_SSM_PSR_SRLZ_D(-, psr.ic | psr.i)\n\tASM_ITC_I_AND_D_P(p6, p7, -, r18)\n',
      'native.h',
    ),
  ).toEqual(['(p07) mov.m r16=ar.k6', 'ssm 0x6000', STOP, 'srlz.d', '(p06) itc.i r18', STOP, '(p07) itc.d r18', STOP]);
});

test('a site that is known has the stops of its listing', () => {
  writeFileSync(at('known.S'), 'f:\tmov r9=r10\n\tASM_READ_IFA(-, r16)\n\tmov r11=r12 ;;\n\tbr.ret.sptk b0\n');
  expect(pvasm('header', '-t', 'xen:b', '-o', 'known.h', 'known.S')).toEqual({ status: 0, stdout: '', stderr: '' });
  const source = readFileSync(at('known.S'), 'latin1');
  expect(code(source, 'known.h').filter((text) => text === ';;').length).toBe(3);
  // On another line it is another site.
  expect(code(`\n${source}`, 'known.h').filter((text) => text === ';;').length).toBe(5);
});

describe('sites that share an address', () => {
  const [first, second] = ['\tASM_READ_IFA(-, r16, r17)\n', '\tASM_READ_ISR(-, r17)\n'];
  const source = (...lines: string[]) => `f:\n${lines.join('')}\t;;\n\tbr.ret.sptk b0\n`;
  const made = (text: string) => withoutStops(code(text, 'shared.h')).filter((each) => !each.startsWith('br'));
  beforeAll(() => {
    writeFileSync(at('shared.S'), source(first, second));
    expect(pvasm('header', '-t', 'xen:b', '-o', 'shared.h', 'shared.S')).toEqual({ status: 0, stdout: '', stderr: '' });
  });

  test('do so where they are known', () => {
    expect(made(source(first, second))).toEqual(['mov r17=-1029984', 'ld8 r16=[r17],-24', 'ld8 r17=[r17]']);
  });

  test.each([
    ['the first is gone', ['\n', second], ['mov r17=-1030008', 'ld8 r17=[r17]']],
    ['the first is another', ['\tASM_READ_IIM(-, r16)\n', second], ['mov r17=-1030008', 'ld8 r17=[r17]']],
    ['the first has no register for it', ['\tASM_READ_IFA(-, r16)\n', second], ['mov r17=-1030008', 'ld8 r17=[r17]']],
    ['the first has another', ['\tASM_READ_IFA(-, r16, r18)\n', second], ['mov r17=-1030008', 'ld8 r17=[r17]']],
    ['the second has moved', [first, '\n', second], ['mov r17=-1030008', 'ld8 r17=[r17]']],
    ['the second has another', [first, '\tASM_READ_ISR(-, r19)\n'], ['mov r19=-1030008', 'ld8 r19=[r19]']],
    ['the first is predicated', ['\tASM_READ_IFA_P(p6, -, r16, r17)\n', second], ['mov r17=-1030008', 'ld8 r17=[r17]']],
    [
      'one has come between',
      [first.replace('\n', ' ; ASM_READ_IIM(-, r17)\n'), second],
      ['mov r17=-1030008', 'ld8 r17=[r17]'],
    ],
  ])('and not where %s: the second makes its own', (_, lines, expected) => {
    expect(made(source(...lines)).slice(-2)).toEqual(expected);
  });
});

test('an instruction that is no macro is told of: a header cannot replace it', () => {
  writeFileSync(at('plain.S'), 'f:\tmov r16=cr.ifa\n\tASM_READ_IFA(-, r17)\n\tbr.ret.sptk b0\n');
  const { status, stderr } = pvasm('header', '-t', 'xen:b', '-o', 'plain.h', 'plain.S');
  expect(status).toBe(2);
  expect(stderr).toContain('plain.S:1:4: error: READ_IFA is no macro here: a header leaves it as it is');
  expect(stderr).not.toContain('plain.S:2');
  expect(existsSync(at('plain.h'))).toBe(false);
  expect(pvasm('header', '-t', 'native', '-o', 'plain.h', 'plain.S').status).toBe(0);
});

test('a macro says no in gas as well', () => {
  writeFileSync(at('source.S'), '\tASM_WRITE_IFA(-, r16)\n');
  const { object, messages } = assembleFile(at('source.S'), { flags: ['-include', at('xen.h')] });
  expect(object).toBeNull();
  expect(messages).toMatch(/Error: needs a register for the address/);
});

test('on standard output, and twice the same', () => {
  const { stdout } = pvasm('header', '-t', 'xen');
  expect(stdout).toBe(pvasm('header', '-t', 'xen').stdout);
  expect(stdout.replace('Target xen ', 'Target xen:b ')).toBe(readFileSync(at('xen.h'), 'latin1'));
});

test.each([
  [[], 'header needs one target'],
  [['-t', 'xen', '-t', 'native'], 'header needs one target'],
  [['-t', 'xen:a'], 'target xen:a: a header has bodies in place only: xen:b'],
  [['-t', 'native+xen:d'], 'target native+xen:d: a header has bodies in place only'],
  [['-t', 'xne'], "unknown target 'xne'"],
  [['-t', 'xen', 'nothere.S'], 'nothere.S: no such file'],
  [['-t', 'xen', 'known.S', '-o', 'known.S'], 'known.S would be written over the source'],
  [
    ['-t', 'xen', 'bundle.S', '-o', 'no.h'],
    'bundle.S:1:12: error: READ_IFA stands in an explicit bundle that its body does not fit in',
  ],
])('refused: %j', (args, message) => {
  writeFileSync(at('bundle.S'), 'f:\t{ .mii; ASM_READ_IFA(-, r16); nop.i 0; nop.i 0; }\n');
  const { status, stdout, stderr } = pvasm('header', ...args);
  expect(stderr).toContain(message);
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(existsSync(at('no.h'))).toBe(false);
});

test('the commands of docs/header.md', () => {
  const page = readFileSync(join(projectRoot, 'docs/header.md'), 'latin1');
  const fromSamples = (word: string) => (word === 'entry.S' ? 'samples/entry.S' : word);
  const commands = [...page.matchAll(/^\$ pvasm (.*)$/gm)].map(([, command]) => command!.split(' ').map(fromSamples));
  cpSync(join(projectRoot, 'samples'), at('samples'), { recursive: true });
  expect(commands.length).toBe(3);
  for (const command of commands) expect(pvasm(...command)).toEqual({ status: 0, stdout: '', stderr: '' });
  for (const header of ['asm-xen.h', 'asm-native.h']) {
    const { messages } = assembleFile(at('pv/entry.S'), { flags: ['-include', at(header)] });
    expect(messages).toBe('');
  }
});
