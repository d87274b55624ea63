/** What the oracle's instructions read and write, and how gas spells them. From the manual (Intel SDM, volume 3). */
import { handlerOf } from './agreements.ts';
import type { Instruction, Operand, Register } from './program.ts';

const PREDICATES = Array.from({ length: 64 }, (_, at) => `p${at}`);

const BRANCHES = new Set([
  ...['br', 'br.reg', 'br.call', 'br.call.reg', 'br.ret', 'br.cloop', 'chk.s', 'chk.a', 'rfi'],
  ...['br.ctop', 'br.cexit', 'br.wtop', 'br.wexit'],
]);

const LOOPS = /^br\.[cw](top|exit)$/;
/** Of a modulo-scheduled loop: it renames the registers that rotate. */
export const isRotating = ({ op }: Instruction): boolean => LOOPS.test(op);

export const isBranch = ({ op }: Instruction): boolean => BRANCHES.has(op);

/** Operations that a hypervisor must see. */
const SITES = new Set([
  'to-cr',
  'from-cr',
  'thash',
  'ttag',
  'tpa',
  'itc',
  'ssm',
  'rsm',
  'from-psr',
  'to-psr',
  'cover',
  'bsw',
  'rfi',
  'from-itc',
  'to-kr',
  'from-rr',
  'ptc',
]);

export const isSite = ({ op }: Instruction): boolean => SITES.has(op);

const isRegister = (operand: Operand): operand is Register => typeof operand === 'string' && !operand.includes(':');

export function predicatesOfMask(mask: bigint): Register[] {
  return PREDICATES.filter((_, at) => at > 0 && ((mask >> BigInt(Math.min(at, 16))) & 1n) === 1n);
}

export function readsOf(instruction: Instruction): Register[] {
  const { op, under, from, to, how = '' } = instruction;
  const reads = from.filter(isRegister);
  if (under !== undefined) reads.push(under);
  if (op === 'from-pr') reads.push(...PREDICATES);
  if (op === 'br.cloop') reads.push('ar.lc');
  if (isRotating(instruction)) reads.push('ar.lc', 'ar.ec');
  if (op === 'cmpxchg8') reads.push('ar.ccv');
  // A hit in the ALAT leaves the register as it is.
  if (op === 'ld8.c') reads.push(...to);
  if (op === 'br.ret' || op === 'alloc') reads.push('ar.pfs');
  if (op === 'ltoff') reads.push('r1');
  // The parallel types leave a predicate as it is, or not.
  if (/\.(and|or)/.test(how)) reads.push(...to);
  return reads;
}

export function writesOf(instruction: Instruction): Register[] {
  const { op, to, from } = instruction;
  const writes = [...to];
  if (isRotating(instruction)) writes.push('ar.lc', 'ar.ec', 'p63');
  if (op === 'to-pr') writes.push(...predicatesOfMask(from[1] as bigint));
  if (op === 'pr.rot') writes.push(...PREDICATES.slice(16));
  if (op === 'br.call' || op === 'br.call.reg') writes.push('ar.pfs');
  if (op === 'br.cloop') writes.push('ar.lc');
  // What its handler leaves there.
  if (op === 'break') writes.push(...(handlerOf(from[0] as bigint)?.changes ?? []));
  return writes.filter((register) => register !== 'p0' && register !== 'r0');
}

/** Where it must stand in its instruction group. */
export function position(instruction: Instruction): 'first' | 'last' | 'alone' | 'any' {
  const { op } = instruction;
  if (op === 'alloc') return 'first';
  if (isRotating(instruction)) return 'alone';
  if (['bsw', 'cover', 'rfi', 'itc', 'ptc'].includes(op)) return 'alone';
  if (['srlz', 'ssm', 'rsm', 'to-psr', 'break', 'clrrrb', 'clrrrb.pr'].includes(op)) return 'alone';
  return op.startsWith('br') ? 'last' : 'any';
}

type Spell = (to: readonly string[], from: readonly string[], how: string) => string;

const SPELLINGS: Readonly<Record<string, Spell>> = {
  mov: ([d], [s]) => `mov ${d}=${s}`,
  movl: ([d], [s]) => `movl ${d}=${s}`,
  ltoff: ([d], [s]) => `addl ${d}=@ltoff(${s}),r1`,
  add: ([d], [a, b]) => `add ${d}=${a},${b}`,
  sub: ([d], [a, b]) => `sub ${d}=${a},${b}`,
  xor: ([d], [a, b]) => `xor ${d}=${a},${b}`,
  and: ([d], [a, b]) => `and ${d}=${a},${b}`,
  adds: ([d], [a, b]) => `adds ${d}=${a},${b}`,
  ld8: ([d], [a]) => `ld8 ${d}=[${a}]`,
  'ld8.s': ([d], [a]) => `ld8.s ${d}=[${a}]`,
  'ld8.inc': ([d], [a]) => `ld8 ${d}=[${a}],8`,
  'st8.inc': (_, [a, v]) => `st8 [${a}]=${v},8`,
  'st8.spill': (_, [a, v]) => `st8.spill [${a}]=${v}`,
  'ld8.fill': ([d], [a]) => `ld8.fill ${d}=[${a}]`,
  'ld8.a': ([d], [a]) => `ld8.a ${d}=[${a}]`,
  'ld8.c': ([d], [a], how) => `ld8.c.${how} ${d}=[${a}]`,
  'chk.a': (_, [register, label], how) => `chk.a.${how} ${register},${label}`,
  xchg8: ([d], [a, v]) => `xchg8 ${d}=[${a}],${v}`,
  cmpxchg8: ([d], [a, v]) => `cmpxchg8.acq ${d}=[${a}],${v},ar.ccv`,
  fetchadd8: ([d], [a]) => `fetchadd8.rel ${d}=[${a}],1`,
  'from-ip': ([d]) => `mov ${d}=ip`,
  // The distance of two labels: an operand holds both.
  distance: ([d], [labels, s]) => `adds ${d}=${labels},${s}`,
  'to-psr': (_, [s]) => `mov psr.l=${s}`,
  clrrrb: () => 'clrrrb',
  'clrrrb.pr': () => 'clrrrb.pr',
  frcpa: ([d, p], [a, b]) => `frcpa.s0 ${d},${p}=${a},${b}`,
  st8: (_, [a, v]) => `st8 [${a}]=${v}`,
  cmp: ([p, q], [a, b], how) => `cmp.${how} ${p},${q}=${a},${b}`,
  cmp4: ([p, q], [a, b], how) => `cmp4.${how} ${p},${q}=${a},${b}`,
  tbit: ([p, q], [a, b], how) => `tbit.${how} ${p},${q}=${a},${b}`,
  tnat: ([p, q], [a], how) => `tnat.${how} ${p},${q}=${a}`,
  tf: ([p, q], [a], how) => `tf.${how} ${p},${q}=${a}`,
  fcmp: ([p, q], [a, b], how) => `fcmp.${how} ${p},${q}=${a},${b}`,
  fclass: ([p, q], [a], how) => `fclass.m${how} ${p},${q}=${a},@nat|@pos`,
  'fclass.neg': ([p, q], [a], how) => `fclass.m${how} ${p},${q}=${a},@neg`,
  setf: ([d], [s]) => `setf.sig ${d}=${s}`,
  getf: ([d], [s]) => `getf.sig ${d}=${s}`,
  'to-br': ([d], [s]) => `mov ${d}=${s}`,
  'from-br': ([d], [s]) => `mov ${d}=${s}`,
  'to-ar': ([d], [s]) => `mov ${d}=${s}`,
  'from-ar': ([d], [s]) => `mov ${d}=${s}`,
  'from-pr': ([d]) => `mov ${d}=pr`,
  'to-pr': (_, [s, mask]) => `mov pr=${s},${mask}`,
  'pr.rot': (_, [value]) => `mov pr.rot=${value}`,
  'to-cr': ([d], [s]) => `mov ${d}=${s}`,
  'from-cr': ([d], [s]) => `mov ${d}=${s}`,
  'to-kr': ([d], [s]) => `mov ${d}=${s}`,
  'from-itc': ([d]) => `mov ${d}=ar.itc`,
  'from-rr': ([d], [s]) => `mov ${d}=rr[${s}]`,
  'from-psr': ([d]) => `mov ${d}=psr`,
  thash: ([d], [s]) => `thash ${d}=${s}`,
  ttag: ([d], [s]) => `ttag ${d}=${s}`,
  tpa: ([d], [s]) => `tpa ${d}=${s}`,
  itc: (_, [s], how) => `itc.${how} ${s}`,
  ptc: (_, [a, b]) => `ptc.ga ${a},${b}`,
  ssm: (_, _from, how) => `ssm ${how}`,
  rsm: (_, _from, how) => `rsm ${how}`,
  srlz: (_, _from, how) => `srlz.${how}`,
  cover: () => 'cover',
  bsw: (_, _from, how) => `bsw.${how}`,
  rfi: () => 'rfi',
  break: (_, [immediate]) => `break ${immediate}`,
  alloc: ([d], [i, l, o, r]) => `alloc ${d}=ar.pfs,${i},${l},${o},${r ?? 0}`,
  br: (_, [label], how) => `br${how} ${label}`,
  'br.reg': (_, [register], how) => `br${how} ${register}`,
  'br.call': ([b], [label]) => `br.call.sptk.many ${b}=${label}`,
  'br.call.reg': ([b], [register]) => `br.call.sptk.many ${b}=${register}`,
  'br.ret': (_, [register]) => `br.ret.sptk.many ${register}`,
  'br.cloop': (_, [label]) => `br.cloop.sptk.few ${label}`,
  'br.ctop': (_, [label]) => `br.ctop.sptk.few ${label}`,
  'br.cexit': (_, [label]) => `br.cexit.spnt.few ${label}`,
  'br.wtop': (_, [label]) => `br.wtop.sptk.few ${label}`,
  'br.wexit': (_, [label]) => `br.wexit.spnt.few ${label}`,
  'chk.s': (_, [register, label]) => `chk.s ${register},${label}`,
};

/** @param name how a register is written at this place */
export function spell(instruction: Instruction, name: (register: Register) => string): string {
  const write = (operand: Operand): string => {
    if (typeof operand === 'bigint')
      return operand < 0n ? `${operand}` : operand > 9n ? `0x${operand.toString(16)}` : `${operand}`;
    return operand.includes(':') ? operand.slice(operand.indexOf(':') + 1) : name(operand);
  };
  const under = instruction.under === undefined ? '' : `(${name(instruction.under)}) `;
  return `${under}${SPELLINGS[instruction.op]!(instruction.to.map(name), instruction.from.map(write), instruction.how ?? '')}`;
}
