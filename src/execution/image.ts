/** A program in executable form: each instruction is a function of the machine, with its address and slot. */
import type { Program, ProgramInstruction } from '../analysis/program/program.ts';
import { layoutProgram } from '../bundles/bundles.ts';
import type { Layout } from '../bundles/run.ts';
import { type AddressSpace, LISTING } from './addresses.ts';
import { Code } from './code.ts';
import type { Platform } from './instruction.ts';
import { expressionValue, type OperandScope } from './operands.ts';

export interface Image {
  readonly program: Program;
  readonly code: Code;
  /** By instruction: the address of its bundle, that of the next bundle, and its slot. */
  readonly addresses: readonly bigint[];
  readonly backs: readonly bigint[];
  readonly slots: Uint8Array;
  /** By instruction: 1 if the instruction group ends after it. */
  readonly stops: Uint8Array;
  /** By instruction: 1 if it is not in the source (only in the listing). */
  readonly foreign: Uint8Array;
  /** Index of the first instruction at an address; undefined when there is none. */
  indexAt(address: bigint): number | undefined;
  readonly labels: ReadonlyMap<string, bigint>;
  /** By label of the program: its address. */
  readonly labelAddresses: readonly bigint[];
  /** By instruction: 1 if a label of the source is before it; null if the image does not have all labels of the source. */
  readonly landings: Uint8Array | null;
  /** The words of the data sections, by address. */
  readonly data: ReadonlyMap<bigint, bigint>;
}

/** Relates a listing's image to that of its source, from which it takes addresses. */
export interface Follows {
  readonly image: Image;
  /** By instruction of the listing: 1 if it is not in the source. */
  readonly foreign: Uint8Array;
}

const BUNDLE = 16n;

interface Placed {
  readonly addresses: bigint[];
  readonly backs: bigint[];
  readonly slots: Uint8Array;
  readonly index: Map<bigint, number>;
  /** By label: its address. */
  readonly labels: bigint[];
}

/** The labels of the source that a program has; all of them if the program is the source. */
function sourceLabels({ symbols: { labels } }: Program, follows: Follows | undefined): typeof labels | null {
  if (follows === undefined) return labels;
  const native = follows.image.program.symbols.labels;
  const own = new Set(native.map(({ name }) => name));
  const kept = labels.filter(({ name }) => own.has(name));
  return kept.length === native.length ? kept : null;
}

function landingsOf(program: Program, follows: Follows | undefined): Uint8Array | null {
  const labels = sourceLabels(program, follows);
  if (labels === null) return null;
  const landings = new Uint8Array(program.instructions.length);
  for (const { instruction } of labels) if (instruction >= 0) landings[instruction] = 1;
  return landings;
}

/** Makes an image of a program. An instruction that cannot be executed is an error only when it is reached. */
export function makeImage(program: Program, space: AddressSpace, platform: Platform, follows?: Follows): Image {
  const laid = layoutProgram(program);
  const placed = place(program, laid, space, follows);
  const named = new Map<string, bigint>();
  for (const label of program.symbols.labels)
    if (program.symbols.named.get(label.name) === label) named.set(label.name, placed.labels[label.id]!);
  const code = new Code(program.instructions, platform, placed.slots, ({ index, statementIndex }) =>
    scopeAt(program, space, placed, statementIndex, placed.addresses[index]!),
  );
  return {
    program,
    code,
    ...placed,
    stops: stopsOf(program),
    foreign: follows?.foreign ?? new Uint8Array(program.instructions.length),
    indexAt: (address) => placed.index.get(address),
    labels: named,
    labelAddresses: placed.labels,
    landings: landingsOf(program, follows),
    data: dataOf(program, laid, space, placed, follows === undefined ? 0n : LISTING),
  };
}

function scopeAt(
  program: Program,
  space: AddressSpace,
  placed: Pick<Placed, 'labels'>,
  statement: number,
  here: bigint,
): OperandScope {
  return {
    names: program.names.scopeAt(statement),
    symbols: program.symbols,
    space,
    statement,
    here,
    labelAddress: (label) => placed.labels[label]!,
  };
}

function place(program: Program, laid: Layout, space: AddressSpace, follows?: Follows): Placed {
  const { instructions } = program;
  const shift = follows === undefined ? 0n : LISTING;
  const addressOf = (statement: number): bigint => {
    const section = laid.sections[laid.section[statement]!];
    const offset = laid.offset[statement]!;
    if (section === undefined || offset < 0) return 0n;
    return space.section(section.name) + BigInt(offset - (offset % 16));
  };
  const addresses = instructions.map(({ statementIndex }) => addressOf(statementIndex) + shift);
  const slots = Uint8Array.from(instructions, ({ statementIndex }) => Math.max(0, laid.offset[statementIndex]! % 16));
  const index = new Map<bigint, number>();
  addresses.forEach((address, at) => {
    const known = index.get(address);
    if (known === undefined || slots[at]! < slots[known]!) index.set(address, at);
  });
  const labels = program.symbols.labels.map(({ statement }) => {
    const section = laid.sections[laid.section[statement]!];
    return section === undefined ? 0n : space.section(section.name) + BigInt(laid.offset[statement]!) + shift;
  });
  const placed = { addresses, backs: addresses.map((address) => address + BUNDLE), slots, index, labels };
  if (follows !== undefined) follow(program, follows, placed);
  return placed;
}

/** Gives labels, vectors, return points and reads of ip in a listing the addresses that they have in the source's image. */
function follow(program: Program, follows: Follows, placed: Placed): void {
  const { image: source, foreign } = follows;
  sourceLabels(program, follows)?.forEach((label, at) => {
    const address = sourceLabel(source, at);
    placed.labels[label.id] = address;
    if (label.instruction >= 0) placed.index.set(address, label.instruction);
  });
  const originsBefore = source.program.origins.filter(({ instruction }) => instruction >= 0);
  const originsHere = program.origins.filter(({ instruction }) => instruction >= 0);
  originsHere.forEach((origin, at) => {
    const before = originsBefore[at];
    if (before !== undefined && before.offset === origin.offset)
      placed.index.set(source.addresses[before.instruction]!, origin.instruction);
  });
  followCalls(program, source, foreign, placed);
  const reads = source.program.instructions.filter(readsIp);
  const readsHere = program.instructions.filter((each) => readsIp(each) && foreign[each.index] === 0);
  if (reads.length === readsHere.length)
    readsHere.forEach(({ index }, which) => {
      placed.addresses[index] = source.addresses[reads[which]!.index]!;
    });
}

/**
 * Gives the return point of each call its address in the source. A call returns to the bundle after its own, so instructions after
 * it in its bundle are skipped. If the source has such instructions, and a label after them, the listing would return to another
 * place; this matters only if the callee returns through this register.
 */
function followCalls(program: Program, source: Image, foreign: Uint8Array, placed: Placed): void {
  const calls = callsOf(source.program);
  const callsHere = callsOf(program).filter((at) => foreign[at] === 0);
  if (calls.length !== callsHere.length) return;
  const labels = new Set(source.labelAddresses);
  callsHere.forEach((at, which) => {
    const back = source.backs[calls[which]!]!;
    const following = placed.index.get(placed.backs[at]!) ?? program.next[at]!;
    const hasLabel = labels.has(back);
    const { instruction } = program.symbols.labels.find((label) => placed.labels[label.id] === back) ?? {};
    if (hasLabel && instruction !== following) {
      if (program.instructions[at]!.effects.branch!.link !== RETURN_POINTER) placed.backs[at] = back;
      return;
    }
    placed.backs[at] = back;
    if (following >= 0) placed.index.set(back, following);
  });
}

/** b0, the return register of the software conventions. */
const RETURN_POINTER = 0;

function sourceLabel(source: Image, label: number): bigint {
  return source.labelAddresses[label]!;
}

function callsOf({ instructions }: Program): number[] {
  return instructions.filter(({ effects }) => effects.branch?.kind === 'call').map(({ index }) => index);
}

function readsIp({ effects }: ProgramInstruction): boolean {
  return effects.form?.id === 'mov-from-ip';
}

function stopsOf({ instructions, next }: Program): Uint8Array {
  return Uint8Array.from(instructions, ({ group }, index) => {
    const following = next[index]!;
    return following < 0 || instructions[following]!.group !== group ? 1 : 0;
  });
}

const WORDS: Readonly<Record<string, number>> = { data8: 8, 'data8.ua': 8, '.quad': 8 };

/**
 * The words of data directives: numbers and addresses.
 *
 * @param shift added to the addresses of labels that only this image has
 */
function dataOf(
  program: Program,
  laid: Layout,
  space: AddressSpace,
  placed: Placed,
  shift: bigint,
): ReadonlyMap<bigint, bigint> {
  const words = new Map<bigint, bigint>();
  program.statements.forEach((statement, at) => {
    const name =
      statement.kind === 'instruction' ? statement.mnemonic : statement.kind === 'directive' ? statement.name : '';
    if (!Object.hasOwn(WORDS, name)) return;
    const section = laid.sections[laid.section[at]!];
    if (section === undefined) return;
    const values =
      statement.kind === 'instruction' ? statement.inputs : statement.kind === 'directive' ? statement.args : [];
    let address = space.section(section.name) + BigInt(laid.offset[at]!);
    for (const value of values) {
      for (const here of new Set([address, address + shift])) {
        const scope = scopeAt(program, space, placed, at, here);
        words.set(here, BigInt.asUintN(64, expressionValue(value, scope, 0)));
      }
      address += 8n;
    }
  });
  return words;
}
