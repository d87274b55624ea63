/**
 * Loops that try a compare and exchange again: what its result has replaced is read as if it were still there. Requires: the
 * graph.
 */

import { copiedRegister } from '../../machine/copies.ts';
import { registerFor } from '../../machine/purposes.ts';
import { isGeneral, registerName, registerNamed, registerOf } from '../../machine/register-numbers.ts';
import type { Node } from '../flow/graph.ts';
import { predecessorsOf } from '../flow/predecessors.ts';
import type { Solution } from '../liveness/program-points.ts';
import type { ProgramInstruction } from '../program/program.ts';
import { edgesOf } from './entry-values.ts';

export interface ReplacedByResult {
  /** The compare and exchange. */
  readonly instruction: number;
  /** The register that it puts its result into. */
  readonly register: string;
  /** The instruction that reads the result, in the next round, for what was there before the loop. */
  readonly reader: number;
}

const COMPARE_VALUE = registerNamed(registerFor('compare-value').name);

/** An instruction in its node. */
interface Place {
  readonly node: Node;
  readonly position: number;
}

/**
 * The value to compare with is loaded anew in each round. Where it is the result itself that is compared with next, the result
 * is meant.
 */
export function replacedByResults(solution: Solution): ReplacedByResult[] {
  const found = new Map<number, ReplacedByResult>();
  for (const node of solution.graph.nodes) {
    node.code.forEach((instruction, position) => {
      if (!exchanges(instruction, node)) return;
      const reader = readerOf(solution, { node, position });
      if (reader === null) return;
      const register = registerName(resultOf({ node, position }));
      found.set(instruction.index, { instruction: instruction.index, register, reader });
    });
  }
  return [...found.values()].sort((a, b) => a.instruction - b.instruction);
}

function exchanges({ effects }: ProgramInstruction, { bank }: Node): boolean {
  if (!effects.known || !effects.readsMemory || !effects.writesMemory || effects.results.length !== 1) return false;
  return effects.reads.some((resource) => registerOf[bank][resource] === COMPARE_VALUE);
}

function instructionAt({ node, position }: Place): ProgramInstruction {
  return node.code[position]!;
}

function resultOf(place: Place): number {
  return registerOf[place.node.bank][instructionAt(place).effects.results[0]!]!;
}

function readsOf({ node, position }: Place): number[] {
  const { effects } = node.code[position]!;
  return effects.reads.map((resource) => registerOf[node.bank][resource]!);
}

/** The address is read first; a predicate that decides is no general register. */
function addressOf(place: Place): number | undefined {
  return readsOf(place).find((register) => register >= 0 && isGeneral(register));
}

function writes({ node, position }: Place, register: number): boolean {
  const { effects } = node.code[position]!;
  return !effects.known || effects.writes.some((resource) => registerOf[node.bank][resource] === register);
}

/** The first reader, in the round behind the exchange, that is also led to from before the loop. */
function readerOf(solution: Solution, exchange: Place): number | null {
  const register = resultOf(exchange);
  if (register < 0 || !comparesWithLoaded(solution, exchange)) return null;
  for (const place of readBehind(solution, exchange, register)) {
    if (!leadsTo(solution, place, exchange)) continue;
    const definitions = definitionsOf(solution, place, register);
    const isExchange = (each: Place | null): boolean =>
      each?.node === exchange.node && each.position === exchange.position;
    const others = definitions.filter((each) => !isExchange(each));
    const isBefore = (each: Place | null): boolean => each === null || !leadsTo(solution, exchange, each);
    if (others.length > 0 && others.length < definitions.length && others.every(isBefore))
      return instructionAt(place).index;
  }
  return null;
}

/** Is the value to compare with, whatever way leads here, a copy of what was loaded from where the exchange goes? */
function comparesWithLoaded(solution: Solution, exchange: Place): boolean {
  const base = addressOf(exchange);
  const result = resultOf(exchange);
  const setting = definitionsOf(solution, exchange, COMPARE_VALUE);
  return setting.every((place) => {
    if (place === null) return false;
    const copied = copiedRegister(instructionAt(place).effects, registerOf[place.node.bank]);
    if (copied < 0 || copied === result) return false;
    return definitionsOf(solution, place, copied).every((each) => {
      if (each === null) return false;
      const { effects } = instructionAt(each);
      return effects.known && effects.readsMemory && !effects.writesMemory && addressOf(each) === base;
    });
  });
}

/** The places that read a register behind one that writes it, before it is written again, in the order of the way. */
function* readBehind(solution: Solution, from: Place, register: number): Iterable<Place> {
  const { nodes } = solution.graph;
  const queue: Place[] = [{ node: from.node, position: from.position + 1 }];
  const seen = new Set<number>();
  for (let at = 0; at < queue.length; at++) {
    const { node, position } = queue[at]!;
    let written = false;
    for (let each = position; each < node.code.length && !written; each++) {
      const place = { node, position: each };
      if (readsOf(place).includes(register)) yield place;
      written = writes(place, register);
    }
    if (written) continue;
    for (const { to } of edgesOf(solution, node)) {
      if (seen.has(to)) continue;
      seen.add(to);
      queue.push({ node: nodes[to]!, position: 0 });
    }
  }
}

/** Whether control may come from behind one place to another. */
function leadsTo(solution: Solution, from: Place, to: Place): boolean {
  if (from.node === to.node && from.position < to.position) return true;
  const seen = new Set<number>();
  const queue = [from.node];
  for (let at = 0; at < queue.length; at++) {
    for (const { to: next } of edgesOf(solution, queue[at]!)) {
      if (next === to.node.id) return true;
      if (seen.has(next)) continue;
      seen.add(next);
      queue.push(solution.graph.nodes[next]!);
    }
  }
  return false;
}

/** The places whose values of a register may be there in front of a place; null among them: what outside gave. */
function definitionsOf({ graph }: Solution, place: Place, register: number): (Place | null)[] {
  const found = new Map<string, Place | null>();
  const before = predecessorsOf(graph);
  const queue: Place[] = [place];
  const seen = new Set<number>();
  const gone = new Set<readonly Node[]>();
  for (let at = 0; at < queue.length; at++) {
    const { node, position } = queue[at]!;
    let each = position - 1;
    while (each >= 0 && !writes({ node, position: each }, register)) each--;
    if (each >= 0) {
      found.set(`${node.id} ${each}`, { node, position: each });
      continue;
    }
    const groups = before.groups(node);
    if (groups.length === 0) found.set('outside', null);
    for (const way of groups.filter((group) => !gone.has(group)).flat()) {
      if (seen.has(way.id)) continue;
      seen.add(way.id);
      queue.push({ node: way, position: way.code.length });
    }
    for (const group of groups) gone.add(group);
  }
  return [...found.values()];
}
