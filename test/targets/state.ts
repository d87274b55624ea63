/** What a guest kernel can see of a machine, the native one or Xen's virtual one, as far as bodies touch it. */

/** A general register: 64 bits and a NaT bit. */
export interface Value {
  readonly bits: bigint;
  readonly nat: boolean;
}

export const PSR = {
  be: 1n << 1n,
  ac: 1n << 3n,
  mfl: 1n << 4n,
  mfh: 1n << 5n,
  ic: 1n << 13n,
  i: 1n << 14n,
  dt: 1n << 17n,
} as const;
/** Set and cleared by sum and rum at any privilege level. */
export const USER_MASK = PSR.be | PSR.ac | PSR.mfl | PSR.mfh;
/** What `mov r=psr` shows: psr{31:0}, mc and it. */
export const SHOWN_PSR = 0xffffffffn | (3n << 35n);

export const INTERRUPTION_REGISTERS = ['ipsr', 'isr', 'iip', 'ifa', 'itir', 'iipa', 'ifs', 'iim', 'iha'] as const;
/** Control registers that are compared always. */
export const OTHER_REGISTERS = ['dcr', 'pta', 'itv', 'pmv', 'cmcv', 'tpr'] as const;

/** The virtual machine, the same for both sides: what must agree before and after. */
export interface Guest {
  /** r0-r15 and r32-r127; r16-r31 are in the banks. */
  readonly general: Value[];
  readonly banks: [Value[], Value[]];
  readonly predicates: boolean[];
  readonly branches: bigint[];
  unat: bigint;
  readonly kernel: bigint[];
  eflag: bigint;
  /** Virtual psr, without bn. */
  psr: bigint;
  /** psr.bn: the bank that r16-r31 name. */
  bank: 0 | 1;
  cfm: bigint;
  readonly control: Map<string, bigint>;
  readonly regions: bigint[];
  /** The guest's time: ar.itc counts from the machine's time plus this. */
  timeOffset: bigint;
  /** The guest's cr.itm. */
  timer: bigint;
  /** An interrupt (Xen: an event) waits to be delivered. */
  pending: boolean;
  /** What the outside saw, in order: TLB inserts and purges, deliveries, ends of interrupts ... */
  readonly log: string[];
  /** `rfi` was executed: nothing behind it is. */
  halted: boolean;
}

/** Small, fast, seeded: the same numbers for the same seed. */
export function randomSource(seed: number): () => bigint {
  let state = BigInt.asUintN(64, BigInt(seed) * 0x9e3779b97f4a7c15n + 0x2545f4914f6cdd1dn);
  return () => {
    state ^= BigInt.asUintN(64, state << 13n);
    state ^= state >> 7n;
    state ^= BigInt.asUintN(64, state << 17n);
    return state;
  };
}

/** A guest with random contents. `set` and `clear` fix bits of its psr. */
export function randomGuest(seed: number, set: bigint, clear: bigint): Guest {
  const next = randomSource(seed);
  const bit = (): boolean => ((next() >> 20n) & 1n) === 1n;
  const value = (): Value => ({ bits: next(), nat: ((next() >> 20n) & 7n) === 0n });
  const general = Array.from({ length: 128 }, value);
  general[0] = { bits: 0n, nat: false };
  const predicates = Array.from({ length: 64 }, bit);
  predicates[0] = true;
  const control = new Map<string, bigint>();
  for (const name of [...INTERRUPTION_REGISTERS, ...OTHER_REGISTERS, 'ivr']) control.set(name, next());
  const psr = ((next() & SHOWN_PSR) | set) & ~clear;
  return {
    general,
    banks: [Array.from({ length: 16 }, value), Array.from({ length: 16 }, value)],
    predicates,
    branches: Array.from({ length: 8 }, next),
    unat: next(),
    kernel: Array.from({ length: 8 }, next),
    eflag: next(),
    psr,
    bank: bit() ? 1 : 0,
    cfm: next() & ((1n << 38n) - 1n),
    control,
    regions: Array.from({ length: 8 }, next),
    timeOffset: next(),
    timer: next(),
    // With psr.i and psr.ic on it would have been delivered long ago.
    pending: (psr & PSR.i) === 0n && bit(),
    log: [],
    halted: false,
  };
}

export function copyGuest(guest: Guest): Guest {
  return {
    ...guest,
    general: [...guest.general],
    banks: [[...guest.banks[0]], [...guest.banks[1]]],
    predicates: [...guest.predicates],
    branches: [...guest.branches],
    kernel: [...guest.kernel],
    control: new Map(guest.control),
    regions: [...guest.regions],
    log: [...guest.log],
  };
}

/** What may differ after an operation. */
export interface Ignored {
  /** Scratch registers: `r14`, `p6`. */
  readonly registers: ReadonlySet<string>;
  /** Banks whose contents are nobody's. */
  readonly banks: readonly (0 | 1)[];
}

const show = ({ bits, nat }: Value): string => (nat ? `${bits.toString(16)} NaT` : bits.toString(16));

/** The first differences between two guests, in words; empty when they agree. */
export function differences(native: Guest, other: Guest, ignored: Ignored): string[] {
  const found: string[] = [];
  const compare = (name: string, left: unknown, right: unknown): void => {
    if (left !== right) found.push(`${name}: native ${left}, here ${right}`);
  };
  for (let number = 0; number < 128; number++) {
    const name = `r${number}`;
    if ((number >= 16 && number < 32) || ignored.registers.has(name)) continue;
    compare(name, show(native.general[number]!), show(other.general[number]!));
  }
  for (const bank of [0, 1] as const) {
    if (ignored.banks.includes(bank)) continue;
    for (let number = 0; number < 16; number++) {
      // A scratch register is one of the bank that is current.
      if (bank === native.bank && ignored.registers.has(`r${number + 16}`)) continue;
      compare(`r${number + 16} of bank ${bank}`, show(native.banks[bank][number]!), show(other.banks[bank][number]!));
    }
  }
  for (let number = 0; number < 64; number++) {
    if (!ignored.registers.has(`p${number}`))
      compare(`p${number}`, native.predicates[number], other.predicates[number]);
  }
  for (let number = 0; number < 8; number++) {
    compare(`b${number}`, native.branches[number], other.branches[number]);
    compare(`ar.k${number}`, native.kernel[number], other.kernel[number]);
    compare(`rr${number}`, native.regions[number], other.regions[number]);
  }
  compare('ar.unat', native.unat, other.unat);
  compare('ar.eflag', native.eflag, other.eflag);
  compare('psr', native.psr.toString(16), other.psr.toString(16));
  compare('psr.bn', native.bank, other.bank);
  compare('cfm', native.cfm, other.cfm);
  // With psr.ic=1 the interruption registers cannot be read, and the next interruption overwrites them.
  if ((native.psr & PSR.ic) === 0n)
    for (const name of INTERRUPTION_REGISTERS) compare(`cr.${name}`, native.control.get(name), other.control.get(name));
  for (const name of OTHER_REGISTERS) compare(`cr.${name}`, native.control.get(name), other.control.get(name));
  compare('time', native.timeOffset, other.timeOffset);
  compare('cr.itm', native.timer, other.timer);
  compare('an interrupt waits', native.pending, other.pending);
  compare('log', native.log.join('; '), other.log.join('; '));
  compare('rfi', native.halted, other.halted);
  return found;
}
