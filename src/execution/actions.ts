/**
 * The actions of the notation: changes of a machine's state. Their names are those in grammar/semantics.tsv, which cites the
 * manual's section of each.
 */
import { registerFor } from '../machine/purposes.ts';
import { registersOf } from '../machine/register-table.ts';
import { BUILTINS, FILES, pageSize, USER_MASK } from './builtins.ts';
import { SIZES, storeFloat } from './floating.ts';
import type { Machine } from './machine.ts';
import { hex } from './memory.ts';
import { COLLECTION_BIT, PSR } from './psr.ts';
import { NAT, UNDEFINED_VALUE } from './register-file.ts';
import { Fault, Undefined } from './signals.ts';
import type { TranslationKind } from './translations.ts';

/** @param marks for each argument, a set of NAT and UNDEFINED_VALUE */
export type Action = (machine: Machine, args: readonly bigint[], marks: readonly number[]) => void;
const LOW64 = (1n << 64n) - 1n;
const VALID = 1n << 63n;
const IPSR = registerFor('interrupted-psr').number;
const IIP = registerFor('interrupted-address').number;
const IFS = registerFor('interrupted-frame').number;
const IFA = registerFor('fault-address').number;
const ITIR = registerFor('insert-size').number;
const LC = registerFor('loop-count').number;
const EC = registerFor('epilog-count').number;
const LOW_HALF = 0xffffffffn;

function toFile(file: string): Action {
  return (machine, [index, value]) => {
    machine.files.set(`${file}[${index}]`, value!);
    machine.events.push(`${file}[${hex(index!)}]=${hex(value!)}`);
  };
}

/** Writes both predicates of a compare, with their marks. */
function compared(
  write: (machine: Machine, first: number, second: number, holds: boolean, nat: boolean) => void,
): Action {
  return (machine, [first, second, condition], marks) => {
    machine.marksRead = marks[2]! & UNDEFINED_VALUE;
    write(machine, Number(first), Number(second), condition === 1n, (marks[2]! & NAT) !== 0);
  };
}

const normal = compared((machine, first, second, holds, nat) => {
  machine.writePr(first, holds && !nat);
  machine.writePr(second, !holds && !nat);
});

/** A parallel compare: `and` clears predicates when the condition is false, `or` sets them when it is true (SDM vol. 3, cmp). */
function parallel(opposite: boolean, first: 'and' | 'or', second: 'and' | 'or'): Action {
  const write = (machine: Machine, kind: 'and' | 'or', predicate: number): void =>
    machine.writePr(predicate, kind === 'or', true);
  return compared((machine, one, two, holds, nat) => {
    const acts = first === 'and' && second === 'and' ? nat || holds === opposite : !nat && holds !== opposite;
    const unknown = (machine.marksRead & UNDEFINED_VALUE) !== 0;
    if (!acts && !unknown) return;
    write(machine, first, one);
    write(machine, second, two);
  });
}

export const TEST_ACTIONS: Readonly<Record<string, Action>> = {
  test: normal,
  'test.unc': normal,
  'test.and': parallel(false, 'and', 'and'),
  'test.andcm': parallel(true, 'and', 'and'),
  'test.or': parallel(false, 'or', 'or'),
  'test.orcm': parallel(true, 'or', 'or'),
  /** When the condition is true, sets the first predicate and clears the second. */
  'test.or.andcm': parallel(false, 'or', 'and'),
  /** When the condition is false, clears the first predicate and sets the second. */
  'test.and.orcm': parallel(true, 'and', 'or'),
};

/** The defined bits of psr{23:0}, which ssm and rsm may change, sum and rum only the user mask's (SDM vol. 2, 3.3.2). */
const NAMED_BITS =
  registersOf('psr').reduce((mask, bit) => (bit === undefined ? mask : mask | (1n << BigInt(bit.number))), 0n) &
  0xffffffn;

function maskWithin(named: bigint, action: Action): Action {
  return (machine, args, marks) => {
    if ((args[0]! & ~named) !== 0n) throw new Fault('General Exception', `reserved bits in the mask ${hex(args[0]!)}`);
    action(machine, args, marks);
  };
}

function maskAction(change: (psr: bigint, mask: bigint) => bigint): Action {
  return (machine, [mask]) => machine.maskPsr(change(machine.readPsr(), mask!));
}

function insertion(kind: TranslationKind, name: string, ofRegisters: boolean): Action {
  return (machine, args) => {
    const itir = machine.control(ITIR);
    const ifa = machine.control(IFA);
    machine.events.push(`${name} ${args.map(hex).join(' ')} at ${hex(ifa)} as ${hex(itir)}`);
    machine.insert(kind, ifa, pageSize(itir), ofRegisters);
  };
}

/** @param kind null: translations of data and of code */
function purge(name: string, kind: TranslationKind | null, ofRegisters: boolean): Action {
  return (machine, args) => {
    machine.events.push(`${name} ${args.map(hex).join(' ')}`);
    machine.purge(kind, args[0]!, args.length > 1 ? pageSize(args[1]!) : null, ofRegisters);
  };
}

function known(marks: readonly number[], what: string): void {
  if (marks.some((mark) => (mark & UNDEFINED_VALUE) !== 0)) throw new Undefined(`${what} is given what nobody knows`);
}

function checked(name: string, action: Action): Action {
  return (machine, args, marks) => {
    known(marks, name);
    action(machine, args, marks);
  };
}

const SYSTEM: Readonly<Record<string, Action>> = {
  set_psr_bits: maskWithin(
    NAMED_BITS,
    maskAction((psr, mask) => psr | mask),
  ),
  clear_psr_bits: maskWithin(
    NAMED_BITS,
    maskAction((psr, mask) => psr & ~mask),
  ),
  set_user_bits: maskWithin(
    USER_MASK,
    maskAction((psr, mask) => psr | mask),
  ),
  clear_user_bits: maskWithin(
    USER_MASK,
    maskAction((psr, mask) => psr & ~mask),
  ),
  set_psr_low: maskAction((psr, low) => (psr & ~LOW_HALF) | (low & LOW_HALF)),
  set_psr_user: maskAction((psr, mask) => (psr & ~USER_MASK) | (mask & USER_MASK)),
  serialize: (machine) => machine.serialize(),
  deliver: (machine) => machine.takeInterrupt(),
  end_of_interrupt: (machine) => void machine.events.push('end of interrupt'),
  set_kernel_register: (machine, [index, value]) => {
    if (index! > 7n) throw new Undefined(`there is no kernel register ${index}`);
    machine.ar[Number(index)] = value!;
  },
  /** The hypervisor's service is defined only when the argument is 1. */
  demand: (_, [condition]) => {
    if (condition !== 1n) throw new Undefined('the hypervisor is asked where its answer is not right');
  },
  /** The hypervisor refuses to emulate the instruction when the argument is 1. */
  illegal: (_, [condition]) => {
    if (condition === 1n) throw new Fault('General Exception', 'an instruction that the hypervisor does not emulate');
  },
  set_rr: (machine, [index, value]) => machine.setRegion(index!, value!),
  set_time: (machine, [value]) => {
    machine.count();
    machine.time.offset = BigInt.asUintN(64, value! - machine.time.now);
    machine.time.last = value!;
  },
  ...Object.fromEntries(FILES.map((file) => [`set_${file}`, toFile(file)])),
  insert_code: insertion('code', 'itc.i', false),
  insert_data: insertion('data', 'itc.d', false),
  insert_code_register: insertion('code', 'itr.i', true),
  insert_data_register: insertion('data', 'itr.d', true),
  'purge.l': purge('ptc.l', null, false),
  'purge.g': purge('ptc.g', null, false),
  'purge.ga': purge('ptc.ga', null, false),
  'purge.e': purge('ptc.e', null, false),
  'purge.i': purge('ptr.i', 'code', true),
  'purge.d': purge('ptr.d', 'data', true),
  flush_cache: (machine, [address]) => void machine.events.push(`fc ${hex(address!)}`),
  bank: (machine, [bank]) => machine.switchBank(bank === 1n ? 1 : 0),
};

/** Branches of modulo-scheduled loops (SDM vol. 3, br). @param taken whether the branch is taken, by whether the loop goes on */
function countedLoop(taken: (goesOn: boolean) => boolean): Action {
  return (machine, [address]) => {
    const left = machine.ar[LC]!;
    const goesOn = left !== 0n || machine.ar[EC]! > 1n;
    if (left !== 0n) machine.ar[LC] = left - 1n;
    nextStage(machine, left !== 0n, left !== 0n);
    if (taken(goesOn)) machine.goTo(address!);
  };
}

function whileLoop(taken: (goesOn: boolean) => boolean): Action {
  return (machine, [holds, address]) => {
    const goesOn = holds === 1n || machine.ar[EC]! > 1n;
    nextStage(machine, holds === 1n, false);
    if (taken(goesOn)) machine.goTo(address!);
  };
}

/** Rotates the registers, unless the epilog has ended; the rotation makes p63 the new p16. */
function nextStage(machine: Machine, isKernel: boolean, enters: boolean): void {
  machine.marksRead = 0;
  machine.writePr(63, enters);
  const left = machine.ar[EC]!;
  if (!isKernel && left === 0n) return;
  if (!isKernel) machine.ar[EC] = left - 1n;
  machine.rotate();
}

const FLOW: Readonly<Record<string, Action>> = {
  go_if: (machine, [condition, address]) => {
    if (condition === 1n) machine.goTo(address!);
  },
  go: (machine, [address]) => machine.goTo(address!),
  return: (machine, [address]) => {
    machine.leaveFrame();
    machine.goTo(address!);
  },
  count_loop: (machine, [address]) => {
    const left = machine.ar[LC]!;
    if (left === 0n) return;
    machine.ar[LC] = left - 1n;
    machine.goTo(address!);
  },
  'loop.ctop': countedLoop((goesOn) => goesOn),
  'loop.cexit': countedLoop((goesOn) => !goesOn),
  'loop.wtop': whileLoop((goesOn) => goesOn),
  'loop.wexit': whileLoop((goesOn) => !goesOn),
  enter_privileged: (machine) => {
    machine.psr &= ~PSR.cpl;
  },
  interrupt_return: (machine) => {
    machine.serialize();
    const ifs = machine.control(IFS);
    const psr = machine.control(IPSR);
    const iip = machine.control(IIP);
    machine.switchBank((psr & PSR.bn) === 0n ? 0 : 1);
    machine.writePsr(psr & ~PSR.ri);
    if ((ifs & VALID) !== 0n) {
      machine.cfm = ifs;
      machine.reveal(machine.sof);
    }
    // Whoever goes on there has all of its frame: the loads that are outstanding come first.
    machine.incompleteFrame = false;
    machine.returnTo(iip);
    // Only with psr.ic 1: no kernel returns to code with interrupts on and psr.ic 0.
    if ((psr & PSR.ic) !== 0n) machine.deliver();
  },
  break: (machine, [immediate]) => {
    machine.exit = { kind: 'break', number: immediate! };
  },
};

const FRAMES: Readonly<Record<string, Action>> = {
  frame: (machine, [inputs, locals, outputs, rotating]) => {
    machine.needsFrame('alloc');
    machine.changeFrame();
    machine.sof = Number(inputs! + locals! + outputs!);
    machine.sol = Number(inputs! + locals!);
    machine.sor = Number(rotating!);
  },
  cover: (machine) => {
    if (!machine.bit(COLLECTION_BIT, PSR.ic)) machine.setControl(IFS, VALID | machine.cfm);
    coverFrame(machine);
  },
  cover_frame: coverFrame,
  clear_rotation: (machine) => {
    machine.changeFrame();
    machine.rrbGr = machine.rrbFr = machine.rrbPr = 0;
  },
  flush_stack: (machine) => machine.flushStack(),
  load_stack: (machine) => machine.loadStack(),
};

function coverFrame(machine: Machine): void {
  machine.changeFrame();
  machine.hide(machine.sof);
  machine.cfm = 0n;
  machine.incompleteFrame = false;
}

const MEMORY: Readonly<Record<string, Action>> = {
  store: (machine, [address, size, value], marks) => {
    machine.marksRead = marks[0]!;
    machine.key(address!, Number(size));
    machine.marksRead = 0;
    storeMarked(machine, address!, Number(size), value!, marks[2]!);
  },
  store_spill: (machine, [address, value], marks) => {
    machine.marksRead = marks[0]!;
    machine.key(address!, 8);
    storeMarked(machine, address!, 8, value!, marks[1]!);
    machine.setUnatBit(address!, (marks[1]! & NAT) !== 0);
  },
  ...Object.fromEntries(
    Object.keys(SIZES).map((letter): [string, Action] => [
      `store_float_${letter}`,
      (machine, [address, register], marks) => {
        machine.marksRead = marks[0]!;
        storeFloat(machine, address!, register!, letter);
      },
    ]),
  ),
  store16: (machine, [address, value], marks) => {
    if ((address! & 15n) !== 0n) throw new Fault('Unaligned Reference', hex(address!));
    machine.marksRead = marks[0]!;
    machine.store(address!, 8, value! & LOW64);
    machine.store(address! + 8n, 8, value! >> 64n);
  },
  /** An access for its faults only. */
  touch: (machine, [address], marks) => {
    machine.marksRead = marks[0]!;
    machine.key(address!, 1);
  },
  'probe_fault.r': probeFault('probe.r'),
  'probe_fault.w': probeFault('probe.w'),
  'probe_fault.rw': probeFault('probe.rw'),
  set_predicates: (machine, [value, mask], marks) => {
    machine.marksRead = marks[0]!;
    for (let predicate = 1; predicate < 64; predicate++) {
      const bit = BigInt(predicate < 16 ? predicate : 16);
      if (((mask! >> bit) & 1n) === 1n) machine.writePr(predicate, ((value! >> BigInt(predicate)) & 1n) === 1n);
    }
  },
  nothing: () => undefined,
};

/** Stores a value with its marks, which `Machine.store` takes from `marksRead`; those of the address have been checked before. */
function storeMarked(machine: Machine, address: bigint, size: number, value: bigint, marks: number): void {
  const key = machine.key(withoutMarks(machine, address), size);
  const { unknown } = machine.memory;
  if ((marks & UNDEFINED_VALUE) !== 0) unknown.add(key & ~7n);
  machine.store(address, size, value & ((1n << BigInt(8 * size)) - 1n));
  if ((marks & UNDEFINED_VALUE) !== 0) unknown.add(key & ~7n);
}

function withoutMarks(machine: Machine, address: bigint): bigint {
  machine.marksRead = 0;
  return address;
}

function probeFault(question: string): Action {
  return (machine, args, marks) => {
    known(marks, 'probe');
    if (BUILTINS[question]!(machine, args) !== 1n) throw new Fault('Data Access Rights', hex(args[0]!), args[0]!);
  };
}

export const ACTIONS: Readonly<Record<string, Action>> = {
  ...TEST_ACTIONS,
  ...MEMORY,
  ...Object.fromEntries(
    Object.entries({ ...SYSTEM, ...FLOW, ...FRAMES }).map(([name, action]) => [name, checked(name, action)]),
  ),
};
