import { describe, expect, it } from 'vitest';
import { listing } from './support.ts';

const code = (lines: string) => `\t.text\n\t.global f\nf:\n${lines}\tbr.ret.sptk.many b0\n`;
const RUN_I = '\tssm psr.ic\n\t;;\n\tsrlz.i\n\t;;\n';
const RUN_D = '\tssm psr.ic\n\t;;\n\tsrlz.d\n\t;;\n';

describe('the serialization of a fused run', () => {
  it('goes where nothing waits for it', () => {
    expect(listing(code(RUN_I), 'xen:b')).not.toContain('srlz');
    expect(listing(code(`\tsync.i\n\t;;\n\tsrlz.i\n\t;;\n${RUN_I}`), 'xen:b').match(/srlz\.i/g)).toHaveLength(1);
  });

  it('stays behind a sync.i', () => {
    expect(listing(code(`\tsync.i\n\t;;\n${RUN_I}`), 'xen:b')).toMatch(/;; srlz\.i/);
    expect(listing(code(`\tsync.i\n\t;;\n${RUN_I}`), 'xen:a')).toMatch(/: ;;\s+srlz\.i/);
  });

  it('stays where a srlz.d stands in the group of what waits', () => {
    expect(listing(code(`\tptc.l r32,r33\n\tsrlz.d\n${RUN_D}`), 'xen:b').match(/srlz\.d/g)).toHaveLength(2);
  });

  it('stays whatever the distance, and where only a branch leads there', () => {
    const far = `\tmov pkr[r32]=r33\n\t;;\n${'\tnop.m 0\n\t;;\n'.repeat(100)}${RUN_D}`;
    expect(listing(code(far), 'xen:b')).toContain('srlz.d');
    const branch = `\tbr.cond.sptk 2f\n1:${RUN_D}\tbr.ret.sptk b1\n2:\tptr.d r32,r33\n\t;;\n\tbr.cond.sptk 1b\n`;
    expect(listing(code(branch), 'xen:b')).toContain('srlz.d');
    const register = `\tmovl r14=1f\n\t;;\n\tmov b6=r14\n\tptr.d r32,r33\n\t;;\n\tbr.cond.sptk b6\n1:${RUN_D}`;
    expect(listing(code(register), 'xen:b')).toContain('srlz.d');
    const call = `\tbr.call.sptk b0=1f\n${RUN_D}\tbr.ret.sptk b1\n1:\tptr.d r32,r33\n\t;;\n`;
    expect(listing(code(call), 'xen:b')).toContain('srlz.d');
  });

  it('stays where the serialization before it is only in some configurations', () => {
    const conditional = `#ifdef A\n\tptc.l r32,r33\n\t;;\n#endif\n#ifdef B\n\tsrlz.d\n\t;;\n#endif\n${RUN_D}`;
    expect(listing(code(conditional), 'xen:b').match(/srlz\.d/g)).toHaveLength(2);
  });

  it('stays in a macro that nobody expands here', () => {
    expect(listing(`#define ON ssm psr.ic ;; srlz.d\n${code('\tmov r14=cr.ivr\n\t;;\n')}`, 'xen:b')).toContain(
      'srlz.d',
    );
  });
});

describe('a call at a site', () => {
  const branches = '(p6)\tmov r8=1\n(p7)\tmov r8=2\n';
  const calls = (text: string) => listing(code(text), 'xen:a').includes('br.sptk.many .Lpvasm');

  it('may stand before a compare whose predicates exclude each other', () => {
    expect(calls(`\tssm psr.i\n\t;;\n\tcmp.eq p6,p7=r32,r0\n\t;;\n${branches}`)).toBe(true);
    expect(calls(`\tssm psr.i\n\t;;\n\t.pred.rel.mutex p6,p7\n${branches}`)).toBe(true);
  });

  it('may not stand where predicates from before it are relied on', () => {
    expect(calls(`\tcmp.eq p6,p7=r32,r0\n\t;;\n\tssm psr.i\n\t;;\n${branches}`)).toBe(false);
    expect(calls(`\tcmp.eq p6,p7=r32,r0\n\t;;\n\tssm psr.i\n\t;;\n\tcmp.eq p6,p0=r8,r0\n\t;;\n${branches}`)).toBe(
      false,
    );
  });
});
