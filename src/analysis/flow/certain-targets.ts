/** Where control surely may go on. Requires: the graph. */
import type { Node } from './graph.ts';

/**
 * Successors of a node by edges that certainly exist. For a branch through a register of unknown content the graph has an
 * edge to every address that is taken somewhere: a value destroyed along such an edge proves no fault.
 */
export function certainTargets({ block, exit }: Node): readonly number[] {
  const { kind } = block.terminator;
  const guessed = exit.unsure || ((kind === 'indirect' || kind === 'return') && exit.taken.length > 1);
  return guessed ? [] : exit.taken;
}
