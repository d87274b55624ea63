/** Explicit bundles of the source: which expansions fit into them, and which bundles must not be dissolved. */
import { registerFor } from '../machine/purposes.ts';
import type { Site } from '../rewrite/site.ts';
import { bodyInstruction } from './instructions.ts';
import type { PlannedSite } from './planned-site.ts';

/** Whether an expansion is one instruction that may have the slot of the native one. */
export function fitsBundle({ site, expansion, stops }: PlannedSite): boolean {
  if (expansion.kind === 'native' || expansion.kind === 'trap') return true;
  const [only, ...others] = expansion.items;
  if (only?.kind !== 'instruction' || others.length > 0 || stops.before || stops.behind || stops.serialize)
    return false;
  const native = site.instances[0]?.unit.analysis.instructions[site.instances[0].first]?.effects.form?.unit;
  return bodyInstruction(only.text).effects.form?.unit === native;
}

const instructionPointer = registerFor('instruction-pointer').resource;

/** Whether another instruction of the site's explicit bundle reads ip: code counts bundles from there. */
export function readsOwnAddress(site: Site): boolean {
  return site.instances.some(({ unit, first }) => {
    const { instructions } = unit.analysis;
    const { bundle } = instructions[first]!;
    if (bundle < 0) return false;
    const inBundle = [-2, -1, 1, 2]
      .map((offset) => instructions[first + offset])
      .filter((other) => other?.bundle === bundle);
    return inBundle.some((other) => other!.effects.reads.includes(instructionPointer));
  });
}
