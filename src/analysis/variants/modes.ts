/**
 * The graphs of runs, with what holds where: the runs of one source tell each other what is known where they part and meet.
 * Requires: programs, flows, and the superposition of the runs where there are several.
 */
import type { Conventions } from '../../config/conventions.ts';
import type { Flow } from '../flow/flow.ts';
import type { Graph } from '../flow/graph.ts';
import { Walk } from '../flow/walk.ts';
import type { Program } from '../program/program.ts';
import type { Superposition } from './superpose.ts';

/**
 * The graphs of several runs of one source. What is known at a choice is what holds in those runs that enter the stretch and
 * in those that pass it by: a path may go on in another run than it has come from.
 */
export function buildGraphs(
  runs: readonly { readonly program: Program; readonly flow: Flow }[],
  superposition: Superposition | null,
  conventions: Conventions,
): Graph[] {
  const externals = new Map<string, number>();
  const walks = runs.map(({ program, flow }) => new Walk(program, flow, conventions, externals));
  const settle = (): void => {
    for (const walk of walks) walk.drain();
    while (superposition !== null && exchange(walks, superposition)) for (const walk of walks) walk.drain();
  };
  for (const walk of walks) walk.seed();
  settle();
  // What nothing in sight leads to must still be analysed: somebody branches there.
  for (const walk of walks) while (walk.seedUnreached()) walk.drain();
  settle();
  return walks.map((walk) => walk.graph());
}

/** Takes what is known at each choice to the runs that choose otherwise; true when that told some run something new. */
function exchange(walks: readonly Walk[], { positions, positionOf }: Superposition): boolean {
  let changed = false;
  for (const { isChoice, instructions, enters } of positions) {
    if (!isChoice) continue;
    for (const bank of [0, 1] as const) {
      walks.forEach((from, run) => {
        const state = from.entryAt(instructions[run]!, bank);
        if (state === undefined) return;
        walks.forEach((to, other) => {
          if (enters[other] === enters[run] || instructions[other]! < 0) return;
          const counterpart = (instruction: number): number => {
            const position = positionOf[run]![instruction]!;
            return position < 0 ? -1 : positions[position]!.instructions[other]!;
          };
          if (to.reachFrom(from, instructions[other]!, bank, state, counterpart)) changed = true;
        });
      });
    }
  }
  return changed;
}
