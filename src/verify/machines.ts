/** Machines in the states that code is begun in. */
import { Machine } from '../execution/machine.ts';
import type { Range } from '../execution/memory-access.ts';
import { NAT, RING } from '../execution/register-file.ts';
import type { Place } from '../execution/system-state.ts';
import type { World } from '../execution/world.ts';
import type { Contract } from './contract.ts';
import type { DrawnValue, Start } from './start.ts';

type Words = ReadonlyMap<bigint, bigint>;

/** A state to begin in, and its world. Its machines are made once, and copied for each run. */
export class Beginning {
  readonly #machines = new Map<Contract | null, Machine>();

  constructor(
    readonly world: World,
    readonly start: Start,
  ) {}

  /** A processor in this state. @param pinned memory that the hypervisor of the listing has: nothing may touch it */
  processor(data: Words, pinned: readonly Range[]): Machine {
    return this.#copy(null, data, pinned);
  }

  /** The guest of a hypervisor in this state; where no contract is given, a processor. */
  guest(contract: Contract | null, data: Words): Machine {
    return this.#copy(contract, data, contract?.pinned ?? []);
  }

  #copy(contract: Contract | null, data: Words, pinned: readonly Range[]): Machine {
    let first = this.#machines.get(contract);
    if (first === undefined) {
      first = machineIn(this.start, this.world, contract);
      this.#machines.set(contract, first);
    }
    return new Machine(this.world, first.places, pinned, data, first);
  }
}

/** The most states that are kept; each takes some 60 KB. */
const MOST_KEPT = 2000;

/** States by what they are drawn from: pieces of code that are begun alike share them. */
export class Beginnings {
  readonly #kept = new Map<string, Beginning>();

  at(key: string, make: () => Beginning): Beginning {
    let found = this.#kept.get(key);
    if (found === undefined) {
      if (this.#kept.size >= MOST_KEPT) this.#kept.clear();
      found = make();
      this.#kept.set(key, found);
    }
    return found;
  }
}

const NO_PLACES: ReadonlyMap<string, Place> = new Map();
const NO_WORDS: Words = new Map();
/** Where the frame begins in the ring: so far from its start that a return finds room. */
const BOTTOM = 128;

function machineIn(start: Start, world: World, contract: Contract | null): Machine {
  const machine = new Machine(world, contract?.places ?? NO_PLACES, contract?.pinned ?? [], NO_WORDS);
  machine.mayUsePinned = contract !== null;
  machine.interruptsAlways = contract?.deliversAlways ?? false;
  for (const [address, value] of contract?.words ?? []) machine.memory.write(address, 8, value);
  machine.clearFlags();
  const put = (at: number, { value, nat }: DrawnValue): void => {
    machine.gr[at] = value;
    machine.marks[at] = nat ? NAT : 0;
  };
  for (const [at, value] of start.general.entries()) put(at, value);
  placeBanks(machine, start, put);
  machine.psr = start.psr;
  machine.writePsr(start.psr);
  machine.cfm = start.cfm;
  machine.bottom = BOTTOM;
  machine.dirty = start.dirty;
  machine.bspstore = start.bspstore;
  machine.incompleteFrame = start.incompleteFrame;
  const first = RING + BOTTOM - start.dirty;
  for (const [at, value] of start.stacked.entries()) put(first + at, value);
  start.predicates.forEach((holds, at) => {
    machine.pr[at] = holds ? 1 : 0;
  });
  start.branches.forEach((value, at) => {
    machine.br[at] = value;
  });
  start.floating.forEach((value, at) => {
    if (at > 1) machine.fr[at] = value;
  });
  for (const [number, value] of start.application) machine.ar[number] = value;
  for (const [number, value] of start.control) machine.setControl(number, value);
  start.regions.forEach((value, at) => {
    machine.rr[at] = value;
  });
  machine.setPending(start.pending);
  machine.arrivesIn = start.arrivesIn;
  machine.time.now = start.now;
  machine.setTime(start.timeOffset, start.timeLast);
  return machine;
}

/** A hypervisor with one real bank keeps bank 1 in memory while bank 0 is the current one; bank 0 nowhere. */
function placeBanks(machine: Machine, { banks, bank }: Start, put: (at: number, value: DrawnValue) => void): void {
  const hasOne = machine.places.has('bank1');
  machine.bank = hasOne ? 1 : bank;
  for (const [at, value] of banks[1].entries()) put(16 + at, value);
  if (!hasOne) {
    for (const [at, value] of banks[0].entries()) put(32 + at, value);
    return;
  }
  machine.setBankFlag(1);
  if (bank === 1) return;
  machine.switchBank(0);
  for (const [at, value] of banks[0].entries()) put(16 + at, value);
}
