import { describe, expect, test } from 'vitest';
import { assembleText, countInstructions } from '../support/assemble.ts';
import { built, listing, macroised } from './support.ts';

const tail = '\n\t;;\n\tmov r14=r0\n\tmov r15=r0 ;;\n\tbr.ret.sptk b0\n';

describe('native', () => {
  test('a plain source comes back as it is', () => {
    const source = `foo:\tmov r9=cr.ifa // x\n\t(p6) itc.d r9${tail}`;
    expect(listing(source, 'native')).toBe(source);
  });

  test('a macro-ised source becomes the instructions again', () => {
    const source = `foo:\n\tmov r9=cr.ifa\n\t;;\n\tssm psr.ic ;; srlz.d${tail}`;
    expect(listing(macroised(source), 'native')).toBe(source);
  });
});

describe('a macro that nobody expands', () => {
  test.each([
    ['.macro', '.macro READ reg\n\tmov \\reg=cr.ifa\n.endm\n'],
    ['#define', '#define READ(reg) mov reg=cr.ifa\n'],
  ])('%s: its site is native on the bare machine, and a body elsewhere', (_, macro) => {
    const { plans } = built({ files: { 'a.S': `${macro}foo:\tnop.m 0${tail}` }, targets: ['native', 'xen:b'] });
    expect(plans.map(({ planned }) => planned.map(({ expansion }) => expansion.kind))).toEqual([
      ['native'],
      ['inPlace'],
    ]);
  });
});

describe('in place', () => {
  test('a short body stands on the line of its site', () => {
    expect(listing(`foo:\n\tmov r9=cr.ifa\t// address${tail}`, 'xen:b')).toContain(
      '\tmov r9=0xfffffffffff048a0 /* XSI_IFA */ ;; ld8 r9=[r9]\t// address\n',
    );
  });

  test('a bit of the user mask is set by sum, beside what a hypervisor must do or alone', () => {
    for (const mask of ['psr.ac', 'psr.ic | psr.ac'])
      expect(listing(`foo:\n\tssm ${mask}${tail}`, 'xen:b')).toMatch(/\bsum 8\b/);
  });

  test('an explicit bundle that cannot hold a body is opened, in that listing only', () => {
    const source = `foo:\n{ .mmi\n\tmov r9=cr.ifa\n\tnop.m 0\n\tnop.i 0\n}${tail}`;
    expect(listing(source, 'xen:b')).not.toMatch(/[{}]/);
    expect(listing(source, 'native')).toContain('{ .mmi');
  });

  test('a bundle whose own address is read stays closed', () => {
    const source = `foo:\n{ .mib\n\tmov r17=cr.iim\n\tmov r16=ip\n\tbr.sptk bar ;;\n}${tail}`;
    const { failures, listings } = built({ files: { 'a.S': source }, targets: ['xen:b'] });
    expect(listings[0]!.text).toContain('mov r17=cr.iim');
    expect(failures[0]!.reason).toContain('address of that bundle');
  });

  test('a comma in a macro argument goes through a macro of its own', () => {
    const source = `#define WRAP(insn) insn\nfoo:\n\tWRAP((p15) ssm psr.i)${tail}`;
    const text = listing(source, 'xen:b');
    expect(text).toMatch(/^#define PVASM_SITE_[0-9a-f]{8} .*,-1/m);
    expect(text).toMatch(/WRAP\(PVASM_SITE_[0-9a-f]{8}\)/);
  });

  test('a stop behind a body of many lines leaves the separator that follows on its line', () => {
    const pair = 'mov ar.k0=r16; mov ar.k1=r17';
    const defined = listing(`#define RESTORE \\\n\t${pair}; \\\n\t;;\nfoo:\tRESTORE${tail}`, 'xen:b');
    expect(defined).toMatch(/ ;;; mov/);
    expect(defined).not.toMatch(/\\[^\n]/);
    const plain = listing(`foo:\t${pair} // both${tail}`, 'xen:b');
    expect(plain).toMatch(/ ;;; mov/);
    expect(plain).not.toMatch(/^#(?:line)? \d+ ".*".+$/m);
  });

  test('a neighbour that needs r8 is parted from its restore by a stop', () => {
    const source = `foo:\n\titc.d r9\n\tadd r20=r8,r0${tail}`;
    expect(listing(source, 'xen:b')).toMatch(/mov r8=r\d+ ;;/);
  });

  test('a neighbour that does not, is not', () => {
    const source = `foo:\n\titc.d r9\n\tadd r20=r10,r0${tail}`;
    expect(listing(source, 'xen:b')).toMatch(/mov r8=r\d+\n/);
  });
});

describe('calls', () => {
  const source = `foo:\n\tmov r9=cr.ivr${tail}`;

  test('a call puts the return address in the named register and defines the symbol that keeps the routine', () => {
    const text = listing(source, 'xen:a');
    expect(text).toMatch(/\.set (\.Lpvasm_\w+)_used, 1; movl r\d+=(\d+)f ;; mov b\d=r\d+ ;; br\.sptk\.many \1; \2:/);
    expect(text).toMatch(/\.ifdef (\.Lpvasm_\w+)_used\n\1:/);
  });

  test('labels of a call are none that the source uses', () => {
    expect(listing(`7701:${source}`, 'xen:a')).not.toMatch(/movl r\d+=7701f/);
  });

  test('code that relies on exclusive predicates behind the site gets no call: a label would make the assembler forget', () => {
    const relying = `foo:\n\tcmp.eq p6,p7=r10,r11\n\t;;\n\tmov r9=cr.ivr\n(p6)\tmov r20=r0\n(p7)\tmov r20=r1${tail}`;
    expect(listing(relying, 'xen:a')).not.toContain('.Lpvasm');
  });

  test('xen takes the call where many sites share a routine, and the body where one does not', () => {
    const many = `${'\tbsw.1\n\t;;\n\tmov r14=r0 ;;\n'.repeat(6)}`;
    expect(listing(`foo:\n${many}${tail}`, 'xen')).toContain('_used, 1');
    expect(listing(`foo:\n\tbsw.1\n\t;;\n\tmov r14=r0${tail}`, 'xen')).not.toContain('_used, 1');
  });

  test('each file of a call has the routine to itself: sites in others do not make a call worth it', () => {
    const one = `foo:\n\tbsw.1\n\t;;\n\tmov r14=r0${tail}`;
    const files = Object.fromEntries(Array.from({ length: 8 }, (_, index) => [`${index}.S`, one]));
    for (const { text } of built({ files, targets: ['xen'] }).listings) expect(text).not.toContain('_used, 1');
  });

  test.each(['thash r17=r16', 'itc.d r18', 'mov r20=ar.itc', 'ptc.ga r16,r17', 'ssm psr.i', 'mov cr.tpr=r22'])(
    'xen is never longer than with a letter: %s',
    (instruction) => {
      for (let count = 1; count <= 8; count++) {
        const body = `\t${instruction}\n\t;;\n\tadd r24=1,r24\n\t;;\n`.repeat(count);
        const source = `\t.text\nfoo:\n${body}\tst8 [r32]=r17\n\tst8 [r33]=r20${tail}`;
        const [a, b, xen] = ['xen:a', 'xen:b', 'xen'].map((target) => {
          const { object, messages } = assembleText(listing(source, target), { preprocess: false });
          expect(messages).toBe('');
          return countInstructions(object!).bytes;
        });
        expect(xen, `${count} times: ${a} with calls, ${b} in place`).toBeLessThanOrEqual(Math.min(a!, b!));
      }
    },
  );
});

describe('what a target cannot do', () => {
  test('privileged without a body is left to trap', () => {
    const { failures, plans } = built({ files: { 'a.S': `foo:\n\tptc.l r9,r10${tail}` }, targets: ['xen'] });
    expect(failures).toEqual([]);
    expect(plans[0]!.planned[0]!.expansion.kind).toBe('trap');
  });

  test('sensitive without a body is an error', () => {
    const { failures } = built({ files: { 'a.S': `foo:\n\tttag r9=r10${tail}` }, targets: ['xen'] });
    expect(failures[0]).toMatchObject({ fatal: true });
  });
});
