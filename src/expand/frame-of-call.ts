/** Whether a body can be in a routine reached by `br.call`, which runs in another register frame than the site. */

import type { Effects } from '../machine/effects.ts';
import { FIRST_ROTATING, FIRST_STACKED, STAND_IN } from '../machine/purposes.ts';
import { registerByName } from '../machine/register-table.ts';
import type { Site } from '../rewrite/site.ts';
import type { BodyItem } from './body-item.ts';
import { callItems, returnItems } from './call-templates.ts';
import type { CanonicalArguments } from './facts.ts';
import { type Hypercalls, NO_HYPERCALLS } from './hypercalls.ts';
import { bodyInstruction } from './instructions.ts';

/**
 * Why a body may not be in a routine that is reached by a call, in words; null: it means the same there. Stacked and rotating
 * registers have other names there, and neither the instruction nor its body may have to do with what the call changes. Where the
 * frame may be incomplete, as behind an interruption, a call is undefined (SDM vol. 2, 6.8).
 */
export function frameObstacle(
  site: Site,
  { predicates, operands, scratch }: CanonicalArguments,
  body: readonly BodyItem[],
  hypercalls: Hypercalls,
): string | null {
  const renamed = [...predicates, ...operands, ...scratch].find((name) => !keepsItsName(name));
  if (renamed !== undefined) return `${renamed} means another register in the frame that a called routine runs in`;
  if ([...nativeEffects(site), ...body.flatMap((item) => effectsOf(item, hypercalls))].some(usesFrame))
    return 'the instruction, or its body, has to do with the register frame, which a call changes';
  return mayBeIncomplete(site) ? INCOMPLETE_FRAME : null;
}

/** The report adds from where such a frame may come. */
export const INCOMPLETE_FRAME = 'the register frame may be incomplete here, as an interruption left it';

function mayBeIncomplete({ instances }: Site): boolean {
  return instances.some(({ unit, first }) => unit.analysis.mayHaveIncompleteFrame(first));
}

function keepsItsName(name: string): boolean {
  const register = registerByName(name);
  if (register === undefined) return true;
  return register.class === 'gr'
    ? register.number < FIRST_STACKED
    : register.class !== 'pr' || register.number < FIRST_ROTATING.pr;
}

function nativeEffects(site: Site): Effects[] {
  return site.instances.flatMap(({ unit: { analysis }, first, last }) => {
    const run: Effects[] = [];
    for (let at = first; at >= 0; at = at === last ? -1 : analysis.program.next[at]!)
      run.push(analysis.instructions[at]!.effects);
    return run;
  });
}

function effectsOf(item: BodyItem, hypercalls: Hypercalls): Effects[] {
  return item.kind === 'instruction' ? [bodyInstruction(item.text, hypercalls).effects] : [];
}

/** Whether an instruction uses state that a call or its return changes and a branch does not: the frame, ar.pfs, ar.ec. */
function usesFrame({ reads, writes }: Effects): boolean {
  frameState ??= stateOfCalls();
  return [...reads, ...writes].some((resource) => frameState!.has(resource));
}

let frameState: ReadonlySet<number> | undefined;

function stateOfCalls(): ReadonlySet<number> {
  const slots = { branch: STAND_IN.branch, routine: 'routine', back: '1', here: '2', temporary: STAND_IN.general };
  const written = (items: readonly BodyItem[]) =>
    items.flatMap((item) => effectsOf(item, NO_HYPERCALLS)).flatMap(({ writes }) => writes);
  const state = new Set(written([...callItems('call', slots), ...returnItems('call', STAND_IN.branch)]));
  for (const other of written([...callItems('absolute', slots), ...returnItems('absolute', STAND_IN.branch)]))
    state.delete(other);
  return state;
}
