/**
 * Where subroutines of this file return to: the nodes behind their calls. Requires: the edges that the interpreter has found.
 */

import type { FoundEdges } from './edges.ts';
import type { Flow } from './flow.ts';
import type { Subroutines } from './subroutines.ts';

/** Where a subroutine returns to: the node behind a call that links through `link`. */
export interface Caller {
  readonly link: number;
  readonly node: number;
}

type CallersBy = ReadonlyMap<number, ReadonlyMap<number, Caller>>;

/** The nodes that control comes back to from subroutines of this file. */
export interface ReturnPoints {
  /** By entry of a subroutine: those of its calls. */
  readonly ofEntry: CallersBy;
  /** By block that may end subroutines: those of the calls of all of them. */
  readonly ofExit: CallersBy;
  readonly all: readonly number[];
}

/** @param nodeOf node of a block on a bank, at `block * 2 + bank`; -1: none */
export function returnPoints(
  flow: Flow,
  edges: FoundEdges,
  subroutines: Subroutines,
  nodeOf: Int32Array,
): ReturnPoints {
  const ofEntry = new Map<number, Map<number, Caller>>();
  const ofExit = new Map<number, Map<number, Caller>>();
  const all = new Set<number>();
  const exits = subroutines.exits(edges.callSites);
  for (const [id, entries] of edges.callSites) {
    const { link, next } = flow.blocks[id]!.terminator;
    if (link === null || next < 0) continue;
    const points = [nodeOf[next * 2]!, nodeOf[next * 2 + 1]!].filter((node) => node >= 0);
    for (const node of points) all.add(node);
    for (const entry of entries) {
      for (const node of points) addCaller(ofEntry, entry, { link, node });
      for (const exit of exits.of(entry)) for (const node of points) addCaller(ofExit, exit, { link, node });
    }
  }
  return { ofEntry, ofExit, all: [...all] };
}

function addCaller(map: Map<number, Map<number, Caller>>, key: number, caller: Caller): void {
  let callers = map.get(key);
  if (callers === undefined) {
    callers = new Map();
    map.set(key, callers);
  }
  callers.set(caller.node * LINKS + caller.link, caller);
}

const LINKS = 8;
