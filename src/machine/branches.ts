/** What becomes of control at a branch: grammar/branches.tsv. */
import table from '../../grammar/branches.tsv';
import type { Effects } from './effects.ts';
import { tableRows } from './tsv.ts';

type Branching = Pick<Effects, 'branch'>;

const control = new Map(tableRows(table).map(([kind, what]) => [kind!, what!]));

/** Empty where there is no branch. */
function controlOf({ branch }: Branching): string {
  return branch === null ? '' : control.get(branch.kind)!;
}

/** When taken, control does not come back to what follows. */
export function leaves(effects: Branching): boolean {
  return controlOf(effects) === 'leaves';
}

/** Executed in any case, and control does not come back. */
export function neverFallsThrough(effects: Branching & Pick<Effects, 'predicate'>): boolean {
  return effects.predicate === 0 && leaves(effects);
}

/** Whether control may come to what follows: not taken, or back from a call, or because it stays there. */
export function mayFallThrough(effects: Branching & Pick<Effects, 'predicate'>): boolean {
  return effects.predicate !== 0 || !(leaves(effects) || controlOf(effects) === 'foreign');
}

/** When taken, control goes elsewhere first, whether it comes back (a call) or not. */
export function leavesOrCalls(effects: Branching): boolean {
  const what = controlOf(effects);
  return what === 'leaves' || what === 'calls';
}

/** A branch that is taken wherever it is executed, to code of whatever kind. */
export function goesElsewhere(effects: Branching): boolean {
  return leavesOrCalls(effects) || controlOf(effects) === 'foreign';
}

/** A branch with a condition of its own besides its predicate: a loop, a check. */
export function decidesItself(effects: Branching): boolean {
  return controlOf(effects) === 'may';
}
