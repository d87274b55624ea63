/** What ships with the tool, by the names that options give it. */

import kvmContract from '../../grammar/targets/kvm.contract.tsv';
import kvmTarget from '../../grammar/targets/kvm.S';
import kvmHypercalls from '../../grammar/targets/kvm.tsv';
import nativeTarget from '../../grammar/targets/native.S';
import poisonTarget from '../../grammar/targets/poison.S';
import traceContract from '../../grammar/targets/trace.contract.tsv';
import traceTarget from '../../grammar/targets/trace.S';
import xenContract from '../../grammar/targets/xen.contract.tsv';
import xenTarget from '../../grammar/targets/xen.S';
import xenHypercalls from '../../grammar/targets/xen.tsv';
import { SHIPPED_NAMES } from '../expand/shipped-targets.ts';

/** Texts of target files; any other target is a path to one. */
export const shippedTargets: Readonly<Record<string, string>> = {
  native: nativeTarget,
  xen: xenTarget,
  kvm: kvmTarget,
  poison: poisonTarget,
  trace: traceTarget,
};

/** Texts of their tables of hypercalls, for those that have one. */
export const shippedHypercalls: ReadonlyMap<string, string> = new Map([
  ['xen', xenHypercalls],
  ['kvm', kvmHypercalls],
]);

/** Texts of their contracts, for those that have one. */
export const shippedContracts: ReadonlyMap<string, string> = new Map([
  ['xen', xenContract],
  ['kvm', kvmContract],
  ['trace', traceContract],
]);

export function shippedTargetNames(): string[] {
  return [...SHIPPED_NAMES];
}
