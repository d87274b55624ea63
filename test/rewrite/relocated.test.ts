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
    for (const length of [
      '\t.data\n\tdata8 (last + 15) - copied\n',
      '\t.data\n\tdata8 (last) - (copied)\n',
      '\t.data\n\tdata4 -copied + last\n',
      '\t.data\n\tdata8 (last - copied + 63) & ~63\n',
      '\t.data\n\t.quad 8 + last - copied\n',
    ])
      expect(calls(length), length).toBe(1);
    // The sizes that the assembler keeps for the linker, and distances from an instruction, are of no copy.
    for (const length of [
      '\t.size copied, last - copied\n',
      '\t.data\n\tdata4 copied - .\n',
      '\t.data\n\tdata8 last + copied\n',
    ])
      expect(calls(length), length).toBe(2);
    // A place within a routine is no length of one.
    expect(calls('\t.data\n\tdata8 last - h\n')).toBe(2);
  });

  it('ends at a numeric label, or where the length is computed', () => {
    const code = (start: string, end: string) =>
      `\t.text\n\t.global copied\ncopied:${start}${SITE}\tbr.ret.sptk.many b0\n${end}\t.global h\nh:${SITE}\tbr.ret.sptk.many b0\n`;
    const calls = (text: string) => listing(text, 'xen:a').match(/br\.sptk\.many \.Lpvasm/g)?.length ?? 0;
    expect(calls(`${code('', '9:')}\t.data\n\tdata8 9b - copied\n`)).toBe(1);
    expect(calls(`${code('\n8:', '9:')}\t.data\n\tdata8 9b - 8b\n`)).toBe(1);
    expect(calls(code('', 'size = . - copied\n'))).toBe(1);
    expect(calls(code('', '\tdata8 . - copied\n'))).toBe(1);
    // The address of a place within a routine, from that of the routine.
    expect(calls(code('\tadd r8=9f - copied,r9\n', '9:'))).toBe(2);
  });
});
