/** Which registers hold nothing for the code that begins: at vectors, at routines, where a nested miss comes back to. */
import { type Conventions, matches } from '../../config/conventions.ts';
import { registerFor } from '../../machine/purposes.ts';
import {
  ALL_REGISTERS,
  BANK0_REGISTERS,
  general,
  inBank,
  isGeneral,
  isPredicate,
  isStacked,
  predicateNumber,
  registerNamed,
  registerOf,
  STACKED_REGISTERS,
} from '../../machine/register-numbers.ts';
import { registersOf } from '../../machine/register-table.ts';
import { type Vector, vectorAt } from '../../machine/vector-table.ts';
import { routineEntries } from '../flow/entries.ts';
import type { FrameSize, Frames } from '../flow/frames.ts';
import type { Node } from '../flow/graph.ts';
import { predecessorsOf } from '../flow/predecessors.ts';
import { takesUnusual, unusualRegisters } from '../flow/unusual.ts';
import { vectorSlots } from '../flow/vector-slots.ts';
import { gone } from './gone.ts';
import type { Solution } from './program-points.ts';

/**
 * Points at which registers hold no value although no instruction has destroyed it: vectors, and where the nested-miss
 * handler goes on.
 */
export function seed(
  solution: Solution,
  frames: Frames,
  lose: (node: Node, register: number, what: number) => void,
): void {
  const { conventions, flow, graph, program } = solution;
  const nested = conventions.nestedMiss;
  const nodeOn0 = (block: number): Node | undefined => graph.nodes[graph.nodeOf[block * 2]!];
  const continuations = [...flow.taken.values()].flat().filter(({ instruction }) => {
    const { effects, section } = program.instructions[instruction]!;
    if (nested === null || !matches(nested.sections, section)) return false;
    return effects.results.some((resource) => registerOf[0][resource] === nested.continuation);
  });
  // The nested-miss handler runs on the registers of the handler that it interrupts. Where nobody tells it in the way of the
  // convention where to go on, it goes by another agreement, of which nothing is known: it may read them all.
  const handedOver = nested !== null && continuations.length > 0 ? nested.reads : BANK0_REGISTERS;
  const { holds } = conventions.vectors;
  const left = BANK0_REGISTERS.filter((register) => !holds.includes(register));
  for (const { offset, first } of vectorSlots(solution)) {
    const node = nodeOn0(flow.blockOf[first]!);
    if (node === undefined) continue;
    const given = offset === null ? [] : givenAt(vectorAt(offset), handedOver);
    const unwritten = gone('entry', first);
    for (const register of left) if (!given.includes(register)) lose(node, register, unwritten);
    for (const predicate of PREDICATES) if (!given.includes(predicate)) lose(node, predicate, unwritten);
    for (const count of LOOP_COUNTS) lose(node, count, unwritten);
  }
  for (const entry of callerEntries(solution)) {
    const unpassed = gone('routine', entry.first);
    for (const register of notPassed(solution, entry, frames, left)) lose(entry.node, register, unpassed);
  }
  for (const node of onlyCalled(solution)) {
    const unpassed = gone('routine', node.block.first);
    for (const register of beyondInputs(node, frames)) lose(node, register, unpassed);
  }
  if (nested === null) return;
  for (const { instruction, block } of continuations) {
    const node = nodeOn0(block);
    if (node === undefined) continue;
    for (const register of nested.clobbers)
      if (!nested.returns.includes(register)) lose(node, inBank(register, 0), gone('fault', instruction));
  }
}

/** Where calls of this file enter, and nothing else does: a branch, or the code above, would bring a frame along. */
function onlyCalled({ flow, graph }: Solution): readonly Node[] {
  const called = new Set(
    flow.blocks.flatMap(({ terminator: { kind, target } }) => (kind === 'call' && target >= 0 ? [target] : [])),
  );
  const others = new Set([...flow.vectors, ...flow.globals.map(({ block }) => block)]);
  const before = predecessorsOf(graph);
  const isCall = ({ block: { terminator } }: Node, target: Node['block']) =>
    terminator.target === target.id && terminator.kind === 'call';
  return graph.nodes.filter(
    (node) =>
      called.has(node.block.id) &&
      !others.has(node.block.id) &&
      before.groups(node).every((group) => group.every((way) => isCall(way, node.block))),
  );
}

/** Registers of bank 0 that hold something for the handler when it begins. */
function givenAt({ nested, given }: Vector, handedOver: readonly number[]): readonly number[] {
  return nested ? handedOver : given.map((name) => inBank(registerNamed(name), 0));
}

const PREDICATES = ALL_REGISTERS.filter(isPredicate);

/** Loop counts are the caller's: to save them is no fault, to count by them is (clobbered-reads.ts). */
const LOOP_COUNTS = (['loop-count', 'epilog-count'] as const).map((purpose) =>
  registerNamed(registerFor(purpose).name),
);

/** p16-p63 rotate: nobody passes anything in them, though they are the caller's (SDM vol. 1, 4.5.1). */
const ROTATING = PREDICATES.filter((predicate) => predicateNumber(predicate) >= 16);

interface CallerEntry {
  readonly first: number;
  readonly node: Node;
  /**
   * What is known of its callers. described: what a convention says; called: they keep to the software conventions; unusual: the
   * code reads registers in which those pass nothing.
   */
  readonly kind: 'described' | 'called' | 'unusual';
}

/** Where code outside comes in on bank 1. */
function callerEntries(solution: Solution): CallerEntry[] {
  const { conventions, flow, graph, program } = solution;
  const unusual = unusualRegisters(conventions);
  const called = new Set(routineEntries(solution).map(({ node }) => node));
  const vectors = new Set(flow.vectors);
  return flow.globals.flatMap(({ block, symbol }): CallerEntry[] => {
    const node = graph.nodes[graph.nodeOf[block * 2 + 1]!];
    if (node === undefined || vectors.has(block) || conventions.physicalMode.entries.includes(symbol)) return [];
    const { first } = flow.blocks[block]!;
    if (conventions.symbols.has(symbol)) return [{ first, node, kind: 'described' }];
    const isCalled = called.has(node) && !takesUnusual(program, first, unusual);
    return [{ first, node, kind: isCalled ? 'called' : 'unusual' }];
  });
}

/**
 * What nobody passes: bank 0, which the next interruption takes for itself; where the software conventions hold, what a call
 * destroys and what lies behind the inputs. A routine whose frame has inputs is called by them for its general registers, too.
 */
function notPassed(
  { conventions }: Solution,
  { node, kind }: CallerEntry,
  frames: Frames,
  bank0: readonly number[],
): readonly number[] {
  const destroyed = conventions.call.clobbers[1];
  const scratch = kind !== 'described' && takesInputs(node, frames) ? destroyed.filter(passesNothing(conventions)) : [];
  if (kind === 'unusual') return scratch;
  if (kind === 'described') return bank0;
  return [
    ...scratch,
    ...bank0,
    ...destroyed.filter(isPredicate),
    ...ROTATING,
    ...LOOP_COUNTS,
    ...beyondInputs(node, frames),
  ];
}

function takesInputs(node: Node, frames: Frames): boolean {
  return (firstFrame(node, frames)?.inputs ?? 0) > 0;
}

/** A general register in which no argument comes, nor the address of a structure that is to be returned: r8. */
function passesNothing({ call }: Conventions): (register: number) => boolean {
  const result = registersOf('gr').find((each) => each?.role === 'return');
  return (register) =>
    isGeneral(register) &&
    !isStacked(register) &&
    !call.reads[1].includes(register) &&
    register !== general(result!.number);
}

/** The frame of the first `alloc`, where that is made before control can part. */
function firstFrame({ code }: Node, frames: Frames): FrameSize | null {
  for (const { index } of code) {
    const frame = frames.after(index, null);
    if (frame !== null) return frame;
  }
  return null;
}

/** The stacked registers that hold no argument. */
function beyondInputs(node: Node, frames: Frames): readonly number[] {
  const frame = firstFrame(node, frames);
  return frame === null || frame.rotating > 0 ? [] : STACKED_REGISTERS.slice(frame.inputs, frame.size);
}
