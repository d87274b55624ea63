/** Differences that a guest could observe between a run on a processor and one on a hypervisor's machine. */

import type { Machine } from '../execution/machine.ts';
import { hex } from '../execution/memory.ts';
import { PSR } from '../execution/psr.ts';
import { NAT, UNDEFINED_VALUE } from '../execution/register-file.ts';
import { Undefined } from '../execution/signals.ts';
import { nextTime } from '../execution/state.ts';
import { registerFor } from '../machine/purposes.ts';
import { registerByName, registerByNumber } from '../machine/register-table.ts';

export interface Comparison {
  /** Registers that may differ where the listing's own code wrote them last: `r14`, `p6`, `b6`. */
  readonly excused: ReadonlySet<string>;
  /** False: r16-r31 of bank 0 are dead. */
  readonly bank0: boolean;
}

const AR_NAMES = Array.from({ length: 128 }, (_, number) => registerByNumber('ar', number)?.name ?? null);
const CR_NAMES = Array.from({ length: 128 }, (_, number) => registerByNumber('cr', number)?.name ?? null);
const BSP = registerFor('backing-store');
const BSPSTORE = registerFor('backing-store-stores');
const RING = 64;
const RING_MASK = 511;
/**
 * Left out of the comparison are registers that change by themselves or cannot be read back; the pointers of the backing
 * store are compared separately.
 */
const isUnseen = (name: string): boolean =>
  name === BSP.name || name === BSPSTORE.name || ['counter', 'event'].includes(registerByName(name)?.role ?? '');
const UNSEEN = new Set([...AR_NAMES, ...CR_NAMES].filter((name) => name !== null && isUnseen(name)));

/** The differences in words; empty when there are none. `native` and `guest` must have reached the same exit. */
export function differences(native: Machine, guest: Machine, comparison: Comparison): string[] {
  const found: string[] = [];
  readable(found, () => general(native, guest, comparison, found));
  others(native, guest, comparison, found);
  readable(found, () => control(native, guest, found));
  const waiting = new Set(native.unserialized());
  for (const name of guest.unserialized()) if (!waiting.has(name)) found.push(`${name} is not serialized`);
  memory(native, guest, found);
  if (native.events.join() !== guest.events.join())
    found.push(`events: native ${native.events.join('; ') || 'none'}, here ${guest.events.join('; ') || 'none'}`);
  return found;
}

/** A comparison may read state that the hypervisor keeps and that is undefined there: that is a difference too. */
function readable(found: string[], compare: () => void): void {
  try {
    compare();
  } catch (error) {
    if (!(error instanceof Undefined)) throw error;
    found.push(error.message);
  }
}

function marked(value: bigint, marks: number): string {
  if ((marks & UNDEFINED_VALUE) !== 0) return 'what nobody knows';
  return (marks & NAT) !== 0 ? 'a NaT' : hex(value);
}

/** One general register of each machine, by its place in `gr`. */
function register(
  native: Machine,
  guest: Machine,
  name: string,
  at: number,
  here: number,
  comparison: Comparison,
  found: string[],
  label = name,
): void {
  const marks = native.marks[at]!;
  const marksHere = guest.marks[here]!;
  // A register that the source itself leaves undefined may have any value; the bits behind a NaT cannot be observed.
  if ((marks & UNDEFINED_VALUE) !== 0) return;
  if (marks === marksHere && (marks === NAT || native.gr[at] === guest.gr[here])) return;
  if (guest.foreign[here] === 1 && comparison.excused.has(name)) return;
  found.push(`${label}: native ${marked(native.gr[at]!, marks)}, here ${marked(guest.gr[here]!, marksHere)}`);
}

function general(native: Machine, guest: Machine, comparison: Comparison, found: string[]): void {
  for (let number = 1; number < 16; number++) register(native, guest, `r${number}`, number, number, comparison, found);
  const bank = native.bank;
  if (guest.virtualBank !== bank) {
    found.push(`psr.bn: native ${bank}, here ${guest.virtualBank}`);
    return;
  }
  banked(native, guest, comparison, found);
  if (native.cfm !== guest.cfm) {
    found.push(`cfm: native ${hex(native.cfm)}, here ${hex(guest.cfm)}`);
    return;
  }
  for (let offset = -native.dirty; offset < native.sof; offset++) {
    const name = offset < 0 ? `the stacked register ${-offset} before the frame` : `r${32 + offset}`;
    const at = RING + ((native.bottom + offset) & RING_MASK);
    register(native, guest, name, at, RING + ((guest.bottom + offset) & RING_MASK), comparison, found);
  }
}

function banked(native: Machine, guest: Machine, comparison: Comparison, found: string[]): void {
  const { bank } = native;
  const current = bank === 1 ? 16 : 32;
  const here = guest.places.has('bank1') || guest.bank === 1 ? 16 : 32;
  if (bank === 1 || comparison.bank0)
    for (let number = 0; number < 16; number++)
      // The values that bank 0 had when it was left are dead when it is switched to again.
      if (bank === 1 || native.stale[number] === 0)
        register(native, guest, `r${16 + number}`, current + number, here + number, comparison, found);
  if (bank === 1) return;
  const store = guest.places.get('bank1');
  if (store === undefined) {
    for (let number = 16; number < 32; number++)
      register(native, guest, `r${number}`, number, number, comparison, found, `r${number} of bank 1`);
    return;
  }
  const address = store.address(guest);
  const nats = guest.kept('the NaT bits of bank 1', guest.places.get('bank1.nat')!);
  for (let number = 0; number < 16; number++) {
    const at = address + 8n * BigInt(number);
    const nat = ((nats >> ((at >> 3n) & 63n)) & 1n) === 1n ? NAT : 0;
    const marks = native.marks[16 + number]!;
    const value = guest.memory.word(at);
    if (marks === nat && (nat === NAT || value === native.gr[16 + number])) continue;
    if (guest.storedForeign[number] === 1 && comparison.excused.has(`r${16 + number}`)) continue;
    found.push(
      `r${16 + number} of bank 1: native ${marked(native.gr[16 + number]!, marks)}, here ${marked(value, nat)}`,
    );
  }
}

function others(native: Machine, guest: Machine, { excused }: Comparison, found: string[]): void {
  const differ = (name: string, left: unknown, right: unknown): void => {
    found.push(`${name}: native ${left}, here ${right}`);
  };
  for (let number = 1; number < 64; number++) {
    if (native.prMarks[number] !== 0) continue;
    if (native.pr[number] === guest.pr[number] && guest.prMarks[number] === 0) continue;
    if (guest.prForeign[number] === 1 && excused.has(`p${number}`)) continue;
    differ(`p${number}`, native.pr[number], guest.prMarks[number] === 0 ? guest.pr[number] : 'what nobody knows');
  }
  for (let number = 0; number < 8; number++) {
    if (
      native.brMarks[number] === 0 &&
      native.br[number] !== guest.br[number] &&
      !(guest.brForeign[number] === 1 && excused.has(`b${number}`))
    )
      differ(`b${number}`, hex(native.br[number]!), hex(guest.br[number]!));
    if (native.rr[number] !== guest.rr[number]) differ(`rr${number}`, hex(native.rr[number]!), hex(guest.rr[number]!));
  }
  for (let number = 2; number < 128; number++)
    if (native.fr[number] !== guest.fr[number]) differ(`f${number}`, hex(native.fr[number]!), hex(guest.fr[number]!));
  AR_NAMES.forEach((name, number) => {
    if (name === null || UNSEEN.has(name) || native.arMarks[number] !== 0) return;
    const known = guest.arMarks[number] === 0;
    if (guest.arForeign[number] === 1 && excused.has(name)) return;
    if (native.ar[number] !== guest.ar[number] || !known)
      differ(name, hex(native.ar[number]!), known ? hex(guest.ar[number]!) : 'what nobody knows');
  });
  if (native.arMarks[BSPSTORE.number] === 0 && guest.arMarks[BSPSTORE.number] !== 0)
    differ(BSPSTORE.name, hex(native.bspstore), 'what nobody knows');
  else if (native.bspstore !== guest.bspstore) differ(BSPSTORE.name, hex(native.bspstore), hex(guest.bspstore));
  if (native.incompleteFrame !== guest.incompleteFrame)
    differ('the register frame', frameText(native), frameText(guest));
  if (native.dirty !== guest.dirty) differ(BSP.name, hex(native.bsp), hex(guest.bsp));
}

function frameText({ incompleteFrame }: Machine): string {
  return incompleteFrame ? 'incomplete' : 'complete';
}

function control(native: Machine, guest: Machine, found: string[]): void {
  const psr = native.readPsr();
  const here = guest.readPsr();
  if (psr !== here) found.push(`psr: native ${hex(psr)}, here ${hex(here)}`);
  if (native.isPending !== guest.isPending)
    found.push(`an interrupt waits: native ${native.isPending}, here ${guest.isPending}`);
  // With psr.ic 1 the next interruption overwrites what an interruption writes, and nothing can read it.
  const collected = (psr & PSR.ic) !== 0n;
  CR_NAMES.forEach((name, number) => {
    if (name === null || UNSEEN.has(name) || (collected && number >= 16 && number < 28)) return;
    const left = native.control(number);
    const right = guest.control(number);
    if (left !== right) found.push(`${name}: native ${hex(left)}, here ${hex(right)}`);
  });
  const times = [nextTime(native), nextTime(guest)] as const;
  if (times[0] !== times[1]) found.push(`the next ar.itc: native ${hex(times[0])}, here ${hex(times[1])}`);
}

function memory(native: Machine, guest: Machine, found: string[]): void {
  const isSame = (address: bigint): boolean =>
    native.memory.word(address) === guest.memory.word(address) &&
    (!guest.memory.unknown.has(address) || native.memory.unknown.has(address));
  const differ = (address: bigint): void => {
    const here = guest.memory.unknown.has(address) ? 'what nobody knows' : hex(guest.memory.word(address));
    found.push(`memory at ${hex(address)}: native ${hex(native.memory.word(address))}, here ${here}`);
  };
  for (const address of guest.memory.written.keys())
    if (!guest.isPinned(address)) {
      if (!isSame(address)) differ(address);
    }
  for (const address of native.memory.written.keys())
    if (!guest.memory.written.has(address) && !isSame(address)) differ(address);
}
