/**
 * Hypercalls that give the right result only for a certain value of some psr bit (grammar/targets/xen.tsv, column `demands`). Where
 * that value is not known, a site stays native: it traps, and the hypervisor emulates it correctly.
 */

import type { Analysis } from '../analysis/analysis.ts';
import { registerFor } from '../machine/purposes.ts';
import type { Site } from '../rewrite/site.ts';
import type { Expansion } from './expansion.ts';
import { type Hypercalls, hypercallOf } from './hypercalls.ts';
import { bodyInstruction } from './instructions.ts';

type Known = (analysis: Analysis, instruction: number) => 0 | 1 | null;

/** The bits of psr that the analysis follows. */
const FOLLOWED: ReadonlyMap<string, Known> = new Map<string, Known>([
  [registerFor('interruption-collection').name, (analysis, at) => analysis.psrIcAt(at)],
  [registerFor('data-translation').name, (analysis, at) => (analysis.translatesData(at) ? 1 : null)],
]);

/** Why a hypercall in a site's expansion may be wrong there, in words; null when every demanded value is known to hold. */
export function unmetDemand(site: Site, { items }: Expansion, hypercalls: Hypercalls): string | null {
  for (const item of items) {
    if (item.kind !== 'instruction') continue;
    const hypercall = hypercallOf(bodyInstruction(item.text).instruction, hypercalls);
    for (const [bit, value] of hypercall?.state ?? [])
      if (!isKnown(site, bit, value))
        return `${hypercall!.name} is right only where ${bit} is ${value}, which is not known here`;
  }
  return null;
}

/** Whether a bit has a value at all instances of a site; false for a site without instances. */
function isKnown({ instances }: Site, bit: string, value: 0 | 1): boolean {
  const known = FOLLOWED.get(bit);
  if (known === undefined || instances.length === 0) return false;
  return instances.every(({ unit, first }) => known(unit.analysis, first) === value);
}
