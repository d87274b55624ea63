/**
 * Parts of interruption handlers that stand in another file than their vector: code that is branched to with the handler's
 * registers, on bank 0, and ends in `rfi`. Requires: the graph.
 */

import table from '../../../grammar/interruption-registers.tsv';
import { isOfClass } from '../../machine/classes.ts';
import { copiedRegister } from '../../machine/copies.ts';
import { registerFor } from '../../machine/purposes.ts';
import {
  BANK0_REGISTERS,
  type Bank,
  isBranch,
  isGeneral,
  registerName,
  registerOf,
} from '../../machine/register-numbers.ts';
import { registerByName } from '../../machine/register-table.ts';
import { PR, resourceNamed } from '../../machine/resources.ts';
import { tableRows } from '../../machine/tsv.ts';
import type { Node } from '../flow/graph.ts';
import { takesUnusual, unusualRegisters } from '../flow/unusual.ts';
import type { Solution } from '../liveness/program-points.ts';
import type { ProgramInstruction } from '../program/program.ts';
import { computer, copyOf, type EntryState, edgesOf, entryOf, stepOver } from './entry-values.ts';

/**
 * The nodes at which such parts begin. What is known of one is that it reads what an interruption has left; where firmware or
 * a loader comes in nothing was interrupted, and code that goes on by rfi at an address that it names itself returns to nobody.
 */
export function handlerParts(solution: Solution): number[] {
  const { conventions, flow, graph, program } = solution;
  const vectors = new Set(flow.vectors);
  const unusual = unusualRegisters(conventions);
  return flow.globals.flatMap(({ block, symbol }) => {
    const node = graph.nodeOf[block * 2]!;
    if (node < 0 || vectors.has(block) || conventions.physicalMode.entries.includes(symbol)) return [];
    const convention = conventions.symbols.get(symbol);
    if (convention !== undefined ? convention.bank !== 0 : !takesUnusual(program, flow.blocks[block]!.first, unusual))
      return [];
    return returnsToInterrupted(solution, node) ? [node] : [];
  });
}

const LEFT: readonly number[] = tableRows(table).map(([register]) => resourceNamed(register!));
const RESUMED = registerFor('interrupted-address').resource;

function returnsToInterrupted(solution: Solution, entry: number): boolean {
  const { nodes } = solution.graph;
  const queue = [entry];
  const seen = new Set(queue);
  let reads = false;
  let ends = false;
  for (let at = 0; at < queue.length; at++) {
    const node = nodes[queue[at]!]!;
    if (namesWhereItGoes(node)) return false;
    for (const instruction of node.code) {
      const { branch, reads: read } = instruction.effects;
      reads ||= branch === null && read.some((resource) => LEFT.includes(resource));
    }
    ends ||= node.block.terminator.kind === 'rfi';
    for (const { to } of edgesOf(solution, node)) {
      if (seen.has(to)) continue;
      seen.add(to);
      queue.push(to);
    }
  }
  return reads && ends;
}

/**
 * The nodes at which code begins that goes on in what was interrupted, whose state it loads: the way out of a kernel. What is
 * known of one is that the address that its rfi goes to is loaded, and by nothing else computed, and that it loads a branch
 * register: where a program is entered for the first time there is no state of it but its address and its stack.
 */
export function waysOut({ conventions, flow, graph }: Solution): number[] {
  const vectors = new Set(flow.vectors);
  return flow.globals.flatMap(({ block, symbol }) => {
    const node = graph.nodeOf[block * 2 + 1]!;
    if (node < 0 || vectors.has(block) || conventions.physicalMode.entries.includes(symbol)) return [];
    return loadsInterrupted(codeToRfi(graph.nodes, node)) ? [node] : [];
  });
}

/** What runs from an entry on, in no order; nothing where none of it ends in rfi. */
function codeToRfi(nodes: readonly Node[], entry: number): readonly ProgramInstruction[] {
  const queue = [entry];
  const seen = new Set(queue);
  const code: ProgramInstruction[] = [];
  let ends = false;
  for (let at = 0; at < queue.length; at++) {
    const node = nodes[queue[at]!]!;
    code.push(...node.code);
    const { kind } = node.block.terminator;
    ends ||= kind === 'rfi';
    // What a return leads to is another routine's.
    if (kind === 'return' || kind === 'indirect') continue;
    for (const to of [...node.exit.taken, node.exit.next]) {
      if (to < 0 || seen.has(to)) continue;
      seen.add(to);
      queue.push(to);
    }
  }
  return ends ? code : [];
}

function loadsInterrupted(code: readonly ProgramInstruction[]): boolean {
  const addresses = definitionsOf(
    code,
    code.filter(({ effects }) => effects.writes.includes(RESUMED)),
  );
  if (addresses.length === 0 || !addresses.every(isLoad)) return false;
  return definitionsOf(
    code,
    code.filter(({ effects }) => effects.branch === null && effects.results.some(isOfBranch)),
  ).some(isLoad);
}

/** What computes the general registers that some instructions read. */
function definitionsOf(code: readonly ProgramInstruction[], readers: readonly ProgramInstruction[]) {
  const sources = new Set(readers.flatMap(({ effects }) => effects.reads.filter(isOfGeneral)));
  return code.filter(({ effects }) => effects.results.some((resource) => sources.has(resource)));
}

function isLoad({ effects }: ProgramInstruction): boolean {
  return effects.known && effects.readsMemory;
}

function isOfBranch(resource: number): boolean {
  const register = registerOf[1][resource]!;
  return register >= 0 && isBranch(register);
}

function isOfGeneral(resource: number): boolean {
  const register = registerOf[1][resource]!;
  return register >= 0 && isGeneral(register);
}

/** Does an rfi go on at an address that the code names itself? Then it returns to nobody. */
export function namesWhereItGoes({ code }: Node): boolean {
  return code.some((each) => each.effects.writes.includes(RESUMED) && namesItsTarget(code, each));
}

/** `movl r8=start ... mov cr.iip=r8`, within one block. */
function namesItsTarget(code: readonly ProgramInstruction[], write: ProgramInstruction): boolean {
  const before = code.slice(0, code.indexOf(write)).reverse();
  return write.effects.reads.some((resource) => {
    const definition = before.find(({ effects }) => effects.writes.includes(resource));
    return definition !== undefined && isConstant(definition);
  });
}

/** Does it move a number or an address, not a register? */
function isConstant({ effects: { form, reads, predicate } }: ProgramInstruction): boolean {
  return isOfClass(form, 'moves') && reads.every((resource) => predicate > 0 && resource === PR(predicate));
}

/**
 * Whose is a register that such a part leaves changed? Branch, predicate and application registers are always the interrupted
 * code's; a general one may be the result that it asked for, but not where the part has made a copy of it first, or works with
 * what it puts there itself.
 */
export function isInterrupted(
  solution: Solution,
  states: readonly (EntryState | undefined)[],
  register: number,
  write: number,
): boolean {
  if (!isGeneral(register)) return true;
  const { role } = registerByName(registerName(register))!;
  if (role === 'return') return false;
  const evident = isCopied(solution, states, register, write);
  return evident || (role !== 'special' && (isCopy(solution, write) || isTemporary(solution, states, register, write)));
}

/** `mov r3=r29`: what looks like putting something back. */
function isCopy({ program }: Solution, write: number): boolean {
  return copiedRegister(program.instructions[write]!.effects, registerOf[0]) >= 0;
}

type Visit = (instruction: ProgramInstruction, state: EntryState, bank: Bank) => boolean;

/** Visits the instructions of nodes, with the state in front of each, until one will do. */
function someInstruction(
  solution: Solution,
  states: readonly (EntryState | undefined)[],
  nodes: readonly number[],
  visit: Visit,
): boolean {
  return nodes.some((id) => {
    const before = states[id];
    if (before === undefined) return false;
    const state = copyOf(before);
    const { code, bank } = solution.graph.nodes[id]!;
    for (const instruction of code) {
      if (visit(instruction, state, bank)) return true;
      stepOver(solution, state, instruction, bank);
    }
    return false;
  });
}

/** Is there a copy of the register's entry value in bank 0, in front of the instruction that overwrites it? */
function isCopied(
  solution: Solution,
  states: readonly (EntryState | undefined)[],
  register: number,
  write: number,
): boolean {
  const { flow, graph } = solution;
  const block = flow.blockOf[write]! * 2;
  return someInstruction(
    solution,
    states,
    [graph.nodeOf[block]!, graph.nodeOf[block + 1]!],
    ({ index }, { holds }) => index === write && BANK0_REGISTERS.some((holder) => holds[holder] === entryOf(register)),
  );
}

/** Does an instruction read what that one has computed or loaded into the register? */
function isTemporary(
  solution: Solution,
  states: readonly (EntryState | undefined)[],
  register: number,
  write: number,
): boolean {
  return someInstruction(
    solution,
    states,
    solution.graph.nodes.map(({ id }) => id),
    ({ effects }, { holds }, bank) =>
      computer(holds[register]!) === write && effects.reads.some((resource) => registerOf[bank][resource] === register),
  );
}
