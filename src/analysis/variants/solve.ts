/** The passes of the analysis, in order; each needs those above it. */

import type { Conventions } from '../../config/conventions.ts';
import type { PresenceConditions } from '../../preprocess/presence-conditions.ts';
import type { Token } from '../../syntax/token.ts';
import type { Statement } from '../../syntax/tree.ts';
import { buildFlow } from '../flow/flow.ts';
import type { Node } from '../flow/graph.ts';
import { predecessors, type Schedule, scheduleOf, solveLiveness } from '../liveness/liveness.ts';
import { findPresumed } from '../liveness/presumed.ts';
import type { Lifted, Solution, Solved } from '../liveness/program-points.ts';
import { unwinderReads } from '../liveness/unwinder.ts';
import { layOut, type Program } from '../program/program.ts';
import { type AlignedRuns, alignRuns } from './alignment.ts';
import { isMet, lift } from './lifted-graph.ts';
import { anyConfiguration, partialConfigurations } from './partial-configurations.ts';
import { buildGraphs } from './run-graphs.ts';

/** Preprocessed code: no cpp directives, no gas macros. */
export interface PreprocessedCode {
  readonly statements: readonly Statement[];
  readonly tokens: readonly Token[];
  /** A header is missing, which could define names as registers. */
  readonly unseen?: boolean;
}

/** Code by itself. */
export function solveAlone({ statements, tokens, ...code }: PreprocessedCode, conventions: Conventions): Solution {
  const [alone] = buildAll([layOut(statements, tokens, code)], null, conventions);
  return { ...alone!, lifted: byItself(alone!) };
}

/** The runs of one source under several configurations, aligned. */
export function solveTogether(
  runs: readonly PreprocessedCode[],
  presence: PresenceConditions,
  conventions: Conventions,
): Solution[] {
  const programs = runs.map(({ statements, tokens, ...code }) => layOut(statements, tokens, code)); // instructions, groups, labels
  const aligned = alignRuns(programs, presence); // where the runs part and meet
  const alone = buildAll(programs, aligned, conventions);
  const lifted = aligned === null ? alone.map(byItself) : liftAll(alone, aligned, presence, conventions);
  return alone.map((run, index) => ({ ...run, lifted: lifted[index]! }));
}

/** What is known of a run before it is aligned with the others. */
type Alone = Omit<Solution, 'lifted'>;

function buildAll(programs: readonly Program[], aligned: AlignedRuns | null, conventions: Conventions): Alone[] {
  // Basic blocks; where runs part and meet, blocks begin.
  const runs = programs.map((program, run) => {
    const cuts = aligned?.positionOf[run] ?? null;
    return { program, flow: buildFlow(program, conventions, cuts) };
  });
  const graphs = buildGraphs(runs, aligned, conventions); // a node per block and register bank; exits resolved
  return runs.map(({ program, flow }, run) => {
    const graph = graphs[run]!;
    const alone = once(() => solveGraph(graph.nodes, conventions, scheduleOf(graph.nodes)));
    const unwinder = unwinderReads(program);
    return { program, conventions, flow, graph, unwinder, alone, positionOf: positions(program, flow.blockOf) };
  });
}

function solveGraph(nodes: readonly Node[], { nestedMiss }: Conventions, schedule: Schedule): Solved {
  const liveness = solveLiveness(nodes, nestedMiss, schedule); // who may read which register
  const presumed = findPresumed(nodes, liveness, nestedMiss); // values that no instruction of the program reads
  return { nodes, liveness, presumed };
}

function byItself({ graph: { nodes }, alone }: Alone): Lifted {
  return {
    ...alone(),
    idOf: null,
    partial: () => [],
    predecessors: once(() => predecessors(nodes)),
    cache: new Array(nodes.length),
  };
}

function liftAll(
  runs: readonly Alone[],
  aligned: AlignedRuns,
  presence: PresenceConditions,
  conventions: Conventions,
): Lifted[] {
  const graphs = runs.map(({ graph, flow }) => ({ graph, blockOf: flow.blockOf }));
  const { nodes, idOf, decisions } = lift(graphs, aligned);
  const all = nodes(anyConfiguration);
  const schedule = scheduleOf(all); // good for all configurations: their nodes have the same lists
  const solved = solveGraph(all, conventions, schedule);
  const held = partialConfigurations(aligned, presence).map((partial) =>
    partial.map((configuration) => ({
      ...configuration,
      ...solveLiveness(nodes(configuration), conventions.nestedMiss, schedule),
    })),
  );
  const cache = new Array(all.length);
  const before = once(() => predecessors(all));
  return idOf.map((ids) => ({
    ...solved,
    idOf: ids,
    partial: (node) =>
      held.map((partial) => partial.filter((configuration) => isMet(decisions[node.id]!, configuration))),
    predecessors: before,
    cache,
  }));
}

function once<T>(work: () => T): () => T {
  let done: { readonly value: T } | undefined;
  return () => {
    done ??= { value: work() };
    return done.value;
  };
}

function positions(program: Program, blockOf: Int32Array): Int32Array {
  const positionOf = new Int32Array(program.instructions.length);
  for (let at = 0; at < positionOf.length; at++) {
    const previous = program.previous[at]!;
    if (previous >= 0 && blockOf[previous] === blockOf[at]) positionOf[at] = positionOf[previous]! + 1;
  }
  return positionOf;
}
