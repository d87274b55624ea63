/** The slots of a table of code: `.org base+0x400` gives each interruption vector 64 bundles, or 16. */
import type { Statement } from '../syntax/tree.ts';
import type { Layout, Origin } from './bundle-layout.ts';

const BUNDLE = 16;

export interface VectorSlot {
  /** Statement index of the `.org` that opens the slot. */
  readonly statement: number;
  /** The section's name, and the slot's byte offset in it. */
  readonly section: string;
  readonly offset: number;
  /** The first label behind the `.org`; null when the slot has none. */
  readonly name: string | null;
  /** Bundles up to the next `.org`; null: the last slot has no end. */
  readonly capacity: number | null;
  /** Bundles its code and data fill; more than `capacity` when it overflows. */
  readonly used: number;
}

/** The slots of every section that has an `.org`, in the order of the source. */
export function vectorSlots(layout: Layout, statements: readonly Statement[]): readonly VectorSlot[] {
  const followings = followingOrigins(layout.origins);
  return layout.origins.map((origin, index) => {
    const { name, size } = layout.sections[origin.section]!;
    const following = followings[index]!;
    return {
      statement: origin.statement,
      section: name,
      offset: origin.to,
      name: firstLabel(layout, statements, origin),
      capacity: following === null ? null : Math.floor((following.to - origin.to) / BUNDLE),
      used: Math.ceil(((following?.from ?? size) - origin.to) / BUNDLE),
    };
  });
}

/** For each `.org` the next one of its section. */
function followingOrigins(origins: readonly Origin[]): (Origin | null)[] {
  const nextOf = new Map<number, Origin>();
  const followings = new Array<Origin | null>(origins.length).fill(null);
  for (let index = origins.length - 1; index >= 0; index--) {
    const origin = origins[index]!;
    followings[index] = nextOf.get(origin.section) ?? null;
    nextOf.set(origin.section, origin);
  }
  return followings;
}

/** The first named label in the section between this `.org` and the next. */
function firstLabel(layout: Layout, statements: readonly Statement[], origin: Origin): string | null {
  for (let at = origin.statement + 1; at < statements.length; at++) {
    const statement = statements[at]!;
    if (statement.kind === 'directive' && statement.name === '.org') return null;
    if (statement.kind === 'label' && layout.section[at] === origin.section && !isNumeric(statement.name))
      return statement.name;
  }
  return null;
}

const isNumeric = (name: string): boolean => name.charCodeAt(0) <= DIGIT_NINE;
const DIGIT_NINE = 0x39;
