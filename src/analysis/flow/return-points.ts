/**
 * Where subroutines of this file return to: the nodes behind their calls. Requires: the edges that the interpreter has found.
 *
 * A subroutine ends in branches through registers. One that is called and leaves through another register than it was called
 * with may return for the one that called it. Callers are collected over the strongly connected components of all that
 * subroutines run, so that routines which jump to or call each other in a ring share one list.
 */

import { ComponentSearch } from './components.ts';
import type { FoundEdges } from './edges.ts';
import type { Flow } from './flow.ts';
import { insideSuccessors, isExit } from './subroutines.ts';

/** Where a subroutine returns to: the node behind a call that links through `link`. */
export interface Caller {
  readonly link: number;
  readonly node: number;
}

/** In the order of the calls; blocks with the same callers share a list. */
type CallersBy = ReadonlyMap<number, readonly Caller[]>;

/** The nodes that control comes back to from subroutines of this file. */
export interface ReturnPoints {
  /** By entry of a subroutine: those of its calls. */
  readonly ofEntry: CallersBy;
  /** By block that may end subroutines: those of the calls of all of them. */
  readonly ofExit: CallersBy;
  readonly all: readonly number[];
}

/** @param nodeOf node of a block on a bank, at `block * 2 + bank`; -1: none */
export function returnPoints(flow: Flow, edges: FoundEdges, nodeOf: Int32Array): ReturnPoints {
  const ofEntry = new Map<number, Caller[]>();
  const all = new Set<number>();
  const order = new Map<Caller, number>();
  for (const [id, entries] of edges.callSites) {
    const { link, next } = flow.blocks[id]!.terminator;
    for (const entry of entries) if (!ofEntry.has(entry)) ofEntry.set(entry, []);
    if (link === null || next < 0) continue;
    for (const node of [nodeOf[next * 2]!, nodeOf[next * 2 + 1]!].filter((each) => each >= 0)) {
      const caller = { link, node };
      order.set(caller, order.size);
      all.add(node);
      for (const entry of entries) ofEntry.get(entry)!.push(caller);
    }
  }
  return { ofEntry, ofExit: callersOfExits(flow, edges, ofEntry, order), all: [...all] };
}

/** By block that ends in a branch through a register: the callers of all subroutines that reach it. */
function callersOfExits(
  flow: Flow,
  edges: FoundEdges,
  ofEntry: CallersBy,
  order: ReadonlyMap<Caller, number>,
): CallersBy {
  const exits = flow.blocks.filter(isExit);
  const found = new Map<number, readonly Caller[]>();
  for (const through of new Set(exits.map(({ terminator }) => terminator.through))) {
    const successors = (id: number): readonly number[] => {
      const { kind, link } = flow.blocks[id]!.terminator;
      const inside = insideSuccessors(flow, id, edges);
      return kind === 'call' && (link ?? 0) !== through ? [...inside, ...edges.calls(id)] : inside;
    };
    const reaching = callersReaching(flow.blocks.length, ofEntry, successors, order);
    for (const { id, terminator } of exits)
      if (terminator.through === through && reaching[id] !== undefined) found.set(id, reaching[id]);
  }
  return found;
}

/** By block: the callers of the entries that lead to it; undefined where none does. */
function callersReaching(
  count: number,
  ofEntry: CallersBy,
  successors: (id: number) => readonly number[],
  order: ReadonlyMap<Caller, number>,
): (readonly Caller[] | undefined)[] {
  const reaching = new Array<readonly Caller[] | undefined>(count);
  const incoming = new Map<number, Set<readonly Caller[]>>();
  const search = new ComponentSearch(count, successors);
  const components = [...ofEntry.keys()].flatMap((entry) => search.from(entry));
  for (const members of components.reverse()) {
    const lists = new Set<readonly Caller[]>();
    for (const id of members) {
      const own = ofEntry.get(id);
      if (own !== undefined) lists.add(own);
      for (const list of incoming.get(id) ?? []) lists.add(list);
    }
    const list = union(lists, order);
    for (const id of members) reaching[id] = list;
    for (const id of members)
      for (const next of successors(id)) {
        const known = incoming.get(next);
        if (known === undefined) incoming.set(next, new Set([list]));
        else known.add(list);
      }
  }
  return reaching;
}

function union(lists: ReadonlySet<readonly Caller[]>, order: ReadonlyMap<Caller, number>): readonly Caller[] {
  const [first, ...others] = lists;
  if (first !== undefined && others.length === 0) return first;
  return [...new Set([...lists].flat())].sort((a, b) => order.get(a)! - order.get(b)!);
}
