/** What ships with the tool, by the names that options give it. */
import nativeTarget from '../../grammar/targets/native.S';
import xenTarget from '../../grammar/targets/xen.S';

/** Texts of target files; any other target is a path to one. */
export const shippedTargets: Readonly<Record<string, string>> = { native: nativeTarget, xen: xenTarget };

export function shippedTargetNames(): string[] {
  return Object.keys(shippedTargets);
}
