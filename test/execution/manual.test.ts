/** Corners of the manual: what an instruction does where it is easily got wrong. */
import { describe, expect, test } from 'vitest';
import type { Machine } from '../../src/execution/machine.ts';
import { PSR } from '../../src/execution/psr.ts';
import { UNDEFINED_VALUE } from '../../src/execution/register-file.ts';
import { Undefined, Unexecutable } from '../../src/execution/signals.ts';
import { execute, predicates, result } from './support.ts';

const KERNEL = 0xe000000000001000n;

/** Puts an address into r9. */
function at(address: bigint) {
  return (machine: Machine): void => {
    machine.gr[9] = address;
  };
}

describe('predicates (SDM vol. 3, cmp)', () => {
  test.each([
    ['cmp.eq.and p6,p7=r9,r10', 1n, 2n, [1, 1], '00'],
    ['cmp.eq.and p6,p7=r9,r10', 1n, 1n, [1, 0], '10'],
    ['cmp.eq.or p6,p7=r9,r10', 1n, 1n, [0, 0], '11'],
    ['cmp.eq.or p6,p7=r9,r10', 1n, 2n, [0, 1], '01'],
    ['cmp.eq.andcm p6,p7=r9,r10', 1n, 1n, [1, 1], '00'],
    ['cmp.eq.orcm p6,p7=r9,r10', 1n, 2n, [0, 0], '11'],
    ['cmp.eq.or.andcm p6,p7=r9,r10', 1n, 1n, [0, 1], '10'],
    ['cmp.eq.or.andcm p6,p7=r9,r10', 1n, 2n, [0, 1], '01'],
    ['cmp.eq.and.orcm p6,p7=r9,r10', 1n, 2n, [1, 0], '01'],
    ['cmp.eq.and.orcm p6,p7=r9,r10', 1n, 1n, [1, 0], '10'],
    ['(p1) cmp.eq.unc p6,p7=r9,r10', 1n, 1n, [1, 1], '00'],
    ['(p1) cmp.eq p6,p7=r9,r10', 1n, 1n, [1, 1], '11'],
    ['cmp.lt.and p6,p7=r0,r10', 0n, 5n, [1, 1], '11'],
    ['tbit.nz p6,p7=r9,63', 2n ** 63n, 0n, [0, 0], '10'],
    ['tbit.z.or p6,p7=r9,0', 1n, 0n, [0, 1], '01'],
  ] as const)('%s of %s and %s', (text, a, b, before, expected) => {
    expect(predicates(text, a, b, [...before])).toBe(expected);
  });

  test('a NaT clears both, or what only clears', () => {
    const behind = (text: string) => {
      const { machine } = execute(text, (prepared) => {
        prepared.marks[9] = 1;
        prepared.pr[6] = prepared.pr[7] = 1;
      });
      return `${machine.pr[6]}${machine.pr[7]}`;
    };
    expect(behind('cmp.eq p6,p7=r9,r10')).toBe('00');
    expect(behind('cmp.eq.and p6,p7=r9,r10')).toBe('00');
    expect(behind('cmp.eq.or p6,p7=r9,r10')).toBe('11');
    expect(behind('tnat.nz p6,p7=r9')).toBe('10');
  });
});

describe('the frame (SDM vol. 1, 4.1.2)', () => {
  test('a register beyond it holds what nobody knows, and is not written', () => {
    const beyond = (machine: Machine): void => {
      machine.sof = 4;
    };
    expect(execute('mov r8=r35', beyond).machine.marks[8]).toBe(0);
    expect(execute('mov r8=r36', beyond).machine.marks[8]).toBe(UNDEFINED_VALUE);
    expect(() => execute('mov psr.l=r36', beyond)).toThrow(Undefined);
    expect(execute('mov r36=r8', beyond).exit).toMatchObject({ kind: 'fault', name: 'General Exception' });
  });
});

describe('instruction groups (SDM vol. 1, 3.4)', () => {
  test('what reads a register in the group that writes it reads nothing known', () => {
    expect(execute('mov r9=1\nadd r8=r9,r9').machine.marks[8]).toBe(UNDEFINED_VALUE);
    expect(execute('mov r9=1 ;;\nadd r8=r9,r9').machine.gr[8]).toBe(2n);
    expect(execute('add r8=r9,r9\nmov r9=1').machine.marks[8]).toBe(0);
    expect(execute('mov r8=1\nmov r8=2').machine.marks[8]).toBe(UNDEFINED_VALUE);
  });

  test('a branch may read a predicate and a branch register of its own group, nothing else may', () => {
    expect(execute('cmp.eq p6,p0=r0,r0\n(p6) br.cond.sptk elsewhere').exit.kind).toBe('branch');
    expect(() => execute('cmp.eq p6,p0=r0,r0\n(p6) mov r8=1')).toThrow(Undefined);
    expect(execute('mov b6=r9\nbr.cond.sptk b6', at(KERNEL)).exit).toEqual({
      kind: 'branch',
      address: KERNEL,
    });
  });

  test('a control register is read behind a serialization only', () => {
    expect(execute('mov cr.ifa=r9 ;;\nmov r8=cr.ifa').machine.marks[8]).toBe(UNDEFINED_VALUE);
    expect(execute('mov cr.ifa=r9 ;; srlz.d ;;\nmov r8=cr.ifa').machine.marks[8]).toBe(0);
  });

  test('memory is not read between a change of psr.dt and its serialization', () => {
    const prepare = (machine: Parameters<Parameters<typeof execute>[1] & object>[0]) => {
      machine.gr[9] = KERNEL;
    };
    expect(() => execute('ssm psr.dt ;;\nld8 r8=[r9]', prepare)).toThrow(Undefined);
    expect(execute('ssm psr.dt ;; srlz.d ;;\nld8 r8=[r9]', prepare).exit.kind).toBe('branch');
  });
});

test('ip is the address of the bundle (SDM vol. 3, mov ip)', () => {
  const { machine, image } = execute('nop 0\nnop 0\nnop 0\nnop 0;;\nmov r8=ip');
  expect(machine.gr[8]).toBe(image.addresses[4]);
  expect(image.addresses[4]).not.toBe(0n);
});

describe('memory and NaTs (SDM vol. 1, 4.4)', () => {
  test('a spill and a fill carry the NaT bit through ar.unat; the bit is that of the address', () => {
    const { machine } = execute(
      'st8.spill [r9]=r10,8 ;;\nst8.spill [r9]=r11,-8 ;;\nld8.fill r8=[r9],8 ;;\nld8.fill r14=[r9]',
      (prepared) => {
        prepared.gr[9] = KERNEL;
        prepared.marks[10] = 1;
        prepared.gr[11] = 7n;
      },
    );
    expect([machine.marks[8], machine.gr[14], machine.marks[14]]).toEqual([1, 7n, 0]);
    expect(machine.ar[36]! & 3n).toBe(1n);
  });

  test('a store of a NaT and an access through one fault', () => {
    for (const text of ['st8 [r9]=r10', 'ld8 r8=[r10]', 'mov b6=r10', 'mov cr.ifa=r10', 'mov ar.k6=r10']) {
      const { exit } = execute(text, (machine) => {
        machine.gr[9] = KERNEL;
        machine.marks[10] = 1;
      });
      expect(exit, text).toMatchObject({ kind: 'fault', name: 'NaT Consumption', detail: 'r10' });
    }
  });

  test('parts of words, byte order, alignment', () => {
    const kept = execute('st4 [r9]=r10,4 ;;\nst1 [r9]=r10,-4 ;;\nld8 r8=[r9]', (machine) => {
      machine.gr[9] = KERNEL;
      machine.gr[10] = 0x1122334455667788n;
      machine.memory.write(KERNEL, 8, 0n);
    });
    expect(kept.machine.gr[8]).toBe(0x8855667788n);
    const reversed = execute('rum 0\nld2 r8=[r9]', (machine) => {
      machine.gr[9] = KERNEL;
      machine.psr = PSR.be;
      machine.memory.write(KERNEL, 8, 0x1234n);
    });
    expect(reversed.machine.gr[8]).toBe(0x3412n);
    expect(execute('ld8 r8=[r9]', at(KERNEL + 4n)).exit).toMatchObject({
      name: 'Unaligned Reference',
    });
  });

  test('cmpxchg, xchg and fetchadd give what was there', () => {
    const behind = (text: string) => {
      const { machine } = execute(text, (prepared) => {
        prepared.gr[9] = KERNEL;
        prepared.gr[10] = 5n;
        prepared.ar[32] = 3n;
        prepared.memory.write(KERNEL, 8, 3n);
      });
      return [machine.gr[8], machine.memory.word(KERNEL)];
    };
    expect(behind('cmpxchg8.acq r8=[r9],r10,ar.ccv')).toEqual([3n, 5n]);
    expect(behind('cmpxchg4.acq r8=[r9],r10,ar.ccv')).toEqual([3n, 5n]);
    expect(behind('xchg8 r8=[r9],r10')).toEqual([3n, 5n]);
    expect(behind('fetchadd8.rel r8=[r9],-1')).toEqual([3n, 2n]);
  });
});

describe('the register stack (SDM vol. 2, chapter 6)', () => {
  test('a call hides its locals, a return brings them back', () => {
    const { machine } = execute(
      'alloc r8=ar.pfs,2,2,1,0 ;;\nmov loc0=11\nmov out0=12 ;;\nbr.call.sptk b6=1f ;;\nmov r9=loc0\nmov ar.pfs=r8 ;;\nbr.sptk.many done\n1: mov r10=r32 ;;\nbr.ret.sptk b6',
    );
    expect([machine.gr[9], machine.gr[10]]).toEqual([11n, 12n]);
    expect([machine.sof, machine.sol]).toEqual([5, 4]);
  });

  test('flushrs stores what is not in memory yet, past the words that collect NaT bits', () => {
    const { machine } = execute(
      'alloc r8=ar.pfs,0,3,0,0 ;;\nmov r32=1\nmov r33=2\nmov r34=3 ;;\ncover ;;\nflushrs ;;\nmov r9=ar.bspstore',
      (prepared) => {
        prepared.bspstore = KERNEL + 0x1f0n;
        prepared.psr = PSR.ic;
      },
    );
    expect(machine.gr[9]).toBe(KERNEL + 0x210n);
    expect([0x1f0n, 0x200n, 0x208n].map((offset) => machine.memory.word(KERNEL + offset))).toEqual([1n, 2n, 3n]);
  });

  test('cover keeps the frame in cr.ifs where psr.ic is 0', () => {
    const { machine } = execute('cover', (prepared) => {
      prepared.cfm = 0x105n;
    });
    expect([machine.cr[23], machine.cfm]).toEqual([(1n << 63n) | 0x105n, 0n]);
  });

  test('ar.bspstore takes what is not stored along', () => {
    const { machine } = execute('mov ar.bspstore=r9 ;;\nmov r8=ar.bsp', (prepared) => {
      prepared.gr[9] = KERNEL;
      prepared.dirty = 3;
    });
    expect(machine.gr[8]).toBe(KERNEL + 24n);
  });
});

describe('modulo-scheduled loops (SDM vol. 1, 4.5.1; vol. 3, br)', () => {
  /** Sums 1, 2, 3 ... one stage behind where they are made. */
  const loop = (branch: string, ...before: string[]) =>
    execute(
      [
        'alloc r8=ar.pfs,0,8,0,8',
        'mov ar.ec=2 ;;',
        ...before,
        'mov pr.rot=0x10000',
        'mov r9=0 ;;',
        '1: (p16) add r32=1,r9',
        '(p17) add r10=r10,r33',
        '(p16) add r9=1,r9',
        branch,
      ].join('\n'),
      (machine) => {
        machine.gr[10] = 0n;
        machine.fr[127] = 5n;
      },
    ).machine;

  test('br.ctop counts ar.lc, then the stages that are left in ar.ec', () => {
    const machine = loop('br.ctop.sptk 1b ;;', 'mov ar.lc=2 ;;');
    expect([machine.gr[10], machine.ar[65], machine.ar[66]]).toEqual([6n, 0n, 0n]);
    expect([machine.rrbGr, machine.rrbFr, machine.rrbPr]).toEqual([4, 92, 44]);
    // f127 has been given the names f32, f33, f34 and f35.
    expect(machine.floatIndex(35)).toBe(127);
  });

  test('br.cexit branches where br.ctop falls through', () => {
    const machine = loop('br.cexit.spnt 2f ;;\nbr.sptk 1b ;;\n2: nop 0', 'mov ar.lc=2 ;;');
    expect([machine.gr[10], machine.rrbGr]).toEqual([6n, 4]);
  });

  test('br.wtop goes on while its predicate holds, and is executed where it does not', () => {
    const { machine } = execute(
      'alloc r8=ar.pfs,0,8,0,8\nmov ar.ec=2\nmov r9=0 ;;\n1: add r9=1,r9 ;;\ncmp.gt p6,p0=3,r9 ;;\n(p6) br.wtop.sptk 1b ;;',
    );
    // Twice while it holds, once more for the stage that is left, and through.
    expect([machine.gr[9], machine.ar[66], machine.rrbGr]).toEqual([4n, 0n, 4]);
  });
});

describe('floating-point registers (SDM vol. 1, 5.1 and 5.3)', () => {
  const moved = (text: string, word: bigint) => result(text, word).value;

  test('setf.sig, getf.exp: an integer has the exponent of 2 to the 63rd', () => {
    expect(moved('setf.sig f6=r9 ;;\ngetf.exp r8=f6', 7n)).toBe(0x1003en);
    expect(moved('setf.exp f6=r9 ;;\ngetf.exp r8=f6', 0x2fffen)).toBe(0x2fffen);
    expect(moved('setf.exp f6=r9 ;;\ngetf.sig r8=f6', 0x2fffen)).toBe(1n << 63n);
  });

  test.each([
    ['1.0', 1, 0xffffn, 1n << 63n],
    ['-2.5', -2.5, 0x30000n, 5n << 61n],
    ['zero', 0, 0n, 0n],
    ['the least denormal', Number.MIN_VALUE, 0xfc01n, 1n << 11n],
    ['infinity', Number.POSITIVE_INFINITY, 0x1ffffn, 1n << 63n],
  ])('setf.d: %s', (_, value, exponent, significand) => {
    const bits = new BigUint64Array(new Float64Array([value]).buffer)[0]!;
    expect(moved('setf.d f6=r9 ;;\ngetf.exp r8=f6', bits)).toBe(exponent);
    expect(moved('setf.d f6=r9 ;;\ngetf.sig r8=f6', bits)).toBe(significand);
    expect(moved('setf.d f6=r9 ;;\ngetf.d r8=f6', bits)).toBe(bits);
  });

  test('single precision goes through memory, one by one and in pairs', () => {
    const { machine } = execute(
      'stfs [r9]=f1,4 ;;\nstfs [r9]=f0,-4 ;;\nldfps f6,f7=[r9],8 ;;\nldfs f8=[r10] ;;\ngetf.s r8=f6\ngetf.s r14=f7\ngetf.s r15=f8',
      (prepared) => {
        prepared.gr[9] = prepared.gr[10] = KERNEL;
      },
    );
    expect([8, 14, 15].map((register) => machine.gr[register])).toEqual([0x3f800000n, 0n, 0x3f800000n]);
    expect(machine.gr[9]).toBe(KERNEL + 8n);
  });

  test('a spill keeps all 82 bits', () => {
    const { machine } = execute('stf.spill [r9]=f6 ;;\nldf.fill f7=[r9]', (prepared) => {
      prepared.gr[9] = KERNEL;
      prepared.fr[6] = (0x2abcdn << 64n) | 0x8123456789abcdefn;
    });
    expect(machine.fr[7]).toBe(machine.fr[6]);
  });

  test('arithmetic gives the same for the same operands, and for other ones something else', () => {
    const of = (text: string, a: bigint, b: bigint) =>
      execute(text, (machine) => {
        machine.fr[6] = a;
        machine.fr[7] = b;
      }).machine.fr[8]!;
    expect(of('fma.d f8=f6,f7,f1', 3n, 4n)).toBe(of('fma.d f8=f6,f7,f1', 3n, 4n));
    const others = [of('fma.s f8=f6,f7,f1', 3n, 4n), of('fma.d f8=f6,f7,f0', 3n, 4n), of('fma.d f8=f6,f7,f1', 4n, 3n)];
    expect(others).not.toContain(of('fma.d f8=f6,f7,f1', 3n, 4n));
  });
});

test('what an instruction reads is read before it writes', () => {
  const { machine } = execute('ld8 r8=[r9],r8', (prepared) => {
    prepared.gr[9] = KERNEL;
    prepared.gr[8] = 16n;
    prepared.memory.write(KERNEL, 8, 5n);
  });
  expect([machine.gr[8], machine.gr[9], machine.marks[9]]).toEqual([5n, KERNEL + 16n, 0]);
});

describe('translation (SDM vol. 2, chapter 4)', () => {
  const hashed = (pta: bigint, address: bigint) =>
    execute('thash r8=r9', (machine) => {
      machine.gr[9] = address;
      machine.cr[8] = pta;
      machine.rr.fill((14n << 2n) | (0x123n << 8n));
    }).machine.gr[8]!;

  test('thash, short format: the page number times 8 within the table, in the region of the address', () => {
    const base = 0x1ff0000000000000n;
    expect(hashed(base | (15n << 2n) | 1n, 0x4000n)).toBe(base | 8n);
    expect(hashed(base | (15n << 2n) | 1n, (5n << 61n) | 0x8000n)).toBe((5n << 61n) | base | 16n);
    // A table of 32 KB has 4096 entries: the page number goes around, but for the bits that are below 32 KB anyway.
    expect(hashed(base | (15n << 2n) | 1n, 0x4000n << 12n)).toBe(base);
    expect(hashed(base | (16n << 2n) | 1n, 0x4000n << 12n)).toBe(base | 0x8000n);
  });

  test('thash, long format: an entry of 32 bytes of the table, whatever the region', () => {
    const base = 0xe000000010000000n;
    const found = hashed(base | (20n << 2n) | 0x101n, (3n << 61n) | 0x40000n);
    expect([found & ~0xfffffn, found % 32n]).toEqual([base, 0n]);
  });

  test('what itc inserts is mapped until it is purged; probe asks the level', () => {
    const { machine } = execute('itc.d r10 ;;\nsrlz.d', (prepared) => {
      prepared.cr[20] = 0x2000000000000000n;
      prepared.cr[21] = 14n << 2n;
    });
    expect(machine.isTranslated(0x2000000000003fffn)).toBe(true);
    expect(machine.events).toEqual(['itc.d 0x0 at 0x2000000000000000 as 0x38']);
    expect(result('tpa r8=r9', 0xe000000000001234n).value).toBe(0x1234n);
  });

  const USER = 0x2000000000000000n;
  /** What a load from r9 comes to behind some code, on a page that the world maps or does not. */
  const access = (code: string, isMapped: boolean, prepare: (machine: Machine) => void = () => undefined) => {
    let address = USER;
    const { exit } = execute(`${code}\nld8 r8=[r9]`, (machine) => {
      while (machine.world.isMapped(address) !== isMapped) address += 0x4000n;
      machine.gr[9] = machine.cr[20] = address;
      machine.gr[10] = 14n << 2n;
      machine.cr[21] = 14n << 2n;
      machine.psr = PSR.dt | PSR.ic;
      prepare(machine);
    });
    return exit.kind === 'fault' ? exit.name : 'done';
  };
  const noIc = 'rsm psr.ic ;; srlz.d ;;';
  const ic = 'ssm psr.ic ;; srlz.d ;;';

  test.each([
    ['', true, 'done'],
    ['', false, 'Alternate Data TLB'],
    [`${noIc} itc.d r10 ;; ${ic}`, false, 'done'],
    [`${noIc} itc.i r10 ;; ${ic}`, false, 'Alternate Data TLB'],
    ['ptc.l r9,r10 ;; srlz.d ;;', true, 'Alternate Data TLB'],
    ['ptc.e r0 ;; srlz.d ;;', true, 'Alternate Data TLB'],
    // ptc leaves what is in translation registers, ptr does not.
    [`${noIc} itr.d dtr[r0]=r10 ;; ptc.l r9,r10 ;; ${ic}`, false, 'done'],
    [`${noIc} itr.d dtr[r0]=r10 ;; ptr.d r9,r10 ;; ${ic}`, false, 'Alternate Data TLB'],
    [`${noIc} itr.d dtr[r0]=r10 ;; ptr.i r9,r10 ;; ${ic}`, false, 'done'],
    [`${noIc} itr.d dtr[r0]=r10 ;; ptr.d r9,r10 ;; ptc.l r9,r10 ;; ${ic}`, false, 'Alternate Data TLB'],
  ])('%s, mapped before: %s: %s', (code, isMapped, expected) => expect(access(code, isMapped)).toBe(expected));

  test.each([
    [`${noIc} itc.d r10 ;;`, false],
    ['ptc.l r9,r10 ;;', true],
    ['ptc.e r0 ;;', true],
    ['mov rr[r9]=r10 ;;', false],
  ])('%s is in force behind a serialization only', (code, isMapped) => {
    expect(() => access(code, isMapped)).toThrow(Undefined);
    expect(() => access(`${code} srlz.d ;;`, isMapped)).not.toThrow();
  });

  test('the walker reads the page table through the TLB, and inserts what is present', () => {
    const walks = (entry: bigint | null) =>
      access('', false, (machine) => {
        machine.rr.fill((14n << 2n) | 1n);
        // The table lies at the end of the region.
        machine.cr[8] = (0x1ffffff00000000n << 4n) | (20n << 2n) | 1n;
        const { gr } = execute('thash r8=r9', (asked) => {
          asked.gr[9] = machine.gr[9]!;
          asked.cr[8] = machine.cr[8]!;
          asked.rr.fill((14n << 2n) | 1n);
        }).machine;
        if (entry === null) machine.purge('data', gr[8]!, 14n, false);
        else machine.translations.insert('data', { first: gr[8]!, behind: gr[8]! + 8n }, false, true);
        machine.serialize();
        machine.memory.write(gr[8]!, 8, entry ?? 0x661n);
      });
    expect(walks(0x661n)).toBe('done');
    expect(walks(0x660n)).toBe('Data TLB');
    expect(walks(null)).toBe('VHPT Translation');
  });

  test('a miss with psr.ic off goes to the nested vector, with psr.ic on to a handler outside', () => {
    const miss = (psr: bigint) => {
      let address = 0x2000000000000000n;
      return execute('ld8 r8=[r9]', (machine) => {
        while (machine.world.isMapped(address)) address += 0x4000n;
        machine.gr[9] = address;
        machine.psr = PSR.dt | psr;
      }).exit;
    };
    expect(miss(0n)).toMatchObject({ kind: 'fault', name: 'Data Nested TLB' });
    expect(miss(PSR.ic)).toMatchObject({ kind: 'fault', name: 'Alternate Data TLB' });
  });
});

describe('interruption and return (SDM vol. 2, 5.5 and rfi)', () => {
  test('rfi restores psr, bank and frame', () => {
    const { machine, exit } = execute('rfi', (prepared) => {
      prepared.bank = 0;
      prepared.cr[16] = PSR.ic | PSR.i | PSR.bn | PSR.dt;
      prepared.cr[19] = KERNEL;
      prepared.cr[23] = (1n << 63n) | 0x183n;
    });
    expect(exit).toEqual({ kind: 'rfi', address: KERNEL });
    expect([machine.bank, machine.sof, machine.sol, machine.readPsr()]).toEqual([
      1,
      3,
      3,
      PSR.ic | PSR.i | PSR.bn | PSR.dt,
    ]);
  });

  test('the banks are two', () => {
    const { machine } = execute('mov r16=1\nbsw.0 ;;\nmov r16=2\nbsw.1 ;;\nmov r8=r16');
    expect(machine.gr[8]).toBe(1n);
  });

  test('a waiting interrupt is taken once, where psr.i and psr.ic allow it', () => {
    const events = (text: string, psr: bigint) =>
      execute(text, (machine) => {
        machine.psr = psr;
        machine.pending = true;
      }).machine.events;
    expect(events('ssm psr.i ;;\nssm psr.i', PSR.ic)).toEqual(['interrupt']);
    expect(events('ssm psr.i', 0n)).toEqual([]);
    expect(events('ssm psr.ic', PSR.i)).toEqual(['interrupt']);
  });
});

describe('what goes by the frame stands behind a stop (SDM vol. 3, 5.3)', () => {
  test.each([
    ['alloc r8=ar.pfs,0,2,1,0', 'br.call.sptk.many b0=done'],
    ['alloc r8=ar.pfs,0,2,1,0', 'br.ret.sptk.many b0'],
    ['alloc r8=ar.pfs,0,2,1,0', 'cover'],
    ['cover', 'clrrrb'],
  ])('%s, %s', (first, second) => {
    expect(() => execute(`${first}\n${second}`)).toThrow(Undefined);
    expect(() => execute(`${first} ;;\n${second}`)).not.toThrow();
  });
});

test('what nobody can execute is named', () => {
  expect(() => execute('pcmp1.eq r8=r9,r10')).toThrow(Unexecutable);
  expect(() => execute('pcmp1.eq r8=r9,r10')).toThrow(/'pcmp1\.eq' \(pcmp\) has no line in grammar\/semantics\.tsv/);
});

test('code that does not end is told', () => {
  expect(() => execute('1: br.sptk.many 1b')).toThrow(/no end/);
});
