/** No label of the source is taken for one of ours, however it comes to be. */
import { describe, expect, test } from 'vitest';
import { assembleText } from '../support/assemble.ts';
import { type Given, listing } from './support.ts';

/** `mark` names a label by `NUMBER`, and branches to it over a site which alternative A makes a call of. */
const around = (define: string, label: string, reference: string) =>
  `${define}\t.text\n\t.global f\nf:\n\tcmp.eq p6,p7=r32,r0\n\t;;\n(p6)\tbr.cond.sptk.few ${reference}\n\t;;\n\tfc.i r32\n\t;;\n\tadds r8=1,r0\n\t;;\n${label}\n\tbr.ret.sptk.many b0\n`;

const made: readonly (readonly [name: string, text: string, flags: readonly string[]])[] = [
  ['spelled', around('', '7701:', '7701f'), []],
  ['by -D', around('', 'HERE:', 'THERE'), ['-DHERE=7701', '-DTHERE=7701f']],
  ['by #define', around('#define HERE 7701\n#define THERE 7701f\n', 'HERE:', 'THERE'), []],
  ['pasted', around('#define PASTE(a,b) a##b\n', 'PASTE(77,01):', 'PASTE(77,01f)'), []],
  ['spliced', around('', '77\\\n01:', '77\\\n01f'), []],
  [
    'in a macro of gas',
    around(
      '\t.macro here n\n77\\n:\n\t.endm\n\t.macro away n\n\tbr.few 77\\n\\()f\n\t.endm\n',
      '\there 01\n',
      '1f\n\taway 01\n1:',
    ),
    [],
  ],
];

const commandsOf = (flags: readonly string[]): NonNullable<Given['commands']> =>
  flags.map((flag) => ({ kind: 'define', text: flag.slice(2) }));

/** The label behind a call. */
const backOf = (text: string) => /; (\d+):/.exec(text)?.[1];

describe('a number that the source uses', () => {
  test('is ours where it does not', () => {
    expect(backOf(listing(around('', '1:', '1f'), 'xen:a'))).toBe('7701');
  });

  test.each(made)('%s', (_, text, flags) => {
    const made = listing({ files: { 'a.S': text }, commands: commandsOf(flags) }, 'xen:a');
    expect(backOf(made)).toBe('7703');
    expect(assembleText(made, { flags }).messages).toBe('');
  });
});

describe('a name that begins as ours do', () => {
  const own = '.Lpvasm_xen_fc_i_b6_r32_r2';
  test.each([
    ['spelled', '', `${own}:`],
    ['pasted', '#define PASTE(a,b) a##b\n', '.PASTE(Lpv,asm_xen_fc_i_b6_r32_r2):'],
    ['put together by gas', '\t.macro own name\n.Lpv\\name:\n\t.endm\n', '\town asm_xen_fc_i_b6_r32_r2'],
  ])('%s', (_, define, label) => {
    const made = listing(around(define, `1:\n${label}`, '1f'), 'xen:a');
    expect(made).toMatch(/br\.sptk\.many \.Lpvasm2_xen_fc_i/);
    expect(assembleText(made).messages).toBe('');
  });
});
