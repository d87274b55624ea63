/** What single instructions do. `writes` marks what happens in part (?) and even when the predicate is false (!). */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { allocFrame } from '../../src/machine/decode.ts';
import type { Effects } from '../../src/machine/effects.ts';
import { resourceName } from '../../src/machine/resources.ts';
import { assembleText } from '../support/assemble.ts';
import { oneSampleEach } from './samples.ts';
import { effectsOf, instructionsOf, named, nowhere } from './support.ts';

function marked({ writes, mayWrites, unconditionalWrites }: Effects): string {
  return writes
    .map(
      (resource) =>
        resourceName(resource) +
        (mayWrites.includes(resource) ? '?' : '') +
        (unconditionalWrites?.includes(resource) ? '!' : ''),
    )
    .join(' ');
}

/** text, form, reads, writes, results */
const CASES: readonly (readonly [string, string, string, string, string])[] = [
  ['add r14=r15,r16', 'add', 'r15 r16', 'r14', 'r14'],
  ['add r14=r15,r16,1', 'add-1', 'r15 r16', 'r14', 'r14'],
  ['add r14=8,r15', 'add-imm', 'r15', 'r14', 'r14'],
  ['add r14=@gprel(x),gp', 'add-imm', 'r1', 'r14', 'r14'],
  ['add r14=r15,r0', 'add', 'r15', 'r14', 'r14'],
  ['(p6) mov r14=r15', 'mov-gr', 'p6 r15', 'r14', 'r14'],
  ['mov r14=cr.ivr', 'mov-from-ivr', 'cr.ivr cr.tpr inservice', 'r14 cr.irr0 cr.irr1 cr.irr2 cr.irr3 inservice', 'r14'],
  ['mov r14=cr20', 'mov-from-cr', 'cr.ifa', 'r14', 'r14'],
  ['mov cr.iha=r14', 'mov-to-cr', 'r14', 'cr.iha', 'cr.iha'],
  ['mov r14=psr.um', 'mov-from-psr-um', 'psr.be psr.up psr.ac psr.mfl psr.mfh', 'r14', 'r14'],
  ['mov ar.bspstore=r14', 'mov-to-bspstore', 'r14 rse', 'ar.bspstore ar.bsp ar.rnat? rse dahr', 'ar.bspstore'],
  ['mov ar.pfs=r14', 'mov-to-ar-i', 'r14', 'ar.pfs', 'ar.pfs'],
  ['mov.m ar.k6=r14', 'mov-to-kr', 'r14', 'ar.k6', 'ar.k6'],
  ['mov r14=ar44', 'mov-from-itc', 'ar.itc', 'r14', 'r14'],
  ['mov b6=r14', 'mov-to-br', 'r14', 'b6', 'b6'],
  ['mov.sptk b7=r14,there', 'mov-to-br-tag', 'r14', 'b7', 'b7'],
  ['mov r14=rp', 'mov-from-br', 'b0', 'r14', 'r14'],
  ['mov pr=r14,0x1e', 'mov-to-pr', 'r14', 'p1 p2 p3 p4', ''],
  ['mov rr[r14]=r15', 'mov-to-rr', 'r14 r15', 'rr', ''],
  ['mov r14=cpuid[r15]', 'mov-from-cpuid', 'r15 cpuid', 'r14', 'r14'],
  ['mov f6=f7', 'mov-fr', 'f7', 'f6 psr.mfl', 'f6'],
  ['movl r14=there', 'movl', '', 'r14', 'r14'],
  ['ld8 r14=[r15],16', 'ld-imm', 'r15 memory', 'r14 r15', 'r14'],
  ['ld8.fill r14=[r15],r16', 'ld8-fill-reg', 'r15 r16 memory ar.unat', 'r14 r15', 'r14'],
  ['ld4.c.clr r14=[r15]', 'ld-c', 'r15 memory alat', 'r14? alat', 'r14'],
  ['ld16 r14=[r15]', 'ld16-short', 'r15 memory', 'r14 ar.csd', 'r14'],
  ['st8.spill [r14]=r15,8', 'st8-spill-imm', 'r14 r15', 'r14 memory ar.unat? alat', ''],
  ['stf.spill [r14]=f40', 'stf-spill', 'r14 f40', 'memory alat', ''],
  ['ldfpd f6,f7=[r14],16', 'ldfp-imm', 'r14 memory', 'f6 psr.mfl f7 r14', 'f6 f7'],
  ['cmpxchg8.acq r14=[r15],r16,ar.ccv', 'cmpxchg', 'r15 r16 ar.ccv memory', 'r14 memory alat', 'r14'],
  ['cmpxchg8.acq r14=[r15],r16', 'cmpxchg-short', 'r15 r16 ar.ccv memory', 'r14 memory alat', 'r14'],
  ['lfetch.fault.nt1 [r14],128', 'lfetch-fault-imm', 'r14', 'r14', ''],
  ['cmp.eq p6,p7=r14,r15', 'cmp', 'r14 r15', 'p6 p7', 'p6'],
  ['cmp.eq p6=r14,r15', 'cmp', 'r14 r15', 'p6', 'p6'],
  ['cmp.ne p0,p7=8,r15', 'cmp-imm', 'r15', 'p7', ''],
  ['cmp4.ltu.unc p6,p7=r14,r15', 'cmp-unc', 'r14 r15', 'p6! p7!', 'p6'],
  ['cmp.eq.or.andcm p6,p7=r0,r14', 'cmp-or-andcm', 'r14', 'p6? p7?', 'p6'],
  ['cmp.gt.and p6,p7=r0,r14', 'cmp-and-r0', 'r14', 'p6? p7?', 'p6'],
  ['tbit.nz.or p6,p7=r14,3', 'tbit-or', 'r14', 'p6? p7?', 'p6'],
  ['shl r14=r15,3', 'shl-imm', 'r15', 'r14', 'r14'],
  ['shr.u r14=r15,r16', 'shr', 'r15 r16', 'r14', 'r14'],
  ['dep r14=-1,r15,3,4', 'dep-imm', 'r15', 'r14', 'r14'],
  ['dep r14=r15,r16,3,4', 'dep', 'r15 r16', 'r14', 'r14'],
  ['thash r14=r15', 'thash', 'r15 rr cr.pta cr.gpta', 'r14', 'r14'],
  ['itc.d r14', 'itc-d', 'r14 cr.ifa cr.itir', 'dtc itc', ''],
  ['itr.d dtr[r14]=r15', 'itr-d', 'r14 r15 cr.ifa cr.itir', 'dtr dtc itc', ''],
  ['ptc.ga r14,r15', 'ptc-ga', 'r14 r15 rr', 'dtc itc dtc_limit itc_limit alat', ''],
  ['probe.w.fault r14,3', 'probe-fault', 'r14', '', ''],
  ['ssm psr.ic|psr.i', 'ssm', '', 'psr.ic psr.i', ''],
  ['rsm 1<<17', 'rsm', '', 'psr.dt', ''],
  ['rum psr.be|psr.up', 'rum', '', 'psr.be psr.up', ''],
  ['bsw.1', 'bsw', '', 'psr.bn', ''],
  ['cover', 'cover', 'cfm ar.bsp psr.ic rse', 'cfm ar.bsp cr.ifs? rse', ''],
  ['setf.sig f6=r14', 'setf', 'r14', 'f6 psr.mfl', 'f6'],
  ['fma.s1 f6=f7,f8,f9', 'fma', 'f7 f8 f9 ar.fpsr.sf1.controls', 'f6 psr.mfl ar.fpsr.sf1.flags?', 'f6'],
  ['frcpa f6,p7=f8,f1', 'frcpa', 'f8 ar.fpsr.sf0.controls', 'f6 psr.mfl p7! ar.fpsr.sf0.flags?', 'f6'],
  ['xma.hu f6=f7,f8,f0', 'xma', 'f7 f8', 'f6 psr.mfl', 'f6'],
  ['alloc r14=ar.pfs,2,3,4,0', 'alloc', 'ar.pfs cfm ar.bspstore ar.rnat rse', 'r14 cfm ar.bspstore? ar.rnat? rse', ''],
  ['break 0x100000', 'break', '', '', ''],
  ['hint @pause', 'hint', '', '', ''],
];

describe('effects', () => {
  test.each(CASES)('%s', (text, form, reads, writes, results) => {
    const effects = effectsOf(`there: ${text}`);
    expect(effects.form?.id).toBe(form);
    expect(named(effects.reads)).toBe(reads);
    expect(marked(effects)).toBe(writes);
    expect(named(effects.results)).toBe(results);
  });

  test('mov pr= writes what its mask names', () => {
    expect(named(effectsOf('mov pr=r14,0x10002').writes)).toBe(
      `p1 ${Array.from({ length: 48 }, (_, index) => `p${index + 16}`).join(' ')}`,
    );
    expect(effectsOf('mov pr=r14').writes).toHaveLength(63);
    expect(effectsOf('mov pr=r14,-1').mayWrites).toEqual([]);
    expect(effectsOf('mov pr=r14,mask').mayWrites).toHaveLength(63);
  });

  test('a mask of psr that is not known may name every bit of it', () => {
    const { writes, mayWrites } = effectsOf('ssm mask');
    expect(named(writes)).toContain('psr.ic psr.i ');
    expect(mayWrites).toEqual(writes);
  });

  test('mov r=pr reads every predicate', () => expect(effectsOf('(p6) mov r14=pr').reads).toHaveLength(63));

  test('rfi takes psr, frame and ip from the interruption registers', () => {
    const { reads, writes, branch } = effectsOf('rfi');
    expect(named(reads)).toContain('cr.iip cr.ipsr cr.ifs');
    for (const name of ['psr.ic', 'psr.i', 'psr.cpl', 'psr.bn', 'psr.vm', 'cfm', 'ip'])
      expect(named(writes).split(' ')).toContain(name);
    expect(branch).toEqual({ kind: 'rfi', target: null, through: null, link: null });
  });
});

describe('branches', () => {
  test.each([
    ['br.cond.sptk there', 'jump', 'there', null, null],
    ['br there', 'jump', 'there', null, null],
    ['br.few b6', 'jump', null, 6, null],
    ['br.call.sptk.many rp=there', 'call', 'there', null, 0],
    ['br.call.dptk b1=b6', 'call', null, 6, 1],
    ['brl.call.sptk b0=there', 'call', 'there', null, 0],
    ['br.ret.sptk.many rp', 'return', null, 0, null],
    ['br.cloop.sptk there', 'loop', 'there', null, null],
    ['br.ctop.sptk there', 'loop', 'there', null, null],
    ['chk.s r14,there', 'check', 'there', null, null],
    ['chk.a.clr f6,there', 'check', 'there', null, null],
    ['fchkf.s1 there', 'check', 'there', null, null],
    ['epc', 'epc', null, null, null],
    ['br.ia.sptk b6', 'ia32', null, 6, null],
  ])('%s', (text, kind, target, through, link) => {
    const { branch } = effectsOf(`there: ${text}`);
    expect(branch).toMatchObject({ kind, through, link });
    if (target === null) expect(branch!.target).toBeNull();
    else expect(branch!.target).toMatchObject({ kind: 'name', name: target });
  });

  test('a call writes its link, ar.pfs and the frame, and has no result', () => {
    const { writes, results } = effectsOf('br.call.sptk.many b0=there');
    expect(named(writes)).toBe('b0 ar.pfs cfm ar.bsp rse dahr ip');
    expect(results).toEqual([]);
  });

  test('a label may have the name of a resource', () => {
    for (const name of ['memory', 'itc', 'rr', 'cfm', 'alat'])
      expect(effectsOf(`br.sptk ${name}`).known, name).toBe(true);
  });
});

describe('names in operands', () => {
  test('frames: in, loc, out', () => {
    expect(named(effectsOf('.regstk 2,3,4,0\nadd loc1=in1,out0').reads)).toBe('r33 r37');
    expect(named(effectsOf('alloc loc1=ar.pfs,2,2,0,0').writes)).toMatch(/^r35 /);
    expect(effectsOf('add r14=in0,r15').known).toBe(false);
    expect(effectsOf('.regstk 1,0,0,0\nadd r14=in1,r15').known).toBe(false);
    expect(effectsOf('br.sptk out1').known).toBe(true);
  });

  test('aliases and rotating names', () => {
    expect(named(effectsOf('src = r20\nother = src\nmov r14=other').reads)).toBe('r20');
    expect(named(effectsOf('.rotr a[4], b[3]\nmov b[1]=a[4-1]').reads)).toBe('r35');
    expect(named(effectsOf('.rotp stage[3]\n(stage[1]) mov r14=r15').reads)).toBe('p17 r15');
  });

  test('a predicate that is no register', () => expect(effectsOf('(pSys) mov r14=r15').predicate).toBe(-1));
});

describe('what is not known', () => {
  test.each([
    'frobnicate r14=r15',
    'add r14=r15',
    'ld8 r14=r15',
    'mov r14=dtr[r15]',
    'mov.x r14=r15',
    'br.call.sptk there',
    'add r14=p6,r15',
    'st8 [p6]=r14',
  ])('%s reads and writes everything', (text) => {
    const effects = effectsOf(text);
    expect(effects).toMatchObject({ known: false, form: null, readsMemory: true, writesMemory: true });
    for (const name of ['r14', 'p6', 'b0', 'ar.pfs', 'cr.ifa', 'psr.ic', 'memory']) {
      expect(named(effects.reads).split(' ')).toContain(name);
      expect(named(effects.mayWrites).split(' ')).toContain(name);
    }
  });
});

describe('registers that one object may stand for', () => {
  test('instructions that do the same share their effects, others do not', () => {
    const texts = [
      '(p6) add r14=r15,r16',
      '(p6) add r14=r15,r16',
      '(p7) add r14=r15,r16',
      'add r14=r15,r16',
      '(p6) add r14=r16,r15',
      'cmp.eq p6=r14,r15',
      'cmp.eq p6,p7=r14,r15',
    ];
    const [one, two, ...others] = instructionsOf(texts.join('\n')).map(({ effects }) => effects);
    expect(one).toBe(two);
    expect(new Set([one, ...others]).size).toBe(texts.length - 1);
  });
});

describe('alloc', () => {
  test('makes a frame', () => {
    const frame = (text: string) => allocFrame(instructionsOf(text)[0]!.instruction, nowhere);
    expect(frame('alloc r14=ar.pfs,1,2,3,0')).toEqual({ inputs: 1, locals: 2, outputs: 3, rotating: 0 });
    expect(frame('alloc r14=ar.pfs,1,8*2+1,3,8')).toEqual({ inputs: 1, locals: 17, outputs: 3, rotating: 8 });
    expect(frame('alloc r14=1,2,3,0')).toEqual({ inputs: 1, locals: 2, outputs: 3, rotating: 0 });
    expect(frame('alloc r14=ar.pfs,1,size,3,0')).toBeNull();
    expect(frame('add r14=r15,r16')).toBeNull();
  });
});

describe('any operands at all', () => {
  const OPERANDS = [
    'r14',
    'r0',
    'f6',
    'p6',
    'b6',
    'ar.pfs',
    'cr.ifa',
    'psr',
    'psr.ic',
    'psr.l',
    'pr',
    'ip',
    '[r15]',
    '[p6]',
    'rr[r14]',
    'x[1]',
    'dahr3',
    '1',
    'name',
    'in0',
    '1f',
    '.',
    '@nat',
    '(r14)',
    '"text"',
    '[name]',
  ];
  const operand = fc.constantFrom(...OPERANDS);
  const mnemonic = fc.constantFrom(...oneSampleEach().map((each) => each.mnemonic));
  const write = (name: string, outputs: readonly string[], inputs: readonly string[]): string =>
    `(p9) ${name} ${outputs.join(',')}${outputs.length > 0 ? '=' : ''}${inputs.join(',')}`;

  test('decode, and are the same a second time', () => {
    fc.assert(
      fc.property(
        mnemonic,
        fc.array(operand, { maxLength: 3 }),
        fc.array(operand, { maxLength: 6 }),
        (name, outputs, inputs) => {
          const text = write(name, outputs, inputs);
          const [first, second] = instructionsOf(`${text}\n${text}`).map(({ effects }) => ({
            ...effects,
            branch: null,
          }));
          expect(second).toEqual(first);
        },
      ),
      { numRuns: 500 },
    );
  });

  test('one operand replaced by another: what gas accepts decodes, what it rejects does not', () => {
    const others = ['r14', 'f6', 'p6', 'b6', 'ar.ccv', 'ar.lc', 'cr.ifa', 'psr.l', 'ip', '[r15]', 'rr[r15]', '1'];
    // gas takes anything for the symbol of ld8.mov.
    const samples = oneSampleEach().filter(({ form }) => form.id !== 'ld8-mov');
    const texts = samples.flatMap(({ text }) => replacements(text, others));
    const { messages } = assembleText(`here:\n${texts.join('\n')}\n`, { preprocess: false, explicit: false });
    const errors = new Map(
      [...messages.matchAll(/^source\.i:(\d+): Error: (.*)$/gm)].map(([, line, message]) => [
        Number(line) - 2,
        message!,
      ]),
    );
    const known = texts.map((text) => effectsOf(`here: ${text}`).known);
    expect(texts.filter((_, index) => !errors.has(index) && !known[index])).toEqual([]);
    expect(texts.length - errors.size).toBeGreaterThan(300);
    // Ranges of constants are not ours to judge.
    const aRegisterWasDue = texts.filter((_, index) =>
      /should be a(n)? (?!.*(-bit|integer|count))|Wrong number/.test(errors.get(index) ?? ''),
    );
    expect(aRegisterWasDue.length).toBeGreaterThan(1000);
    expect(aRegisterWasDue.filter((text) => effectsOf(`here: ${text}`).known)).toEqual([]);
  });
});

/** The text with one operand at a time replaced by each of the others. */
function replacements(text: string, others: readonly string[]): string[] {
  const words = [...text.matchAll(/(?<=[ ,=])[^ ,=]+/g)].slice(0, 6);
  return words.flatMap((word) =>
    others.map((other) => text.slice(0, word.index) + other + text.slice(word.index + word[0].length)),
  );
}
