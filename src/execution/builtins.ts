/**
 * The functions of the notation whose values depend on the machine's state. Their names are those in grammar/semantics.tsv, which
 * cites the manual's section of each.
 */
import { registerFor } from '../machine/purposes.ts';
import { FROM_WORD, loadFloat, loadOfPair, SIZES, TO_WORD } from './floating.ts';
import { FUNCTIONS } from './functions.ts';
import type { Machine } from './machine.ts';
import { hex } from './memory.ts';
import { PSR } from './psr.ts';
import { NAT, UNDEFINED_VALUE } from './register-file.ts';
import { Fault } from './signals.ts';

/** `machine.marksRead` has the marks of the arguments, and on return those of the result. */
export type BuiltinFunction = (machine: Machine, args: readonly bigint[]) => bigint;

const LOW64 = (1n << 64n) - 1n;
const IVR = registerFor('interrupt-vector').number;
const PTA = registerFor('page-table').number;
/** The bits that `mov r=psr` reads: psr{31:0}, mc and it (SDM vol. 3, mov psr). */
const SHOWN = 0xffffffffn | (3n << 35n);
export const USER_MASK = 0x3en;
/** Indirect register files that are only stored: no other part of the machine depends on their values. */
export const FILES = ['dbr', 'ibr', 'pkr', 'pmc', 'pmd', 'msr', 'dahr'];

/** The page size field of cr.itir or of a region register, as a power of two. */
export const pageSize = (value: bigint): bigint => (value >> 2n) & 63n;

/** The value of such a register: what was written, else an arbitrary function of the index. */
function fromFile(file: string): BuiltinFunction {
  return (machine, [index]) => {
    const kept = machine.files.get(`${file}[${index}]`);
    return kept ?? machine.world.value(machine.world.hashOf(index!, file.length * 977 + file.charCodeAt(0)));
  };
}

/** Builtins for functions of one word, their names prefixed. */
function byName(
  before: string,
  functions: Readonly<Record<string, (word: bigint) => bigint>>,
): Record<string, BuiltinFunction> {
  return Object.fromEntries(
    Object.entries(functions).map(([name, of]): [string, BuiltinFunction] => [before + name, (_, [word]) => of(word!)]),
  );
}

function probe(access: number): BuiltinFunction {
  return (machine, [address, level]) => {
    if ((machine.readPsr() & PSR.dt) !== 0n) machine.needTranslation(address!);
    return machine.world.isAllowed(address!, access, Number(level! & 3n)) ? 1n : 0n;
  };
}

export const BUILTINS: Readonly<Record<string, BuiltinFunction>> = {
  /** A word of memory as the hypervisor reads it, which does not depend on the guest's byte order (psr.be). */
  word: (machine, [address]) => machine.memory.word(address! & ~7n),
  load: (machine, [address, size]) => machine.load(address!, Number(size)),
  /** A speculative load: a fault is deferred, and the result is a NaT. */
  load_speculative: (machine, [address, size]) => {
    if ((machine.marksRead & NAT) !== 0) return 0n;
    try {
      return machine.load(address!, Number(size));
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      machine.marksRead |= NAT;
      return 0n;
    }
  },
  load_fill: (machine, [address]) => {
    const value = machine.load(address!, 8);
    const nat = machine.unatBit(address!);
    if (nat) machine.marksRead |= NAT;
    return value;
  },
  load16: (machine, [address]) => {
    if ((address! & 15n) !== 0n) throw new Fault('Unaligned Reference', hex(address!));
    return machine.load(address!, 8) | (machine.load(address! + 8n, 8) << 64n);
  },
  exchange: (machine, [address, size, value]) => {
    const old = machine.load(address!, Number(size));
    machine.store(address!, Number(size), value! & ((1n << (size! * 8n)) - 1n));
    return old;
  },
  exchange_if: (machine, [address, size, value, expected]) => {
    const old = machine.load(address!, Number(size));
    if (old === expected!) machine.store(address!, Number(size), value! & ((1n << (size! * 8n)) - 1n));
    return old;
  },
  fetch_add: (machine, [address, size, value]) => {
    const old = machine.load(address!, Number(size));
    machine.store(address!, Number(size), (old + value!) & ((1n << (size! * 8n)) - 1n));
    return old;
  },
  /** Whether the argument is a NaT. */
  nat: (machine) => {
    const nat = (machine.marksRead & NAT) !== 0;
    machine.marksRead &= ~NAT;
    return nat ? 1n : 0n;
  },
  low: (_, [value]) => value! & LOW64,
  ...byName('float_', FROM_WORD),
  ...byName('bits_', TO_WORD),
  ...Object.fromEntries(
    Object.keys(SIZES).flatMap((letter): [string, BuiltinFunction][] => [
      [`load_float_${letter}`, (machine, [address]) => loadFloat(machine, address!, letter)],
      [`load_pair_${letter}`, (machine, [address, which]) => loadOfPair(machine, address!, letter, which!)],
    ]),
  ),
  unknown: (machine) => {
    machine.marksRead |= UNDEFINED_VALUE;
    return 0n;
  },
  psr_shown: (machine) => machine.readPsr() & SHOWN,
  psr_user: (machine) => machine.readPsr() & USER_MASK,
  /** The processor's interval time counter. */
  now: (machine) => machine.count(),
  interrupt_vector: (machine) => {
    machine.events.push('interrupt taken into service');
    return machine.control(IVR);
  },
  rr: (machine, [index]) => machine.region(index!),
  cpuid: fromFile('cpuid'),
  ...Object.fromEntries(FILES.map((file) => [file, fromFile(file)])),
  hash: (machine, [address]) => {
    const pta = machine.control(PTA);
    const rr = machine.region(address!);
    const table = (pta & 0x100n) === 0n ? 'hash_short' : 'hash_long';
    return FUNCTIONS[table]!(address!, pageSize(rr), pta, (rr >> 8n) & 0xffffffn);
  },
  tag: (machine, [address]) => {
    const rr = machine.region(address!);
    return ((address! & ((1n << 61n) - 1n)) >> pageSize(rr)) ^ (((rr >> 8n) & 0xffffffn) << 39n);
  },
  /** The physical address of a virtual one; regions 6 and 7 map physical memory. */
  translate: (machine, [address]) => {
    machine.needTranslation(address!);
    return address! & ((1n << 61n) - 1n);
  },
  /** The protection key of the page. */
  protection_key: (machine, [address]) => {
    if (!machine.isTranslated(address!)) return 1n;
    return BigInt(machine.world.hashOf(address! >> 14n, 0x6b) & 0xffffff) << 8n;
  },
  'probe.r': probe(0),
  'probe.w': probe(1),
  'probe.rw': probe(2),
};
