/** The state of a machine by the names of the notation: `r8`, `ar.pfs`, `cr.ifa`, `psr.dt`, `cfm`, `ip`, `time.last`. */
import { registerByName } from '../machine/register-table.ts';
import type { Machine } from './machine.ts';
import { UNDEFINED_VALUE } from './register-file.ts';

export interface StateField {
  readonly read: (machine: Machine) => bigint;
  readonly write: (machine: Machine, value: bigint) => void;
}

const TIMES = ['offset', 'last'] as const;

const SPECIAL: Readonly<Record<string, StateField>> = {
  ip: { read: (machine) => machine.ip, write: unwritable },
  pr: { read: (machine) => machine.allPredicates(), write: unwritable },
  psr: { read: (machine) => machine.readPsr(), write: (machine, value) => machine.writePsr(value) },
  cfm: {
    read: (machine) => machine.cfm,
    write: (machine, value) => {
      machine.cfm = value;
    },
  },
  bank: {
    read: (machine) => BigInt(machine.virtualBank),
    write: (machine, value) => machine.switchBank(value === 1n ? 1 : 0),
  },
  pending: { read: (machine) => (machine.isPending ? 1n : 0n), write: unwritable },
  ...Object.fromEntries(TIMES.map((which) => [`time.${which}`, timeState(which)])),
};

function unwritable(): never {
  throw new Error('a piece of state that nothing assigns');
}

/** The guest's clock: its offset from the processor's counter, and the last time that was read. */
function timeState(which: (typeof TIMES)[number]): StateField {
  const name = `time.${which}`;
  return {
    read: (machine) => {
      const place = machine.places.get(name);
      return place === undefined ? machine.time[which] : machine.kept(name, place);
    },
    write: (machine, value) => {
      const place = machine.places.get(name);
      if (place === undefined) machine.time[which] = value;
      else machine.memory.write(place.address(machine), place.size, value);
    },
  };
}

/** A register as state; undefined for classes that have none. */
export function registerState(kind: string, number: number): StateField | undefined {
  switch (kind) {
    case 'gr':
      return {
        read: (machine) => machine.readGr(number),
        write: (machine, value) => machine.writeGr(number, value),
      };
    case 'br':
      return { read: (machine) => machine.readBr(number), write: (machine, value) => machine.writeBr(number, value) };
    case 'ar':
      return { read: (machine) => machine.readAr(number), write: (machine, value) => machine.writeAr(number, value) };
    case 'cr':
      return { read: (machine) => machine.readCr(number), write: (machine, value) => machine.writeCr(number, value) };
    case 'fr':
      return {
        read: (machine) => machine.fr[machine.floatIndex(number)]!,
        write: (machine, value) => {
          if (number > 1) machine.fr[machine.floatIndex(number)] = value;
        },
      };
    // A predicate operand stands for its number: that of the register that a compare writes.
    case 'pr':
      return { read: () => BigInt(number), write: unwritable };
    case 'psr':
      return psrState(number);
    default:
      return undefined;
  }
}

/** A branch register as the source of a branch, which may be in the group of the mov that writes it (SDM vol. 3, table 5-2). */
export function branchSource(number: number): StateField {
  return {
    read: (machine) => {
      machine.marksRead |= machine.brMarks[number]!;
      return machine.br[number]!;
    },
    write: unwritable,
  };
}

function psrState(bit: number): StateField {
  const mask = 1n << BigInt(bit);
  return {
    read: (machine) => ((machine.readPsr() & mask) === 0n ? 0n : 1n),
    write: (machine, value) => {
      const psr = machine.readPsr();
      machine.writePsr(value === 0n ? psr & ~mask : psr | mask);
    },
  };
}

/** State by its name; undefined for an unknown name. */
export function stateNamed(name: string): StateField | undefined {
  const special = Object.hasOwn(SPECIAL, name) ? SPECIAL[name] : undefined;
  if (special !== undefined) return special;
  const register = registerByName(name);
  return register === undefined ? undefined : registerState(register.class, register.number);
}

/** The guest's next reading of its clock: greater than every earlier one (Linux's ia64_get_itc on Xen). */
export function nextTime(machine: Machine): bigint {
  const offset = SPECIAL['time.offset']!.read(machine);
  const last = SPECIAL['time.last']!.read(machine);
  const time = BigInt.asUintN(64, machine.time.now + offset);
  return time > last ? time : BigInt.asUintN(64, last + 1n);
}

export function readTime(machine: Machine): bigint {
  machine.count();
  const time = nextTime(machine);
  SPECIAL['time.last']!.write(machine, time);
  machine.marksRead &= UNDEFINED_VALUE;
  return time;
}
