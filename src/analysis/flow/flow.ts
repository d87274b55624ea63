/**
 * Control flow that the text alone decides: basic blocks, how each ends, and labels whose address is taken. Requires: the
 * program. Banks and the targets of indirect branches come later (interpreter.ts), and what subroutines change (subroutines.ts).
 */

import type { BreakConvention, Conventions } from '../../config/conventions.ts';
import { breakConventionOf, conventionName, matches } from '../../config/conventions.ts';
import { isOfClass } from '../../machine/classes.ts';
import { VECTOR_TABLE_SIZE } from '../../machine/vector-table.ts';
import { evaluateNumber } from '../../syntax/evaluate.ts';
import type { Program, ProgramInstruction } from '../program/program.ts';
import { type Label, labelsOfName, mentionedLabels, resolveTarget } from '../program/symbols.ts';
import { bankSetBy } from './mode-table.ts';

/** No block: control does not go there. */
export const NOWHERE = -1;
/** Behind the end of the section: control goes where this file cannot see. */
export const EXTERNAL = -2;

/** How a block ends. */
export interface Terminator {
  readonly kind: 'none' | 'jump' | 'either' | 'call' | 'indirect' | 'return' | 'rfi' | 'break' | 'halt' | 'unknown';
  /** Qualifying predicate of the branch; 0: always taken. -1: cannot be told. */
  readonly predicate: number;
  /** Block it goes to, or NOWHERE. */
  readonly target: number;
  /** Symbol of another file it goes to, or null; beside a target, which is weak then, of the one that may stand in its place. */
  readonly symbol: string | null;
  /** Branch register it goes through, or null. */
  readonly through: number | null;
  /** Branch register that gets the return address, or null. */
  readonly link: number | null;
  /** Of a `break`, which is 'halt' where nothing comes back from it: what is known of its handler; else null. */
  readonly handler: BreakConvention | null;
  /** The next block in the section, whether or not control reaches it; EXTERNAL at the section's end. */
  readonly next: number;
}

export interface BasicBlock {
  readonly id: number;
  /** First and last instruction; those between are found through `program.next`. */
  readonly first: number;
  readonly last: number;
  readonly size: number;
  readonly terminator: Terminator;
}

/** An instruction takes the address of code. */
export interface AddressTaken {
  readonly instruction: number;
  readonly block: number;
}

export interface Flow {
  readonly blocks: readonly BasicBlock[];
  /** Block of each instruction. */
  readonly blockOf: Int32Array;
  /** By block: where a fault of its first instruction goes on (exception tables). */
  readonly recoveries: ReadonlyMap<number, readonly number[]>;
  /** By block: the addresses that its instructions take. */
  readonly taken: ReadonlyMap<number, readonly AddressTaken[]>;
  /** By block: 1 if its address is in data, so that external code may enter it. */
  readonly inData: Uint8Array;
  /** Those of them that a branch through a register may find there: no entries of exception tables, no vectors. */
  readonly inTables: ReadonlySet<number>;
  /** Blocks that start a vector. */
  readonly vectors: readonly number[];
  /** Blocks of `.global` labels, with their symbol. */
  readonly globals: readonly { readonly block: number; readonly symbol: string }[];
}

/**
 * Blocks are cut at this many instructions even where nothing branches, so that a question about one instruction never
 * walks further than that.
 */
const BLOCK_LIMIT = 32;

/** @param cuts by instruction: a block begins here, whatever the program says; -1 where none need */
export function buildFlow(program: Program, conventions: Conventions, cuts: Int32Array | null = null): Flow {
  const faults = exceptionEntries(program, conventions);
  const vectors = vectorStarts(program, conventions);
  const { first, last, size, blockOf } = cutBlocks(program, findLeaders(program, faults, vectors, cuts));
  const place = (label: Label): number => (label.instruction < 0 ? NOWHERE : blockOf[label.instruction]!);
  const blocks: BasicBlock[] = first.map((start, id) => {
    const end = last[id]!;
    const following = program.next[end]!;
    const next = following < 0 ? EXTERNAL : blockOf[following]!;
    return {
      id,
      first: start,
      last: end,
      size: size[id]!,
      terminator: terminatorOf(program, conventions, end, next, place),
    };
  });

  const recoveries = new Map<number, number[]>();
  for (const { fault, recovery } of faults) push(recoveries, blockOf[fault]!, blockOf[recovery]!);
  const inData = new Uint8Array(blocks.length);
  const inTables = new Set<number>();
  for (const { section, values } of program.data) {
    const isTable = !matches(conventions.exceptionTables, section);
    for (const label of values.flat()) {
      if (label.kind !== 'label' || label.instruction < 0) continue;
      inData[place(label)] = 1;
      if (isTable && !vectors.has(label.instruction)) inTables.add(place(label));
    }
  }
  const globals = globalBlocks(program, place);
  return {
    blocks,
    blockOf,
    recoveries,
    taken: addressesTaken(program, blockOf, place),
    inData,
    inTables,
    vectors: [...vectors].map((instruction) => blockOf[instruction]!),
    globals,
  };
}

/** The entries for external code, by each of their names: `.global` labels, and `.global` aliases of labels. */
function globalBlocks({ symbols }: Program, place: (label: Label) => number): { block: number; symbol: string }[] {
  const labels = symbols.labels.filter(({ global }) => global).map((label) => ({ label, symbol: label.name }));
  const others = [...symbols.globals].filter((name) => !symbols.named.has(name));
  const named = others.flatMap((symbol) => labelsOfName(symbols, symbol).map((label) => ({ label, symbol })));
  return [...labels, ...named]
    .filter(({ label }) => label.instruction >= 0)
    .map(({ label, symbol }) => ({ block: place(label), symbol }));
}

/** Instructions that must start a block. */
function findLeaders(
  program: Program,
  faults: readonly { fault: number; recovery: number }[],
  vectors: ReadonlySet<number>,
  cuts: Int32Array | null,
): Uint8Array {
  const leaders = new Uint8Array(program.instructions.length + 1);
  cuts?.forEach((cut, instruction) => {
    if (cut >= 0) leaders[instruction] = 1;
  });
  for (const label of program.symbols.labels)
    if (label.kind === 'label' && label.instruction >= 0) leaders[label.instruction] = 1;
  for (const { fault, recovery } of faults) leaders[fault] = leaders[recovery] = 1;
  for (const vector of vectors) leaders[vector] = 1;
  return leaders;
}

function cutBlocks(program: Program, leaders: Uint8Array) {
  const count = program.instructions.length;
  const blockOf = new Int32Array(count).fill(-1);
  const first: number[] = [];
  const last: number[] = [];
  const size: number[] = [];
  // Sections interleave in the text; within one, an instruction continues its predecessor's block unless it leads one.
  for (let at = 0; at < count; at++) {
    const before = program.previous[at]!;
    const block = before < 0 ? -1 : blockOf[before]!;
    if (block >= 0 && leaders[at] === 0 && size[block]! < BLOCK_LIMIT && !endsBlock(program.instructions[before]!)) {
      blockOf[at] = block;
      last[block] = at;
      size[block]!++;
    } else {
      blockOf[at] = first.length;
      first.push(at);
      last.push(at);
      size.push(1);
    }
  }
  return { first, last, size, blockOf };
}

function endsBlock(instruction: ProgramInstruction): boolean {
  const { effects, statement } = instruction;
  if (!effects.known || statement.kind === 'macroCall') return true;
  if (effects.branch !== null) return effects.branch.kind !== 'epc';
  return isBreak(instruction) || bankSetBy(statement.mnemonic) !== null;
}

/** Is an instruction, by its index, a `break` from which nothing comes back, as the conventions have it? */
export function neverReturns(program: Program, conventions: Conventions, at: number): boolean {
  return isBreak(program.instructions[at]!) && handlerOf(program, conventions, at)?.comesBack === false;
}

function handlerOf(program: Program, conventions: Conventions, at: number): BreakConvention | null {
  const instruction = program.instructions[at]!;
  const routine = program.routines[instruction.routine]?.name ?? '';
  return breakConventionOf(conventions, immediateOf(instruction), conventionName(conventions, routine));
}

/** Whether an instruction calls an external handler: that of a debugger, the kernel or a hypervisor. */
export function isBreak(instruction: ProgramInstruction): boolean {
  return isOfClass(instruction.effects.form, 'breaks');
}

function terminatorOf(
  program: Program,
  conventions: Conventions,
  at: number,
  next: number,
  place: (label: Label) => number,
): Terminator {
  const instruction = program.instructions[at]!;
  const { effects } = instruction;
  const nothing = { target: NOWHERE, symbol: null, through: null, link: null, handler: null };
  const common = { ...nothing, predicate: effects.predicate, next };
  if (!effects.known) return { ...common, kind: 'unknown' };
  const { branch } = effects;
  if (branch === null) {
    if (!isBreak(instruction)) return { ...common, kind: 'none' };
    const handler = handlerOf(program, conventions, at);
    return { ...common, kind: handler?.comesBack === false ? 'halt' : 'break', handler };
  }
  const { through, link } = branch;
  if (branch.kind === 'rfi' || branch.kind === 'epc')
    return { ...common, kind: branch.kind === 'rfi' ? 'rfi' : 'none' };
  if (branch.kind === 'ia32') return { ...common, kind: 'unknown' };
  if (branch.kind === 'return') return { ...common, kind: 'return', through };
  const named = resolveTarget(program.symbols, branch.target, instruction.statementIndex);
  const target = named?.label != null ? place(named.label) : NOWHERE;
  const label = named?.label ?? null;
  // What a label at the end of a section leads to is no routine by its name.
  const symbol = label === null ? (named?.symbol ?? null) : label.weak ? label.name : null;
  if (branch.kind === 'call') return { ...common, kind: 'call', target, symbol, through, link };
  if (branch.kind === 'loop' || branch.kind === 'check') return { ...common, kind: 'either', target, symbol };
  return { ...common, kind: through === null ? 'jump' : 'indirect', target, symbol, through };
}

/** The immediate that a break hands to its handler; null: it cannot be told. */
function immediateOf({ statement, effects }: ProgramInstruction): bigint | null {
  // In a B slot none is handed over (SDM vol. 3, break).
  if (effects.form?.unit === 'B') return 0n;
  const operand = statement.kind === 'instruction' ? statement.inputs[0] : undefined;
  return operand === undefined ? 0n : (evaluateNumber(operand) ?? null);
}

/**
 * Pairs of an exception table: the instruction that may fault, and where it goes on. Linux's are `.xdata4 "__ex_table", 99f-., y-.`;
 * a table may as well give one value a line, or several pairs. Where values of a table do not come in pairs, each two that
 * are neighbours may be one.
 */
function exceptionEntries(program: Program, conventions: Conventions): { fault: number; recovery: number }[] {
  const entries: { fault: number; recovery: number }[] = [];
  const add = (faults: readonly Label[], recoveries: readonly Label[]): void => {
    for (const fault of faults)
      for (const recovery of recoveries)
        if (fault.instruction >= 0 && recovery.instruction >= 0)
          entries.push({ fault: fault.instruction, recovery: recovery.instruction });
  };
  const bySection = new Map<string, (readonly Label[])[]>();
  for (const { section, values } of program.data) {
    if (!matches(conventions.exceptionTables, section)) continue;
    if (values.length > 2) add(values[0]!, values.slice(1).flat());
    for (const value of values) push(bySection, section, value);
  }
  for (const values of bySection.values()) {
    const step = values.length % 2 === 0 ? 2 : 1;
    for (let at = 0; at + 1 < values.length; at += step) add(values[at]!, values[at + 1]!);
  }
  return entries;
}

/** The first instructions of vectors: those at the fixed offsets of a vector table, and at the table's own label. */
function vectorStarts(program: Program, conventions: Conventions): Set<number> {
  const { tables, sections } = conventions.vectors;
  const starts = new Set<number>();
  for (const table of tables) {
    const label = program.symbols.named.get(table);
    if (label !== undefined && label.instruction >= 0) starts.add(label.instruction);
  }
  for (const origin of program.origins) {
    if (origin.instruction < 0 || (origin.offset !== null && origin.offset >= VECTOR_TABLE_SIZE)) continue;
    if (matches(sections, origin.section) || (origin.base !== null && tables.includes(origin.base)))
      starts.add(origin.instruction);
  }
  return starts;
}

/** Labels named in operands that are no branch's target: `movl r30=1f`, `adds r8=1f-1b,r8`, `mov b7=r8,f`. */
function addressesTaken(
  program: Program,
  blockOf: Int32Array,
  place: (label: Label) => number,
): Map<number, AddressTaken[]> {
  const taken = new Map<number, AddressTaken[]>();
  const labels: Label[] = [];
  const { instructions, symbols } = program;
  for (let index = 0; index < instructions.length; index++) {
    const { statement, statementIndex, effects } = instructions[index]!;
    if (statement.kind !== 'instruction' || effects.branch !== null) continue;
    const { inputs } = statement;
    labels.length = 0;
    for (let at = 0; at < inputs.length; at++)
      if (inputs[at]!.kind !== 'number') mentionedLabels(symbols, inputs[at]!, statementIndex, labels);
    for (let at = 0; at < labels.length; at++) {
      const label = labels[at]!;
      if (label.kind === 'label' && label.instruction >= 0)
        push(taken, blockOf[index]!, { instruction: index, block: place(label) });
    }
  }
  return taken;
}

function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}

/** May a branch to what its operand names go to code of another file? */
export function mayLeaveFile({ target, symbol }: Terminator): boolean {
  return target === NOWHERE || symbol !== null;
}

/** May control go on to the block that follows, by falling through or by coming back from a call? */
export function continues(transfer: Terminator): boolean {
  switch (transfer.kind) {
    case 'none':
    case 'either':
    case 'call':
    case 'break':
    case 'unknown':
      return true;
    default:
      return transfer.predicate !== 0;
  }
}
