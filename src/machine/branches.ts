/** What becomes of control at a branch: grammar/branches.tsv. */
import table from '../../grammar/branches.tsv';
import type { Branch, Effects } from './effects.ts';
import { tableRows } from './tsv.ts';

const control = new Map(tableRows(table).map(([kind, what]) => [kind!, what!]));

function controlOf(branch: Branch | null): string | undefined {
  return branch === null ? undefined : control.get(branch.kind);
}

/** Where it is executed, control does not come back to what follows it. */
export function leaves({ branch }: Pick<Effects, 'branch'>): boolean {
  return controlOf(branch) === 'leaves';
}

/** Where it is executed, control goes elsewhere first, whether it comes back (a call) or not. */
export function leavesOrCalls({ branch }: Pick<Effects, 'branch'>): boolean {
  const what = controlOf(branch);
  return what === 'leaves' || what === 'calls';
}

/** Whatever the predicates are, control does not come back to what follows. */
export function neverFallsThrough(effects: Pick<Effects, 'branch' | 'predicate'>): boolean {
  return effects.predicate === 0 && leaves(effects);
}

/** A branch that may go on behind it though it is executed: a loop, a check, `epc`. */
export function mayStay({ branch }: Pick<Effects, 'branch'>): boolean {
  const what = controlOf(branch);
  return what === 'may' || what === 'stays';
}
