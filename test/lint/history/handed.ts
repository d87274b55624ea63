/** Handlers that end in a call of C, with the address of the code that restores everything in the return link. */
import { handler } from './program.ts';

const spills = (address: string, registers: readonly string[]): string =>
  registers.map((register) => `\tst8.spill [${address}]=${register},8\n\t;;`).join('\n');

const ON_BANK_0 = ['r2', 'r3', 'r8', 'r9', 'r10', 'r11', 'r14', 'r15'];
const ON_BANK_1 = Array.from({ length: 16 }, (_, number) => `r${16 + number}`);

/** What such a handler saves, piece by piece; one piece may be another. */
function saving(change: Readonly<Record<string, string>> = {}, end = 'mov b0=r15'): string {
  const pieces: Readonly<Record<string, string>> = {
    first: '\tmov r31=pr\n\tmov r29=b0\n\tmov r26=ar.pfs\n\tmov r25=ar.unat\n\tmov r16=r27\n\tcover\n\t;;',
    bank0: spills('r16', ON_BANK_0),
    put: ['r29', 'r26', 'r25', 'r31'].map((register) => `\tst8 [r16]=${register},8\n\t;;`).join('\n'),
    counters: '\tmov r8=ar.ccv\n\tmov r9=ar.csd\n\tmov r10=ar.ssd\n\tadds r2=0,r16\n\t;;\n\tbsw.1\n\t;;',
    bank1: spills('r2', ON_BANK_1),
    branches: '\tmov r18=b6\n\tmov r19=b7\n\t;;\n\tst8 [r2]=r18,8\n\t;;\n\tst8 [r2]=r19,8\n\t;;',
    values: '\tst8 [r2]=r8,8\n\t;;\n\tst8 [r2]=r9,8\n\t;;\n\tst8 [r2]=r10,8\n\t;;',
    mode: '\talloc r14=ar.pfs,0,0,1,0\n\t;;\n\tssm psr.ic\n\t;;\n\tsrlz.i\n\t;;',
    ...change,
  };
  return handler(`${Object.values(pieces).join('\n')}
	movl r15=restores
	;;
	${end}
	mov out0=r0
	;;
	br.call.sptk.many b6=c_function`);
}

const fills = (registers: readonly string[]): string =>
  [...registers]
    .reverse()
    .map((register) => `\tld8.fill ${register}=[r2]${register === 'r2' ? '' : ',-8'}\n\t;;`)
    .join('\n');

/** A handler that calls C, to which control comes back, and restores everything itself. */
function callingBack(): string {
  return handler(`
	mov r31=pr
	mov r29=b0
	mov r26=ar.pfs
	mov r25=ar.unat
	mov r16=r27
	;;
${spills('r16', ON_BANK_0)}
	mov r14=r31
	mov r15=r29
	mov r8=ar.ccv
	mov r9=r26
	mov r10=r25
	adds r2=0,r16
	cover
	;;
	bsw.1
	;;
${spills('r2', ON_BANK_1)}
	alloc r16=ar.pfs,0,12,0,0
	mov loc0=r14
	mov loc1=r15
	mov loc2=r8
	mov loc3=r9
	mov loc4=r10
	mov loc5=r2
	mov loc6=b6
	mov loc7=b7
	mov loc9=ar.csd
	mov loc10=ar.ssd
	;;
	ssm psr.ic
	;;
	srlz.i
	;;
	br.call.sptk.many b0=c_function
	;;
	rsm psr.ic
	;;
	srlz.d
	mov b6=loc6
	mov b7=loc7
	mov b0=loc1
	mov ar.ccv=loc2
	mov ar.pfs=loc3
	mov ar.csd=loc9
	mov ar.ssd=loc10
	adds r2=-8,loc5
	;;
${fills(ON_BANK_1)}
${fills(ON_BANK_0)}
	mov ar.unat=loc4
	mov pr=loc0,-1
	;;
	bsw.0
	;;
	rfi`);
}

export const HANDED: Readonly<Record<string, string>> = {
  'everything is saved before C': saving(),
  'b7 is not saved before C': saving({
    branches: '\tmov r18=b6\n\t;;\n\tst8 [r2]=r18,8\n\t;;',
  }).replace('br.call.sptk.many b6=c_function', 'br.call.sptk.many b6=c_function	// ERROR PV025'),
  'ar.ccv is not saved before C': saving({
    counters: '\tmov r9=ar.csd\n\tmov r10=ar.ssd\n\tadds r2=0,r16\n\t;;\n\tbsw.1\n\t;;',
    values: '\tst8 [r2]=r9,8\n\t;;\n\tst8 [r2]=r10,8\n\t;;',
  }).replace('br.call.sptk.many b6=c_function', 'br.call.sptk.many b6=c_function	// ERROR PV025'),
  'r20 of bank 1 is not saved before C': saving({
    bank1: spills(
      'r2',
      ON_BANK_1.filter((register) => register !== 'r20'),
    ),
  }).replace('br.call.sptk.many b6=c_function', 'br.call.sptk.many b6=c_function	// ERROR PV025'),
  'the return link is loaded before anything has saved it': saving(
    {
      first: '\tmov r31=pr\n\tmov r26=ar.pfs\n\tmov r25=ar.unat\n\tmov r16=r27\n\tcover\n\t;;',
      put: ['r26', 'r25', 'r31'].map((register) => `\tst8 [r16]=${register},8\n\t;;`).join('\n'),
    },
    'mov b0=r15			// ERROR PV025',
  ),
  'r3 is used before anything has saved it': saving({
    bank0: `	mov r3=r16			// ERROR PV025
	;;
	st8 [r3]=r0
${spills(
  'r16',
  ON_BANK_0.filter((register) => register !== 'r3'),
)}`,
  }),
  'who only reports and stops saves nothing': handler(`
	mov r16=cr.ifa
	bsw.1
	;;
	alloc r14=ar.pfs,0,0,1,0
	;;
	ssm psr.ic
	;;
	srlz.i
	;;
	mov out0=r0
	br.call.sptk.many b0=panic
	;;
1:	br.few 1b`),
  'C is called and comes back: what it destroys is saved': callingBack(),
  'C is called and comes back: ar.ccv is not saved': callingBack()
    .replace('\tmov r8=ar.ccv\n', '')
    .replace('\tmov loc2=r8\n', '')
    .replace('\tmov ar.ccv=loc2\n', '')
    .replace('b0=c_function', 'b0=c_function	// ERROR PV025'),
  'C is called and comes back: b6 is not saved': callingBack()
    .replace('\tmov loc6=b6\n', '')
    .replace('\tmov b6=loc6\n', '')
    .replace('b0=c_function', 'b0=c_function	// ERROR PV025'),
};
