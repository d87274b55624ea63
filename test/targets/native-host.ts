/** The machine without a hypervisor: privileged instructions do what the manual says. */
import { type Access, type Host, touchUnat } from './model.ts';
import { type Guest, PSR, SHOWN_PSR } from './state.ts';

/** What a lookup by the hardware gives: any function of its arguments serves, both sides use the same. */
export function lookup(table: string, index: bigint): bigint {
  let hash = 0xcbf29ce484222325n;
  for (const letter of `${table}:${index.toString(16)}`)
    hash = BigInt.asUintN(64, (hash ^ BigInt(letter.charCodeAt(0))) * 0x100000001b3n);
  return hash;
}

export const CFM_VALID = 1n << 63n;

export interface Clock {
  /** The real ar.itc; it stands still for the few cycles of a body. */
  readonly now: bigint;
  /** What the guest read last: time must go up. */
  last: bigint;
}

/** The time that the next read shows. */
export function nextTime(guest: Guest, clock: Clock): bigint {
  const time = BigInt.asUintN(64, clock.now + guest.timeOffset);
  return time > clock.last ? time : BigInt.asUintN(64, clock.last + 1n);
}

/** Delivers a waiting interrupt if psr allows it. */
export function deliver(guest: Guest): void {
  if (!guest.pending || (guest.psr & PSR.i) === 0n || (guest.psr & PSR.ic) === 0n) return;
  guest.pending = false;
  guest.log.push('interrupt');
}

export function nativeHost(guest: Guest, clock: Clock): Host {
  return {
    guest,
    bank: () => guest.bank,
    readMemory() {
      throw new Error('a native instruction reads no memory');
    },
    writeMemory() {
      throw new Error('a native instruction writes no memory');
    },
    execute: (mnemonic, outputs, inputs, access) => executeNative(guest, clock, mnemonic, outputs, inputs, access),
  };
}

const inverse = (mask: bigint): bigint => BigInt.asUintN(64, ~mask);

function executeNative(
  guest: Guest,
  clock: Clock,
  mnemonic: string,
  outputs: readonly string[],
  inputs: readonly string[],
  access: Access,
): boolean {
  const [out = ''] = outputs;
  const [first = '', second = ''] = inputs;
  switch (mnemonic) {
    case 'mov':
      return move(guest, clock, out, first, access);
    case 'srlz.d':
    case 'srlz.i':
      return true;
    case 'ssm':
      guest.psr |= BigInt(first);
      deliver(guest);
      return true;
    case 'rsm':
      guest.psr &= inverse(BigInt(first));
      return true;
    case 'itc.i':
    case 'itc.d':
      guest.log.push(insertion(guest, mnemonic, access.read(first)));
      return true;
    case 'itr.d':
      guest.log.push(insertion(guest, `itr.d ${access.read(indexOf(out, 'dtr'))}`, access.read(first)));
      return true;
    case 'ptc.ga':
      guest.log.push(`ptc.ga ${access.read(first)} ${access.read(second)}`);
      return true;
    case 'fc':
    case 'fc.i':
      guest.log.push(`fc ${access.read(first)}`);
      return true;
    case 'thash':
      access.write(out, lookup('thash', access.read(first)));
      return true;
    case 'cover':
      if ((guest.psr & PSR.ic) === 0n) guest.control.set('ifs', CFM_VALID | guest.cfm);
      guest.cfm = 0n;
      return true;
    case 'bsw.0':
    case 'bsw.1':
      guest.bank = mnemonic === 'bsw.1' ? 1 : 0;
      return true;
    case 'rfi':
      guest.log.push(returnFrom(guest));
      guest.halted = true;
      return true;
    default:
      return false;
  }
}

export function insertion({ control }: Guest, what: string, entry: bigint): string {
  return `${what} ${entry} at ${control.get('ifa')} as ${control.get('itir')}`;
}

export function returnFrom({ control }: Guest): string {
  return `rfi to ${control.get('iip')} with ${control.get('ipsr')} and ${control.get('ifs')}`;
}

function indexOf(operand: string, file: string): string {
  const match = new RegExp(`^${file}\\[(r\\d+)\\]$`).exec(operand);
  if (match === null) throw new Error(`'${operand}' is no ${file}`);
  return match[1]!;
}

const isRegister = (name: string): boolean => /^r\d+$/.test(name);

function move(guest: Guest, clock: Clock, out: string, first: string, access: Access): boolean {
  const index = /\[(r\d+)\]/.exec(isRegister(out) ? first : out)?.[1] ?? '';
  const file = (isRegister(out) ? first : out).replace(/\[.*/, '');
  if (isRegister(out)) {
    const value = readSpecial(guest, clock, file, index, access);
    if (value === null) return false;
    access.write(out, value);
    return true;
  }
  return writeSpecial(guest, clock, file, index, access.read(first), access);
}

function readSpecial(guest: Guest, clock: Clock, name: string, index: string, access: Access): bigint | null {
  if (name === 'psr') return guest.psr & SHOWN_PSR;
  if (name === 'ar.itc') {
    clock.last = nextTime(guest, clock);
    return clock.last;
  }
  if (name === 'ar.unat') {
    touchUnat(access, false);
    return guest.unat;
  }
  if (name === 'ar.eflag') return guest.eflag;
  if (name.startsWith('ar.k')) return guest.kernel[Number(name.slice(4))] ?? null;
  if (name === 'cr.eoi') return 0n;
  if (name === 'cr.ivr') guest.log.push('interrupt taken into service');
  if (name.startsWith('cr.')) return guest.control.get(name.slice(3)) ?? null;
  if (name === 'rr') return guest.regions[Number(access.read(index) >> 61n)]!;
  if (name === 'cpuid' || name === 'pmd') return lookup(name, access.read(index));
  return null;
}

function writeSpecial(guest: Guest, clock: Clock, name: string, index: string, value: bigint, access: Access): boolean {
  if (name === 'ar.itc') {
    guest.timeOffset = BigInt.asUintN(64, value - clock.now);
    clock.last = value;
  } else if (name === 'ar.unat') {
    touchUnat(access, true);
    guest.unat = value;
  } else if (name === 'ar.eflag') guest.eflag = value;
  else if (name.startsWith('ar.k')) guest.kernel[Number(name.slice(4))] = value;
  else if (name === 'cr.eoi') guest.log.push('end of interrupt');
  else if (name === 'cr.itm') guest.timer = value;
  else if (name === 'rr') guest.regions[Number(access.read(index) >> 61n)] = value;
  else if (name.startsWith('cr.') && guest.control.has(name.slice(3))) guest.control.set(name.slice(3), value);
  else return false;
  return true;
}
