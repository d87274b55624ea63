/** The slots of a table of code: `.org base+0x400` gives each interruption vector 64 bundles, or 16. */
import { layoutDirectives } from '../machine/layout-directives.ts';
import type { Statement } from '../syntax/tree.ts';
import type { Layout, OrgMove } from './run.ts';

const BUNDLE = 16;

export interface MeasuredSlot {
  /** Statement index of the `.org` that opens the slot, or of the table's own label for the slot in front of the first. */
  readonly statement: number;
  /** The section's name, and the slot's byte offset in it. */
  readonly section: string;
  readonly offset: number;
  /** The label of its first bundle (the last of several); null when the slot has no label. */
  readonly name: string | null;
  /** Bundles up to the next `.org`; null: the last slot has no end. */
  readonly capacity: number | null;
  /** Bundles its code and data fill; more than `capacity` when it overflows. */
  readonly used: number;
  /** Does it hold instructions? A table of data may be guarded by an `.org`, too. */
  readonly code: boolean;
}

/** The slots of every section that has an `.org`, in the order of the source. */
export function measureSlots(layout: Layout, statements: readonly Statement[]): readonly MeasuredSlot[] {
  const openings = slotOpenings(layout);
  const nextOf = followingOrigins(openings);
  return openings.map((origin, index) => {
    const { name, size } = layout.sections[origin.section]!;
    const following = nextOf[index]!;
    return {
      statement: origin.statement,
      section: name,
      offset: origin.to,
      name: firstLabel(layout, statements, origin),
      capacity: following === null ? null : Math.floor((following.to - origin.to) / BUNDLE),
      used: Math.ceil(((following?.from ?? size) - origin.to) / BUNDLE),
      code: holdsCode(layout, statements, origin),
    };
  });
}

/** All `.org`s, and in front of the first of each section the table's label, where the first slot starts without one. */
function slotOpenings({ origins, section, offset }: Layout): readonly OrgMove[] {
  const opened = new Set<number>();
  return origins.flatMap((origin) => {
    const { base } = origin;
    const starts =
      !opened.has(origin.section) && base !== -1 && section[base] === origin.section && offset[base]! < origin.to;
    opened.add(origin.section);
    if (!starts) return [origin];
    const start = offset[base]!;
    return [{ statement: base, base, section: origin.section, from: start, to: start }, origin];
  });
}

/** For each `.org` the next one of its section. */
function followingOrigins(origins: readonly OrgMove[]): (OrgMove | null)[] {
  const nextOf = new Map<number, OrgMove>();
  const followings = new Array<OrgMove | null>(origins.length).fill(null);
  for (let index = origins.length - 1; index >= 0; index--) {
    const origin = origins[index]!;
    followings[index] = nextOf.get(origin.section) ?? null;
    nextOf.set(origin.section, origin);
  }
  return followings;
}

function holdsCode({ section }: Layout, statements: readonly Statement[], origin: OrgMove): boolean {
  for (let at = origin.statement + 1; at < statements.length; at++) {
    const statement = statements[at]!;
    if (section[at] !== origin.section) continue;
    if (statement.kind === 'directive' && statement.name === '.org') return false;
    if (statement.kind === 'macroCall') return true;
    // gas takes `data8 x` for an instruction that places data.
    if (statement.kind === 'instruction' && !layoutDirectives().has(statement.mnemonic)) return true;
  }
  return false;
}

function firstLabel(layout: Layout, statements: readonly Statement[], origin: OrgMove): string | null {
  let name: string | null = null;
  let place = -1;
  for (let at = origin.statement; at < statements.length; at++) {
    const statement = statements[at]!;
    if (statement.kind === 'directive' && statement.name === '.org' && at > origin.statement) break;
    if (statement.kind !== 'label' || layout.section[at] !== origin.section || isNumeric(statement.name)) continue;
    if (name !== null && layout.offset[at] !== place) break;
    name = statement.name;
    place = layout.offset[at]!;
  }
  return name;
}

const isNumeric = (name: string): boolean => name.charCodeAt(0) <= DIGIT_NINE;
const DIGIT_NINE = 0x39;
