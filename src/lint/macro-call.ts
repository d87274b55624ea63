/** A call of a vocabulary macro, and where the analysis met it. */
import type { Unit } from '../project/units.ts';
import type { MacroSite, RegisterName } from './sites.ts';

/** The native instructions of one call in one unit, by their indices in `unit.analysis.instructions`. */
export interface CallInstance {
  readonly unit: Unit;
  readonly first: number;
  readonly last: number;
  /** What each argument is there, in the order of the site's. */
  readonly args: readonly MetArgument[];
}

export interface MacroCall extends MacroSite {
  /** Empty when nothing expands it in any configuration that was looked at. */
  readonly instances: readonly CallInstance[];
}

export interface MetArgument {
  /** With parameters filled in; null: not known. */
  readonly text: string | null;
  readonly register: RegisterName | null;
}
