/** Directives that put bytes into a section, by grammar/layout-directives.tsv. */

import { type LayoutAction, layoutDirectives } from '../../machine/layout-directives.ts';
import type { Expression } from '../../syntax/tree.ts';

export interface DataDirective {
  /** Its operands are what it puts there: addresses, perhaps. */
  readonly values: boolean;
  /** `.xdata4 "section", value`: the bytes go to another section. */
  readonly elsewhere: boolean;
}

/** What a directive puts into its section, or another; statements and labels are not resolved yet. */
export interface SpelledData {
  readonly section: string;
  readonly statement: number;
  readonly values: readonly Expression[];
}

const VALUES: DataDirective = { values: true, elsewhere: false };
const REMOTE: DataDirective = { values: true, elsewhere: true };
const ROOM: DataDirective = { values: false, elsewhere: false };

const BY_ACTION: Partial<Readonly<Record<LayoutAction, DataDirective>>> = {
  data: VALUES,
  string: VALUES,
  string0: VALUES,
  leb128: VALUES,
  sleb128: VALUES,
  remote: REMOTE,
  space: ROOM,
  fill: ROOM,
  incbin: ROOM,
};

/** They put there what is not in the text. */
const UNSEEN = new Set(['.include', '.nops']);

/** What a directive by this name (`data8`, `.skip`) puts into a section; null: it puts nothing there. */
export function dataDirective(name: string): DataDirective | null {
  const directive = layoutDirectives().get(name);
  if (directive !== undefined) return BY_ACTION[directive.action] ?? null;
  return UNSEEN.has(name) ? ROOM : null;
}
