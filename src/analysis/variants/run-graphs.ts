/**
 * The graphs of runs, with what holds where: the runs of one source tell each other what is known where they part and meet.
 * Requires: programs, flows, and the alignment of the runs where there are several.
 */
import type { Conventions } from '../../config/conventions.ts';
import type { Flow } from '../flow/flow.ts';
import type { Graph } from '../flow/graph.ts';
import { FlowInterpreter } from '../flow/interpreter.ts';
import type { Program } from '../program/program.ts';
import type { AlignedRuns } from './alignment.ts';

/**
 * The graphs of several runs of one source. What is known at a choice is what holds in those runs that enter the segment and
 * in those that pass it by: a path may go on in another run than it has come from.
 */
export function buildGraphs(
  runs: readonly { readonly program: Program; readonly flow: Flow }[],
  aligned: AlignedRuns | null,
  conventions: Conventions,
): Graph[] {
  const externals = new Map<string, number>();
  const interpreters = runs.map(({ program, flow }) => new FlowInterpreter(program, flow, conventions, externals));
  const settle = (): void => {
    for (const interpreter of interpreters) interpreter.drain();
    while (aligned !== null && exchange(interpreters, aligned))
      for (const interpreter of interpreters) interpreter.drain();
  };
  for (const interpreter of interpreters) interpreter.seed();
  settle();
  // Code that no known branch reaches is analysed too: external code must branch to it.
  for (const interpreter of interpreters) while (interpreter.seedUnreached()) interpreter.drain();
  settle();
  return interpreters.map((interpreter) => interpreter.graph());
}

/** Takes what is known at each choice to the runs that choose otherwise; true when that told some run something new. */
function exchange(interpreters: readonly FlowInterpreter[], { positions, positionOf }: AlignedRuns): boolean {
  let changed = false;
  for (const { isChoice, instructions, enters } of positions) {
    if (!isChoice) continue;
    for (const bank of [0, 1] as const) {
      interpreters.forEach((from, run) => {
        const state = from.entryAt(instructions[run]!, bank);
        if (state === undefined) return;
        interpreters.forEach((to, other) => {
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
