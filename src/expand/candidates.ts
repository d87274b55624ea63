/** Targets as candidates for the choice of registers: needs and costs of bodies, and whether sites can be calls. */

import type { Operation } from '../project/operations.ts';
import { type CandidateTarget, distinctInstances } from '../rewrite/choose.ts';
import type { Match } from '../rewrite/match.ts';
import { bodyCost, bodyTemplate } from './body.ts';
import { canBranch, canCall } from './branching.ts';
import { canonicalArguments, expandInPlace } from './expansion.ts';
import { bodyFacts } from './facts.ts';
import { couldBeJointCall } from './joint-calls.ts';
import { pageAccess } from './page-accesses.ts';
import { fallsBackTo, type TargetChoice, targetsOf } from './plan.ts';
import { type TableOptions, tableScratch } from './table-calls.ts';
import type { Target } from './target.ts';

export interface TargetCandidate extends CandidateTarget {
  has(operation: Operation): boolean;
  /** Whether it has a body for a fused run with these operands that is not the native one. */
  fuses(match: Match): boolean;
}

/** One candidate for each target; alternatives of a target share their bodies. */
export function targetCandidates(choices: readonly TargetChoice[], table: TableOptions): TargetCandidate[] {
  const targets = new Map<Target, TargetChoice[]>();
  for (const choice of choices)
    for (const target of targetsOf(choice)) targets.set(target, [...(targets.get(target) ?? []), choice]);
  return [...targets].map(([target, asked]) => candidate(target, asked, table));
}

/** @param asked the choices that are of this target, alone or joined with others */
function candidate(target: Target, asked: readonly TargetChoice[], table: TableOptions): TargetCandidate {
  const calls = asked.some(({ alternative }) => alternative === 'A' || alternative === null);
  const jointly = asked.filter((choice) => fallsBackTo(choice, 'E')).map(targetsOf);
  const byTable = asked.filter(({ alternative }) => alternative === 'C').map(targetsOf);
  return {
    has: ({ name }) => target.macros.has(name),
    fuses: ({ operation, operands, predicates }) => {
      const site = { operands, predicates, scratch: [] };
      const { kind } = bodyTemplate(target, operation.name, site);
      return (
        kind === 'refused' || kind === 'broken' || (kind === 'open' && !bodyFacts(target, operation, site)!.native)
      );
    },
    need: ({ operation }) => {
      const needs = target.macros.get(operation.name)?.needs;
      return needs === undefined ? null : { general: needs.gr, predicates: needs.pr };
    },
    cost: ({ operation }, operands, scratch) => bodyCost(target, operation.name, canonicalArguments(operands, scratch)),
    named: ({ operation }) => target.macros.get(operation.name)?.named() ?? NONE,
    wantsBranch: (site, scratch) =>
      (calls && canBranch(site, scratch, target)) || jointly.some((joined) => couldBeJointCall(joined, site, scratch)),
    forTable: (site, scratch, spare) => {
      for (const joined of byTable) {
        const extended = tableScratch(joined, site, scratch, spare, table);
        if (extended !== null) return extended;
      }
      return null;
    },
    couldCall: (site, scratch) => canBranch(site, scratch, target),
    wantsFrame: (site, scratch) => calls && canCall(site, scratch, target),
    access: (site, scratch) => pageAccess(expandInPlace(site, scratch, target).expansion, target.hypercalls),
    isNative: (site, scratch) => expandInPlace(site, scratch, target).expansion.kind === 'native',
    obstacle: (site, scratch) =>
      distinctInstances(site).length < 2 ? null : expandInPlace(site, scratch, target).failure,
  };
}

const NONE: ReadonlySet<string> = new Set();
