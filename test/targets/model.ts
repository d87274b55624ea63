/**
 * An interpreter of the instructions that bodies are made of, with the rule of instruction groups: a register that was
 * written in a group may not be read or written again in it, while one that was read may still be written.
 * What an instruction means to the machine it runs on (memory, control registers, `break`) is the host's business.
 *
 * Source of the rules: Intel SDM rev. 2.3, vol. 1 section 3.4.
 */
import type { BodyItem } from '../../src/expand/body-item.ts';
import type { Guest, Value } from './state.ts';

/** A fault that the guest would take: a NaT consumed where it may not be. Both sides must take it. */
export class NatConsumption extends Error {}
/** The body is wrong: a dependency within a group, an address that is not there, an instruction nobody knows. */
export class BadBody extends Error {}

/** One side: what the model cannot know. */
export interface Host {
  readonly guest: Guest;
  /** The bank that r16-r31 are read from. */
  bank(): 0 | 1;
  readMemory(address: bigint, size: number): bigint;
  writeMemory(address: bigint, size: number, value: bigint): void;
  /**
   * An instruction that is not one of plain computation. Registers are reached through `access`, which keeps the rules.
   *
   * @returns false when the host does not know it
   */
  execute(mnemonic: string, outputs: readonly string[], inputs: readonly string[], access: Access): boolean;
}

/** Registers as one instruction sees them. Reading or writing marks the group. */
export interface Access {
  read(name: string): bigint;
  readValue(name: string): Value;
  write(name: string, value: bigint | Value): void;
  /** Marks a resource without a value, such as a bit of psr. */
  touch(resource: string, writes: boolean): void;
}

const MASK64 = (1n << 64n) - 1n;

/** What the instructions of a group have written so far, and which of them. */
type Group = Map<string, string>;

/** Executes a body. Throws NatConsumption or BadBody. */
export function execute(items: readonly BodyItem[], host: Host): void {
  let group: Group = new Map();
  for (const item of items) {
    if (host.guest.halted) return;
    if (item.kind === 'stop') group = new Map();
    else if (item.kind === 'instruction') step(item.text, host, group);
  }
}

const INSTRUCTION = /^(?:\((p\d+)\) )?([a-z0-9.]+)(?:\s+(.*))?$/;

function step(text: string, host: Host, group: Group): void {
  const match = INSTRUCTION.exec(text);
  if (match === null) throw new BadBody(`what is '${text}'?`);
  const access = accessTo(host, group, text);
  const [, predicate, mnemonic, rest] = match;
  const holds = predicate === undefined || access.read(predicate) !== 0n;
  // cmp.unc clears its targets even when its predicate is false.
  if (!holds && !mnemonic!.endsWith('.unc')) return;
  const sides = (rest ?? '').split('=');
  const list = (side: string | undefined): string[] =>
    side === undefined || side === '' ? [] : side.split(',').map((each) => each.trim());
  const outputs = sides.length > 1 ? list(sides[0]) : [];
  const inputs = list(sides.at(-1));
  if (!holds) {
    for (const name of outputs) access.write(name, 0n);
    return;
  }
  if (!compute(mnemonic!, outputs, inputs, host, access) && !host.execute(mnemonic!, outputs, inputs, access)) {
    throw new BadBody(`nobody knows '${text}'`);
  }
}

function accessTo(host: Host, group: Group, text: string): Access {
  const mark = (resource: string, writes: boolean): void => {
    const writer = group.get(resource);
    if (writer !== undefined && writer !== text) {
      throw new BadBody(
        `'${text}' ${writes ? 'writes' : 'reads'} ${resource} in the group in which '${writer}' writes it`,
      );
    }
    if (writes) group.set(resource, text);
  };
  const slot = (name: string): { list: (Value | boolean | bigint)[]; index: number } => {
    const { guest } = host;
    const number = Number(name.slice(1));
    if (name.startsWith('p')) return { list: guest.predicates, index: number };
    if (name.startsWith('b')) return { list: guest.branches, index: number };
    if (number >= 16 && number < 32) return { list: guest.banks[host.bank()], index: number - 16 };
    return { list: guest.general, index: number };
  };
  const current = (name: string): Value => {
    const { list, index } = slot(name);
    const value = list[index];
    if (value === undefined) throw new BadBody(`'${text}': what is ${name}?`);
    if (typeof value === 'boolean') return { bits: value ? 1n : 0n, nat: false };
    return typeof value === 'bigint' ? { bits: value, nat: false } : value;
  };
  return {
    readValue(name) {
      if (!/^[rpb]\d+$/.test(name)) return { bits: BigInt.asUintN(64, BigInt(name)), nat: false };
      if (name !== 'r0' && name !== 'p0') mark(name, false);
      return current(name);
    },
    read(name) {
      const value = this.readValue(name);
      if (value.nat) throw new NatConsumption(`'${text}' consumes the NaT of ${name}`);
      return value.bits;
    },
    write(name, value) {
      if (name === 'p0') return;
      if (name === 'r0') throw new BadBody(`'${text}' writes r0`);
      mark(name, true);
      const { list, index } = slot(name);
      const made: Value =
        typeof value === 'bigint'
          ? { bits: value & MASK64, nat: false }
          : { bits: value.bits & MASK64, nat: value.nat };
      if (name.startsWith('p')) list[index] = made.bits !== 0n;
      else list[index] = name.startsWith('b') ? made.bits : made;
    },
    touch: mark,
  };
}

/** Instructions that mean the same on every machine. */
function compute(
  mnemonic: string,
  outputs: readonly string[],
  inputs: readonly string[],
  host: Host,
  access: Access,
): boolean {
  const [out = ''] = outputs;
  const [first = '', second = ''] = inputs;
  if (mnemonic === 'mov' && isRegister(out) && (isRegister(first) || isNumber(first))) {
    access.write(out, access.readValue(first));
    return true;
  }
  if (mnemonic === 'add' || mnemonic === 'sub') {
    const left = access.readValue(first);
    const right = access.readValue(second);
    access.write(out, {
      bits: mnemonic === 'add' ? left.bits + right.bits : left.bits - right.bits,
      nat: left.nat || right.nat,
    });
    return true;
  }
  if (mnemonic.startsWith('cmp.')) {
    compare(mnemonic, outputs, access.readValue(first), access.readValue(second), access);
    return true;
  }
  const memory = /^(ld|st)([1248])(\.fill|\.spill)?$/.exec(mnemonic);
  if (memory === null) return false;
  access.touch('psr.um', false);
  if (memory[1] === 'ld') load(Number(memory[2]), memory[3] !== undefined, out, inputs, host, access);
  else store(Number(memory[2]), memory[3] !== undefined, out, inputs, host, access);
  return true;
}

const isRegister = (name: string): boolean => /^r\d+$/.test(name);
const isNumber = (name: string): boolean => /^-?(0x[0-9a-f]+|\d+)$/.test(name);

function compare(
  mnemonic: string,
  [yes = 'p0', no = 'p0']: readonly string[],
  left: Value,
  right: Value,
  access: Access,
): void {
  const relations: Readonly<Record<string, (a: bigint, b: bigint) => boolean>> = {
    eq: (a, b) => a === b,
    ne: (a, b) => a !== b,
    geu: (a, b) => a >= b,
    gtu: (a, b) => a > b,
    leu: (a, b) => a <= b,
  };
  const holds = relations[mnemonic.split('.')[1]!];
  if (holds === undefined) throw new BadBody(`nobody knows '${mnemonic}'`);
  const nat = left.nat || right.nat;
  const answer = holds(left.bits, right.bits);
  access.write(yes, !nat && answer ? 1n : 0n);
  access.write(no, !nat && !answer ? 1n : 0n);
}

function addressOf(operand: string): string {
  const match = /^\[(r\d+)\]$/.exec(operand);
  if (match === null) throw new BadBody(`'${operand}' is no address`);
  return match[1]!;
}

const natBit = (address: bigint): bigint => (address >> 3n) & 63n;

function load(
  size: number,
  fill: boolean,
  target: string,
  [operand = '', step]: readonly string[],
  host: Host,
  access: Access,
): void {
  const base = addressOf(operand);
  const address = access.read(base);
  const bits = host.readMemory(address, size);
  let nat = false;
  if (fill) {
    access.touch(`ar.unat bit ${natBit(address)}`, false);
    nat = ((host.guest.unat >> natBit(address)) & 1n) === 1n;
  }
  access.write(target, { bits, nat });
  if (step !== undefined) access.write(base, address + BigInt(step));
}

function store(
  size: number,
  spill: boolean,
  operand: string,
  [source = '', step]: readonly string[],
  host: Host,
  access: Access,
): void {
  const base = addressOf(operand);
  const address = access.read(base);
  if (spill) {
    const { bits, nat } = access.readValue(source);
    const bit = natBit(address);
    access.touch(`ar.unat bit ${bit}`, true);
    host.guest.unat = (host.guest.unat & ~(1n << bit)) | (nat ? 1n << bit : 0n);
    host.writeMemory(address, size, bits);
  } else host.writeMemory(address, size, access.read(source) & ((1n << BigInt(size * 8)) - 1n));
  if (step !== undefined) access.write(base, address + BigInt(step));
}

/** Marks all of ar.unat. */
export function touchUnat(access: Access, writes: boolean): void {
  for (let bit = 0n; bit < 64n; bit++) access.touch(`ar.unat bit ${bit}`, writes);
}
