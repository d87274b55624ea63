/** Whether a body can be in a routine reached by `br.call`, which runs in another register frame than the site. */

import type { Effects } from '../machine/effects.ts';
import { STAND_IN } from '../machine/purposes.ts';
import { registerByName } from '../machine/register-table.ts';
import type { Site } from '../rewrite/site.ts';
import type { BodyItem } from './body-item.ts';
import { callItems, returnItems } from './call-templates.ts';
import type { CanonicalArguments } from './facts.ts';
import { type Hypercalls, NO_HYPERCALLS } from './hypercalls.ts';
import { bodyInstruction } from './instructions.ts';

/**
 * Whether a body has the same meaning in a routine that is reached by `br.call`. Stacked and rotating registers have other names
 * there, and neither the native instruction nor the body may use state that the call changes. Where the frame may be incomplete,
 * as after an interruption, a call is undefined (SDM vol. 2, 6.8).
 */
export function canStandInCall(
  site: Site,
  { predicates, operands, scratch }: CanonicalArguments,
  body: readonly BodyItem[],
  hypercalls: Hypercalls,
): boolean {
  if (site.instances.some(({ unit, first }) => unit.analysis.mayHaveIncompleteFrame(first))) return false;
  if (![...predicates, ...operands, ...scratch].every(keepsItsName)) return false;
  return ![...nativeEffects(site), ...body.flatMap((item) => effectsOf(item, hypercalls))].some(usesFrame);
}

function keepsItsName(name: string): boolean {
  const register = registerByName(name);
  if (register === undefined) return true;
  return register.class === 'gr' ? register.number < 32 : register.class !== 'pr' || register.number < 16;
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
