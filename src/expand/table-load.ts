/**
 * Whether a site may load a word of the table: the address must be that of the table, and there must be no TLB miss where it cannot
 * be handled.
 */
import { clearsTranslation } from '../analysis/flow/mode-table.ts';
import type { Unit } from '../project/units.ts';
import type { Site } from '../rewrite/site.ts';
import type { Addressing } from './call-templates.ts';

/** Why it may not, in words; null if it may. @param isPinned data of code at linked addresses is mapped while psr.ic is 0, too */
export function loadObstacle({ instances }: Site, addressing: Addressing, isPinned: boolean): string | null {
  const isTranslated =
    addressing === 'absolute'
      ? instances.every(({ unit, first }) => unit.analysis.translatesData(first))
      : // Unless the unit changes one of them, translation of data (psr.dt) is on exactly if that of code is.
        !instances.some(({ unit }) => changesTranslation(unit));
  if (!isTranslated) return 'psr.dt may be off here, where the address of the table means other memory';
  if (addressing === 'absolute' && isPinned) return null;
  const isCollected = instances.every(({ unit, first }) => unit.analysis.psrIcAt(first) === 1);
  return isCollected ? null : 'psr.ic may be off here, where a load of the table must not miss the TLB';
}

const known = new WeakMap<Unit, boolean>();

function changesTranslation(unit: Unit): boolean {
  let changes = known.get(unit);
  if (changes === undefined) {
    changes = unit.analysis.instructions.some((instruction) => clearsTranslation(instruction) !== null);
    known.set(unit, changes);
  }
  return changes;
}
