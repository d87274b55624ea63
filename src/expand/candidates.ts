/** Targets as the choice of registers sees them: what a body needs, what it costs, whether a call could be made. */
import type { Candidate } from '../rewrite/choose.ts';
import type { Match } from '../rewrite/match.ts';
import type { Operation } from '../rewrite/operations.ts';
import type { Scratch } from '../rewrite/site.ts';
import { bodyCost, expandBody, namedRegisters, scratchNeeds, type Target } from './body.ts';
import { canBranch } from './branching.ts';
import { isNative } from './expansion.ts';
import type { TargetChoice } from './plan.ts';

export interface TargetCandidate extends Candidate {
  has(operation: Operation): boolean;
  /** Whether it does a fused run with these operands otherwise than the real machine. */
  fuses(match: Match): boolean;
}

/** One candidate for each target; alternatives of a target share their bodies. */
export function targetCandidates(choices: readonly TargetChoice[]): TargetCandidate[] {
  const targets = new Map<Target, boolean>();
  for (const { target, alternative } of choices)
    targets.set(target, (targets.get(target) ?? false) || alternative !== 'B');
  return [...targets].map(([target, calls]) => ({
    has: (operation) => target.macros.has(operation.name),
    fuses: ({ operation, operands, predicates }) => {
      const body = expandBody(target, operation.name, { operands, predicates, scratch: [] });
      return body.kind === 'refused' || (body.kind === 'body' && !isNative(body.items, operation));
    },
    need: (site) =>
      target.macros.has(site.operation.name)
        ? {
            general: scratchNeeds(target, site.operation.name).gr,
            predicates: scratchNeeds(target, site.operation.name).pr,
          }
        : null,
    cost: (site, { predicates, operands }, scratch) =>
      bodyCost(target, site.operation.name, { predicates, operands, scratch: scratchNames(scratch) }),
    named: (site) => namedRegisters(target, site.operation.name),
    wantsBranch: (site, scratch) => calls && canBranch(site, scratch, target),
  }));
}

function scratchNames(scratch: Scratch): string[] {
  return [...scratch.general, ...scratch.predicates];
}
