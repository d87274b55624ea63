/**
 * A guest on Xen 4.1: its virtual state is spread over real registers, the shared page and Xen's own memory, and `break`
 * asks Xen for something. Written from the public ABI (arch-ia64.h) and from what Xen's hyperprivop.S and vcpu.c do; the
 * offsets are spelled again here, not taken from xen.S, which is what is being tested.
 */
import { type Access, BadBody, type Host, NatConsumption, touchUnat } from './model.ts';
import { CFM_VALID, type Clock, insertion, lookup, returnFrom } from './native-host.ts';
import {
  copyGuest,
  type Guest,
  INTERRUPTION_REGISTERS,
  OTHER_REGISTERS,
  PSR,
  SHOWN_PSR,
  USER_MASK,
  type Value,
} from './state.ts';

const PAGE = 0xfffffffffff04000n;
/** The vcpu's byte pair in the shared info page: pending, mask. Any place will do. */
const VCPU_INFO = 0xfffffffffff00240n;

/** Offsets in struct mapped_regs. */
const FIELDS: Readonly<Record<string, number>> = {
  ...{ bank1: 0x400, vnat: 0x500, dcr: 0x800, pta: 0x840 },
  ...{ ipsr: 0x880, isr: 0x888, iip: 0x898, ifa: 0x8a0, itir: 0x8a8, iipa: 0x8b0, ifs: 0x8b8, iim: 0x8c0, iha: 0x8c8 },
  ...{ tpr: 0xa10, itv: 0xa40, pmv: 0xa48, cmcv: 0xa50, precoverIfs: 0xc00 },
  ...{ psrIc: 0xc10, maskAddress: 0xc18, bankNumber: 0xc4c, itcOffset: 0xd50, itcLast: 0xd58 },
};

/** Fields that are not 8 bytes long. */
const SIZES: Readonly<Record<string, number>> = { bank1: 128, psrIc: 4, bankNumber: 4 };

/** Where an address is in the memory of the model: the page, and behind it the 16 bytes around the vcpu's pair; or -1. */
function placeOf(at: bigint): number {
  if (at >= PAGE && at < PAGE + 0x1000n) return Number(at - PAGE);
  if (at >= VCPU_INFO - 8n && at < VCPU_INFO + 8n) return 0x1000 + Number(at - VCPU_INFO) + 8;
  return -1;
}

/** 1 for the bytes that say something about the guest. */
const MEANINGFUL = new Uint8Array(0x1010);
for (const [field, offset] of Object.entries(FIELDS)) MEANINGFUL.fill(1, offset, offset + (SIZES[field] ?? 8));
MEANINGFUL.fill(1, placeOf(VCPU_INFO), placeOf(VCPU_INFO) + 2);

function randomBytes(seed: number): Uint8Array {
  const bytes = new Uint8Array(0x1010);
  let state = seed;
  for (let place = 0; place < bytes.length; place++) {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    bytes[place] = state >>> 24;
  }
  return bytes;
}

const ONLY_IN_XEN = PSR.dt | (SHOWN_PSR & ~(USER_MASK | PSR.ic | PSR.i | PSR.dt));

export interface XenMachine {
  readonly host: Host;
  /** The guest as it would see itself: everything put together again. */
  view(): Guest;
  /** Bytes of the page that changed although they say nothing about what a guest sees, in words. */
  strayWrites(): string[];
  /** The last time that was read. */
  lastTime(): bigint;
}

/** Puts a guest onto Xen. Bytes of the page that say nothing about it are random. */
export function xenMachine(virtual: Guest, clock: Clock, seed: number): XenMachine {
  const memory = randomBytes(seed + 1);
  // Real registers, and what Xen keeps to itself. The current bank is in the real one.
  const guest = copyGuest(virtual);
  let userMask = virtual.psr & USER_MASK;
  const real = guest.banks[virtual.bank];

  const address = (field: string, index = 0): bigint => PAGE + BigInt(FIELDS[field]! + 8 * index);
  const peek = (at: bigint, size: number): bigint => {
    const from = placeOf(at);
    let value = 0n;
    for (let byte = size - 1; byte >= 0; byte--) value = (value << 8n) | BigInt(memory[from + byte]!);
    return value;
  };
  const poke = (at: bigint, size: number, value: bigint): void => {
    const from = placeOf(at);
    for (let byte = 0; byte < size; byte++) memory[from + byte] = Number((value >> BigInt(8 * byte)) & 0xffn);
  };
  for (const name of [...INTERRUPTION_REGISTERS, ...OTHER_REGISTERS])
    poke(address(name), 8, virtual.control.get(name)!);
  poke(address('maskAddress'), 8, VCPU_INFO + 1n);
  poke(VCPU_INFO, 1, virtual.pending ? 1n : 0n);
  poke(VCPU_INFO + 1n, 1, (virtual.psr & PSR.i) === 0n ? 1n : 0n);
  poke(address('psrIc'), 4, (virtual.psr & PSR.ic) === 0n ? 0n : 1n);
  poke(address('bankNumber'), 4, BigInt(virtual.bank));
  poke(address('itcOffset'), 8, virtual.timeOffset);
  poke(address('itcLast'), 8, clock.last);
  if (virtual.bank === 0) storeBank(virtual.banks[1]);

  function storeBank(bank: readonly Value[]): void {
    let nats = 0n;
    for (const [index, { bits, nat }] of bank.entries()) {
      poke(address('bank1', index), 8, bits);
      if (nat) nats |= 1n << ((address('bank1', index) >> 3n) & 63n);
    }
    poke(address('vnat'), 8, nats);
  }

  const original = memory.slice();

  function strayWrites(): string[] {
    const stray: string[] = [];
    for (let place = 0; place < memory.length; place++) {
      if (memory[place] !== original[place] && MEANINGFUL[place] === 0)
        stray.push(`wrote byte ${place.toString(16)} of the page`);
    }
    return stray;
  }

  /** Xen reads the word as a number and the byte as a truth: anything but 0 and 1 there is a bug waiting. */
  function flag(value: bigint, what: string): bigint {
    if (value > 1n) throw new BadBody(`${what} is ${value}`);
    return value;
  }

  function view(): Guest {
    const seen = copyGuest(guest);
    for (const name of [...INTERRUPTION_REGISTERS, ...OTHER_REGISTERS]) seen.control.set(name, peek(address(name), 8));
    const ic = flag(peek(address('psrIc'), 4), 'interrupt_collection_enabled');
    const masked = flag(peek(VCPU_INFO + 1n, 1), 'evtchn_upcall_mask');
    seen.psr = (guest.psr & ONLY_IN_XEN) | userMask | (ic === 1n ? PSR.ic : 0n) | (masked === 0n ? PSR.i : 0n);
    seen.pending = flag(peek(VCPU_INFO, 1), 'evtchn_upcall_pending') === 1n;
    seen.bank = flag(peek(address('bankNumber'), 4), 'banknum') === 1n ? 1 : 0;
    seen.timeOffset = peek(address('itcOffset'), 8);
    const other = Array.from({ length: 16 }, (_, index): Value => {
      const bit = (address('bank1', index) >> 3n) & 63n;
      return { bits: peek(address('bank1', index), 8), nat: ((peek(address('vnat'), 8) >> bit) & 1n) === 1n };
    });
    seen.banks[0] = [...real];
    seen.banks[1] = seen.bank === 1 ? [...real] : other;
    return seen;
  }

  function checkAddress(at: bigint, size: number): void {
    if (at % BigInt(size) !== 0n) throw new BadBody(`unaligned access to ${at.toString(16)}`);
    if (placeOf(at) < 0) throw new BadBody(`${at.toString(16)} is not mapped`);
  }
  const reversed = (value: bigint, size: number): bigint => {
    let result = 0n;
    for (let byte = 0; byte < size; byte++) result = (result << 8n) | ((value >> BigInt(8 * byte)) & 0xffn);
    return result;
  };
  const ordered = (value: bigint, size: number): bigint => ((userMask & PSR.be) === 0n ? value : reversed(value, size));

  const host: Host = {
    guest,
    bank: () => virtual.bank,
    readMemory(at, size) {
      checkAddress(at, size);
      return ordered(peek(at, size), size);
    },
    writeMemory(at, size, value) {
      checkAddress(at, size);
      poke(at, size, ordered(value, size));
    },
    execute(mnemonic, outputs, inputs, access) {
      const [out = ''] = outputs;
      const [first = ''] = inputs;
      if (mnemonic === 'break.m' || mnemonic === 'break.i') return hyperprivop(Number(first), access);
      if (mnemonic === 'sum' || mnemonic === 'rum') {
        if ((BigInt(first) & ~USER_MASK) !== 0n) throw new BadBody(`${mnemonic} ${first} is not the user mask`);
        access.touch('psr.um', true);
        userMask = mnemonic === 'sum' ? userMask | BigInt(first) : userMask & ~BigInt(first);
        return true;
      }
      if (mnemonic === 'ssm' || mnemonic === 'rsm') return trapPsr(mnemonic, BigInt(first));
      if (mnemonic === 'mov') return moveUnprivileged(out, first, access);
      return false;
    },
  };

  /** What runs natively at the guest's privilege level. */
  function moveUnprivileged(out: string, first: string, access: Access): boolean {
    if (first === 'ar.itc') access.write(out, clock.now);
    else if (/^ar\.k[0-7]$/.test(first)) access.write(out, guest.kernel[Number(first.slice(4))]!);
    else if (first === 'ar.unat') {
      touchUnat(access, false);
      access.write(out, guest.unat);
    } else if (out === 'ar.unat') {
      touchUnat(access, true);
      guest.unat = access.read(first);
    } else return false;
    return true;
  }

  /** The emulation of ssm and rsm: bits that Xen does not emulate are an illegal operation. */
  function trapPsr(mnemonic: string, mask: bigint): boolean {
    const emulated = (1n << 2n) | (1n << 15n) | (1n << 17n) | (1n << 18n) | (1n << 19n) | (1n << 20n) | (1n << 21n);
    if ((mask & ~emulated) !== 0n)
      throw new BadBody(`${mnemonic} ${mask.toString(16)} is no trap that Xen emulates, or needs none`);
    guest.psr = mnemonic === 'ssm' ? guest.psr | mask : guest.psr & ~mask;
    return true;
  }

  /** r8-r11 as Xen takes them: a dependency as any other. */
  function argument(access: Access, name: string): bigint {
    try {
      return access.read(name);
    } catch (error) {
      if (error instanceof NatConsumption) throw new NatConsumption(`Xen is given a NaT in ${name}`);
      throw error;
    }
  }

  function hyperprivop(number: number, access: Access): boolean {
    const r8 = (): bigint => argument(access, 'r8');
    const r9 = (): bigint => argument(access, 'r9');
    const answer = (value: bigint): void => access.write('r8', value);
    // Xen looks at the page itself: what it finds there is what counts.
    const seen = view();
    switch (number) {
      case 0x1:
        guest.log.push(returnFrom(seen));
        guest.halted = true;
        break;
      case 0x2:
        guest.psr &= ~PSR.dt;
        break;
      case 0x3:
        guest.psr |= PSR.dt;
        break;
      case 0x4:
        poke(address('ifs'), 8, CFM_VALID | guest.cfm);
        guest.cfm = 0n;
        break;
      case 0x5:
      case 0x6:
        guest.log.push(insertion(seen, number === 0x5 ? 'itc.d' : 'itc.i', r8()));
        break;
      case 0x7:
        // Delivers without looking: the guest has looked.
        guest.log.push('interrupt');
        poke(VCPU_INFO, 1, 0n);
        break;
      case 0x8:
        guest.log.push('interrupt taken into service');
        answer(virtual.control.get('ivr')!);
        break;
      case 0x9:
        answer(peek(address('tpr'), 8));
        break;
      case 0xa:
        poke(address('tpr'), 8, r8());
        break;
      case 0xb:
        guest.log.push('end of interrupt');
        break;
      case 0xc:
        guest.timer = BigInt.asUintN(64, r8() + peek(address('itcOffset'), 8));
        break;
      case 0xd:
        answer(lookup('thash', r8()));
        break;
      case 0xe:
        guest.log.push(`ptc.ga ${r8()} ${r9()}`);
        break;
      case 0xf:
        guest.log.push(insertion(seen, `itr.d ${r8()}`, r9()));
        break;
      case 0x10:
        answer(guest.regions[Number(r8() >> 61n)]!);
        break;
      case 0x11:
        guest.regions[Number(r8() >> 61n)] = r9();
        break;
      case 0x12:
        setKernelRegister(r8(), r9(), access);
        break;
      case 0x13:
        guest.log.push(`fc ${r8()}`);
        break;
      case 0x14:
        answer(lookup('cpuid', r8()));
        break;
      case 0x15:
        answer(lookup('pmd', r8()));
        break;
      case 0x16:
        answer(guest.eflag);
        break;
      case 0x17:
        guest.eflag = r8();
        break;
      case 0x19:
        answer(seen.psr & SHOWN_PSR);
        break;
      default:
        return false;
    }
    return true;
  }

  /** The fast path counts r8 down to find the register: it comes back destroyed. */
  function setKernelRegister(number: bigint, value: bigint, access: Access): void {
    if (number > 7n) throw new BadBody(`there is no ar.k${number}`);
    guest.kernel[Number(number)] = value;
    access.write('r8', number - 9n);
  }

  return { host, view, strayWrites, lastTime: () => peek(address('itcLast'), 8) };
}
