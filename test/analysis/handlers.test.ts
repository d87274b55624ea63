import { describe, expect, test } from 'vitest';
import { check } from './expectations.ts';
import { analyseText, conventionsWith } from './support.ts';

/** A vector table with one handler. */
const vector = (code: string): string => `
    .section .text..ivt,"ax"
    .global ia64_ivt
ia64_ivt:
${code}
`;

const handlers: Readonly<Record<string, string>> = {
  'everything but bank 0 belongs to the interrupted code': vector(`
        mov r16=cr.ifa;;      // BANK 0; IC 0; LIVE r2 r8 r15 b0 b6 b7 p1 p6 p63 r4; FREE r17 r31
        mov r17=r16;;         // LIVE r17; FREE r18
        mov cr.ifa=r17
        rfi                   // FREE r16 r17 r31; LIVE r8 b0 p6
  `),
  'predicates are free between their save and their restore': vector(`
        mov r31=pr;;          // LIVE r31; TOUCHED p6; FREE r16
        nop 0                 // FREE p1 p6 p15; LIVE r31
        mov pr=r31,-1         // LIVE p6
        rfi                   // LIVE p6
  `),
  'a branch register likewise': vector(`
        mov r29=b0;;          // TOUCHED b0
        nop 0                 // FREE b0; LIVE r29 b6
        mov b0=r29            // LIVE b0
        rfi
  `),
  'the nested-miss handler reads what its convention says': vector(`
        mov r16=cr.ifa;;
        mov r19=r16
        mov r29=b0
        mov r31=pr
        mov r17=cr.iha        // HIDDEN r16; LIVE r29 r31
        movl r30=1f;;         // HIDDEN r30 r16; LIVE r29 r31
    1:  ld8 r18=[r17];;       // PRESUMED r30 r19; FREE r16 r20; LIVE r29
        mov b0=r29            // PRESUMED r30; FREE r16
        itc.d r18;;           // PRESUMED r30; FREE r16 r17
        mov pr=r31,-1
        rfi
  `),
  'but only where the continuation was loaded': vector(`
        mov r16=cr.ifa;;
        mov r17=r16;;         // LIVE r17; FREE r29 r30
        nop 0                 // FREE r16 r29 r30
        ld8 r18=[r17];;       // FREE r30 r16
        itc.d r18;;           // FREE r30
        rfi
  `),
  'a speculative load does not fault': vector(`
        movl r30=1f
        mov r16=cr.ifa
        mov r17=cr.iha;;
    1:  nop 0                 // PRESUMED r30 r16
        ld8.s r18=[r17]
        rfi
  `),
  'with collection on nothing nests': vector(`
        mov r16=cr.ifa
        mov r17=cr.iha
        ssm psr.ic;;
        movl r30=1f;;
    1:  nop 0                 // IC 1; PRESUMED r16 r30
        ld8 r18=[r17]
        rfi
  `),
  'outside the vectors neither': `
    .global f
    f:  rsm psr.ic;;
        movl r30=1f
        mov r16=r32;;         // FREE r17
    1:  st8 [r16]=r30;;       // TOUCHED r16 r30; FREE r29 r31
        ssm psr.ic
        br.ret.sptk rp
  `,
  'a value that nobody reads is presumed live until it is overwritten': vector(`
        movl r28=0x1234       // PRESUMED r28; FREE r27
        nop 0                 // PRESUMED r28
        mov r27=1;;           // PRESUMED r28
        mov r28=r27;;         // FREE r29
        mov cr.ifa=r28        // FREE r27
        rfi
  `),
  'on each path': vector(`
        movl r28=0x1234;;     // LIVE r28
        cmp.eq p6,p7=r0,r28   // TOUCHED r28; FREE r29
        mov r27=1;;           // PRESUMED r27; FREE r28
    (p6) br.cond.sptk 1f      // PRESUMED r27
        mov r27=2;;           // LIVE r27
        mov cr.ifa=r27        // TOUCHED r27
        nop 0                 // FREE r27
        rfi
    1:  nop 0                 // PRESUMED r27
        rfi
  `),
  'what a post-increment leaves is not presumed': vector(`
        mov r17=cr.iha;;
        ld8 r18=[r17],8;;     // LIVE r18; TOUCHED r17
        mov cr.ifa=r18        // FREE r17
        rfi
  `),
  'code after .org does not continue a handler that ends in a branch': vector(`
        mov r31=pr            // LIVE r31
        br.sptk.many common
        .org ia64_ivt+0x400
        mov r16=cr.ifa;;      // BANK 0; FREE r31 r17; LIVE r16
        mov cr.iha=r16
        rfi
    common: mov r17=r31;;     // BANK 0; LIVE r17
        mov pr=r17,-1
        rfi
  `),
  'bsw switches what r16-r31 mean': vector(`
        mov r16=cr.ifa        // LIVE r16; BANK 0; FREE r18
        mov r17=1;;           // LIVE r16; PRESUMED r17
        mov r2=r16            // PRESUMED r17; FREE r18; LIVE r3
        bsw.1;;               // LIVE r2 r16; FREE r20
        st8 [r2]=r16;;        // BANK 1; LIVE r17; FREE r20
        st8 [r2]=r17
        mov r16=0
        mov r20=0
        bsw.0;;               // LIVE r3 r17 r18
        nop 0                 // BANK 0; FREE r16 r20; PRESUMED r17
        rfi
  `),
  'an rfi on bank 1 may lead to code on bank 0': vector(`
        mov r16=1             // BANK 0
        bsw.1;;               // LIVE r16
        rfi                   // BANK 1; LIVE r16
  `),
  'an rfi that goes on in this file gives nothing back': vector(`
        mov r20=1             // LIVE r20
        movl r17=1f;;
        mov cr.iip=r17;;      // LIVE r20
        rfi                   // LIVE r20
    1:  mov r8=r20            // BANK 0,1
        rfi                   // LIVE r20
  `),
  'a label reached on both banks': vector(`
        cmp.eq p6,p7=r0,r16;;
    (p6) br.cond.sptk 1f
        bsw.1;;
    1:  nop 0                 // BANK 0,1; LIVE r20
        rfi
  `),
  'collection is unknown where paths disagree': `
    .global f
    f:  cmp.eq p6,p7=r32,r33;;
    (p6) rsm psr.ic;;         // IC 1
        nop 0                 // IC ?
        ssm psr.ic;;
        nop 0                 // IC 1
        br.ret.sptk rp
  `,
  'an address is used on the bank on which it was taken': vector(`
        movl r30=1f
        br.sptk.many away
    1:  mov r16=cr.ifa;;      // BANK 0
        mov cr.ifa=r16
        rfi
    away: mov b0=r30;;
        br.sptk.many b0
  `),
  'ordinary routines run on bank 1': `
    .global f
    f:  mov r16=r32;;         // BANK 1; IC 1; LIVE r16
        mov r8=r16            // FREE r17 r31
        br.ret.sptk rp
  `,
  'a system call returns to code that expects scratch registers gone': `
    .proc ia64_leave_kernel
    .global ia64_leave_kernel
    ia64_leave_kernel:
        mov cr.iip=r28        // BANK 1; FREE r25 r29; TOUCHED r28; LIVE r8 r2
        rfi
    .endp ia64_leave_kernel
  `,
};

describe('interruption handlers', () => {
  test.each(Object.entries(handlers))('%s', (_, program) => {
    check(program);
  });
});

test('what is live is told by the names of the current bank', () => {
  const analysis = analyseText(vector('mov r17=r18;;\nmov cr.ifa=r17\nrfi'));
  const live = analysis.liveBehind(0);
  expect(live).toEqual(expect.arrayContaining(['r17', 'r8', 'b0']));
  expect(live).not.toContain('r20');
});

describe('vectors', () => {
  test('their places, names and room', () => {
    const analysis = analyseText(
      vector(`
    .proc first
    first: rfi
        .org ia64_ivt+0x400
        rfi
        .org ia64_ivt + 0x5000
    last: rfi
        .org ia64_ivt+0x51*0x100
        rfi`),
    );
    expect(analysis.vectors().map(({ offset, label, bundles }) => ({ offset, label, bundles }))).toEqual([
      { offset: 0, label: 'first', bundles: 64 },
      { offset: 0x400, label: null, bundles: 64 },
      { offset: 0x5000, label: 'last', bundles: 16 },
      { offset: 0x5100, label: null, bundles: 16 },
    ]);
  });

  test('what stands behind the table is no vector', () => {
    const places = vector('rfi\n.org ia64_ivt+0x7f00\nrfi\n.org ia64_ivt+0x8000\nshared: rfi');
    expect(
      analyseText(places)
        .vectors()
        .map(({ offset }) => offset),
    ).toEqual([0, 0x7f00]);
  });

  test('a table by another name', () => {
    const conventions = conventionsWith('[vectors]\ntables = ["my_table"]');
    check('.text\nmy_table: rfi // BANK 0; IC 0\n.org my_table+0x400\nrfi // BANK 0\n', conventions);
  });
});

describe('routines', () => {
  test('what they need, destroy and keep', () => {
    const [routine] = analyseText(`
    .global f
    .proc f
    f:  alloc r2=ar.pfs,1,0,0,0
        ld8 r14=[r32]
        cmp.eq p6,p7=r15,r0;;
    (p6) mov r8=r14
        mov b6=r3;;
        br.ret.sptk rp
    .endp f`).routines();
    expect(routine!.needs).toEqual(expect.arrayContaining(['r3', 'r15', 'r32', 'b0', 'ar.pfs']));
    expect(routine!.needs).not.toContain('r14');
    expect(routine!.clobbers.filter((name) => !name.startsWith('ar.'))).toEqual(['r2', 'r8', 'r14', 'p6', 'p7', 'b6']);
    expect(routine!.preserves).toEqual(expect.arrayContaining(['r3', 'r15', 'b0', 'p8']));
  });

  test('what they put back is kept; on one way only, or from elsewhere, it is destroyed', () => {
    const put = (back: string) =>
      analyseText(`
    .global f
    .proc f
    f:  mov r3=ar.lc
        mov r15=b1
        cmp.eq p6,p7=r32,r0;;
        mov ar.lc=r32
        mov b1=r32;;
        ${back}
        br.ret.sptk rp
    .endp f`).routines()[0]!;
    const kept = ['ar.lc', 'b1'];
    expect(put('mov ar.lc=r3\n mov b1=r15').clobbers.filter((name) => kept.includes(name))).toEqual([]);
    expect(put('mov ar.lc=r3\n mov b1=r15').preserves).toEqual(expect.arrayContaining(kept));
    for (const wrong of ['(p6) mov ar.lc=r3\n(p6) mov b1=r15', 'mov ar.lc=r15\n mov b1=r3', ''])
      expect(put(wrong).clobbers, wrong).toEqual(expect.arrayContaining(kept));
  });
});
