/** What ships with the tool, by the names that options give it. */
import nativeTarget from '../../grammar/targets/native.S';
import xenContract from '../../grammar/targets/xen.contract.tsv';
import xenTarget from '../../grammar/targets/xen.S';
import xenHypercalls from '../../grammar/targets/xen.tsv';

/** Texts of target files; any other target is a path to one. */
export const shippedTargets: Readonly<Record<string, string>> = { native: nativeTarget, xen: xenTarget };

/** Texts of their tables of hypercalls, for those that have one. */
export const shippedHypercalls: ReadonlyMap<string, string> = new Map([['xen', xenHypercalls]]);

/** Texts of their contracts, for those that have one. */
export const shippedContracts: ReadonlyMap<string, string> = new Map([['xen', xenContract]]);

export function shippedTargetNames(): string[] {
  return Object.keys(shippedTargets);
}
