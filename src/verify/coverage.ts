/** Which outcomes of conditional branches the states of a verification have met. */

import { resolveTarget } from '../analysis/program/symbols.ts';
import type { Image } from '../execution/image.ts';
import { mayFallThrough } from '../machine/branches.ts';
import type { Entry } from './entries.ts';
import type { Source } from './subjects.ts';

export interface CoverageResult {
  /** Outcomes of conditional branches: taken and not taken. */
  readonly reachable: number;
  readonly covered: number;
  /** Instructions whose branch went one way only, and which way it never went. */
  readonly missed: readonly { readonly instruction: number; readonly way: 'taken' | 'not taken' }[];
}

/** The conditional branches that control can come to from the entries, and how many outcomes of them were met. */
export function coverageOf(source: Source, entries: readonly Entry[], coverage: Uint8Array): CoverageResult {
  const { image } = source;
  const reached = reachable(source, entries, coverage);
  const missed: { instruction: number; way: 'taken' | 'not taken' }[] = [];
  let all = 0;
  for (const index of reached) {
    const instruction = image.code.at(index);
    if (typeof instruction !== 'object' || instruction.predicate === 0 || !instruction.isBranch) continue;
    if (image.program.instructions[index]!.effects.branch === null) continue;
    all += 2;
    if ((coverage[index]! & 1) === 0) missed.push({ instruction: index, way: 'taken' });
    if ((coverage[index]! & 2) === 0) missed.push({ instruction: index, way: 'not taken' });
  }
  return { reachable: all, covered: all - missed.length, missed };
}

function reachable({ image, analysis }: Source, entries: readonly Entry[], coverage: Uint8Array): ReadonlySet<number> {
  const { program } = analysis;
  const reached = new Set<number>();
  const pending = entries.map(({ instruction }) => instruction);
  const goOn = (index: number | undefined): void => {
    if (index !== undefined && index >= 0 && !reached.has(index)) pending.push(index);
  };
  coverage.forEach((ways, index) => {
    if (ways !== 0) pending.push(index);
  });
  for (let index = pending.pop(); index !== undefined; index = pending.pop()) {
    if (reached.has(index)) continue;
    reached.add(index);
    const { effects, statementIndex } = program.instructions[index]!;
    const { branch } = effects;
    if (mayFallThrough(effects)) goOn(program.next[index]);
    if (branch?.target != null) goOn(targetOf(image, branch.target, statementIndex));
  }
  return reached;
}

function targetOf(image: Image, target: Parameters<typeof resolveTarget>[1], statement: number): number | undefined {
  const label = resolveTarget(image.program.symbols, target, statement)?.label;
  return label == null ? undefined : label.instruction;
}
