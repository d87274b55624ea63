import { describe, expect, it } from 'vitest';
import { listing } from './support.ts';

/** The names are those of the shipped conventions. */
const range = (text: string, behind = '') =>
  `\t.text\n\t.global relocate_new_kernel\nrelocate_new_kernel:\n${text}\tbr.ret.sptk.many b0\nrelocate_new_kernel_end:\n${behind}`;
const SITE = '\tfc.i r32\n\t;;\n';

describe('code that is copied and run elsewhere', () => {
  it('branches to no routine behind the file', () => {
    for (const target of ['xen:a', 'xen']) expect(listing(range(SITE), target)).not.toContain('.Lpvasm');
    expect(listing(range(SITE), 'xen:a')).toContain('break.i 0x13');
    // Sites spelled as macros, which name a branch register, neither.
    expect(listing(range('\tASM_FC_I(b6, r32, r2)\n\t;;\n'), 'xen:a')).not.toContain('.Lpvasm');
  });

  it('is what stands in the section between the two labels', () => {
    const other = '\t.section .text.b,"ax"\ng:\tfc.i r32\n\t;;\n\tbr.ret.sptk.many b0\n';
    expect(listing(range(SITE, `h:${SITE}\tbr.ret.sptk.many b0\n`), 'xen:a')).toContain('.Lpvasm');
    expect(listing(range(`${SITE}${other}\t.text\n`), 'xen:a').match(/br\.sptk\.many \.Lpvasm/g)).toHaveLength(1);
  });

  it('goes on to the end of the section where its end is not in the file', () => {
    expect(listing(`\t.text\nrelocate_new_kernel:\n${SITE}\trfi\n`, 'xen:a')).not.toContain('.Lpvasm');
  });

  it('is what stands between two labels whose distance the program keeps, as whoever copies code must', () => {
    const code = `\t.text\n\t.global copied\ncopied:${SITE}\tbr.ret.sptk.many b0\nlast:\n\t.global h\nh:${SITE}\tbr.ret.sptk.many b0\n`;
    const calls = (length: string) => listing(code + length, 'xen:a').match(/br\.sptk\.many \.Lpvasm/g)?.length ?? 0;
    expect(calls('')).toBe(2);
    for (const length of [
      '\t.data\n\tdata8 last - copied\n',
      '\t.rodata\n\tdata4 (last - copied + 15) / 16\n',
      'size = last - copied\n',
      '\t.set size, last - copied\n',
      '\t.global g\ng:\tmovl r8=last - copied\n\tbr.ret.sptk.many b0\n',
    ])
      expect(calls(length)).toBe(1);
    // A place within a routine is no length of one.
    expect(calls('\t.data\n\tdata8 last - h\n')).toBe(2);
  });
});
