/**
 * The expansion of one site for a target. It is data: instructions as text in the source's spelling, and their effects, which are
 * derived from the same body with canonical registers. Nothing about a body is declared.
 */

import type { Effects } from '../machine/effects.ts';
import { TRUE_PREDICATE } from '../machine/purposes.ts';
import { nativeText } from '../project/native.ts';
import { distinctInstances, type InstanceOperands } from '../rewrite/choose.ts';
import type { Scratch, Site } from '../rewrite/site.ts';
import { type BodyArgument, type BodyArguments, type BodyResult, expandBody } from './body.ts';
import type { BodyItem } from './body-item.ts';
import { type Copy, clobberedResources } from './clobbers.ts';
import { inDemandedSlots } from './demanded-slots.ts';
import { bodyFacts, type CanonicalArguments } from './facts.ts';
import { type Hypercalls, NO_HYPERCALLS } from './hypercalls.ts';
import { bodyInstruction } from './instructions.ts';
import type { Target } from './target.ts';

export interface Expansion {
  /**
   * native: the instruction itself, because that is how the target does it. trap: the instruction itself, because the
   * target has no body for it. inPlace: a body (alternative B). branch: a call of a shared routine (alternative A).
   * patched: the native instruction with room for the bodies that a patcher puts there (alternative D).
   */
  readonly kind: 'native' | 'trap' | 'inPlace' | 'branch' | 'patched';
  /** The items as written to the listing. */
  readonly items: readonly BodyItem[];
  /** The same with canonical registers, for the first instance: `items` one by one. */
  readonly canonical: readonly BodyItem[];
  /** By instruction group: the effects of its instructions, for the first instance. */
  readonly groups: readonly (readonly Effects[])[];
  readonly instructions: number;
  readonly stops: number;
  /** Bundle slots: one for each instruction, two for a movl. */
  readonly slots: number;
  /** Resources that may have another value after the expansion than before, including the results of the native instruction. */
  readonly clobbers: readonly number[];
  /** The shared routine that a `branch` goes to. */
  readonly routine: SharedRoutine | null;
  /** What a body shares with those of neighbouring sites; absent: nothing. */
  readonly shared?: SharedWithNeighbours;
}

/** What a body shares with those of neighbouring sites. */
export interface SharedWithNeighbours {
  /** The site whose body has left what this one finds; null: none. */
  readonly from: Site | null;
  /** The site that finds what this one leaves; null: none. */
  readonly to: Site | null;
  /** The register with an address, found or left; null: none. */
  readonly address: string | null;
  /** Whether the address was found there, and whether one is left. */
  readonly finds: boolean;
  readonly leaves: boolean;
  /** Registers that it need not save, and where their values are; and those of its own that the next site need not. */
  readonly saved: readonly Copy[];
  readonly left: readonly Copy[];
}

export const NOTHING_SHARED: SharedWithNeighbours = {
  ...{ from: null, to: null, address: null, finds: false, leaves: false, saved: [], left: [] },
};

/** Code that sites of one operation and one register assignment share. */
export interface SharedRoutine {
  readonly label: string;
  readonly items: readonly BodyItem[];
  /** By instruction group: the effects of its instructions. */
  readonly groups: readonly (readonly Effects[])[];
  readonly instructions: number;
  readonly stops: number;
  readonly slots: number;
}

/** An expansion; `failure`: why it is the native instruction although the target has a body, else null. */
export interface InPlace {
  readonly expansion: Expansion;
  readonly failure: string | null;
}

/** Cache of the last expansion, by site and target: the choice of registers looks at it, and the plans of all alternatives begin with it. */
const lastInPlace = new WeakMap<Site, Map<Target, { readonly scratch: Scratch; readonly made: InPlace }>>();

/** Expands a site in place: the target's body, or the native instruction where the target has none. */
export function expandInPlace(site: Site, scratch: Scratch, target: Target): InPlace {
  const ofSite = lastInPlace.get(site) ?? new Map<Target, { readonly scratch: Scratch; readonly made: InPlace }>();
  lastInPlace.set(site, ofSite);
  const last = ofSite.get(target);
  if (last?.scratch === scratch) return last.made;
  const made = makeInPlace(site, scratch, target);
  ofSite.set(target, { scratch, made });
  return made;
}

function makeInPlace(site: Site, scratch: Scratch, target: Target): InPlace {
  const [first, ...others] = distinctInstances(site);
  const left = (failure: string | null): InPlace => ({ expansion: nativeExpansion(site, first!, 'trap'), failure });
  const body = expandBody(target, site.operation.name, spelledArguments(site, first!, scratch));
  if (body.kind === 'missing') return left(null);
  if (body.kind === 'refused') return left(body.reason);
  if (body.kind === 'broken') return left(`the target file is wrong: ${body.diagnostics[0]!.message}`);
  const canonical = canonicalArguments(first!, scratch);
  const native = isNative(site, canonical, target);
  for (const other of others) {
    const alike = native
      ? isNative(site, canonicalArguments(other, scratch), target)
      : sameText(expandBody(target, site.operation.name, spelledArguments(site, other, scratch)), body);
    if (!alike) return left('the places that its macro is expanded in need different bodies');
  }
  if (native) return { expansion: nativeExpansion(site, first!, 'native'), failure: null };
  const plain = expandBody(target, site.operation.name, canonical);
  const items = plain.kind === 'body' ? plain.items : [];
  return {
    expansion: { kind: 'inPlace', ...derived(body.items, items, target.hypercalls), routine: null },
    failure: null,
  };
}

function isNative({ operation }: Site, site: CanonicalArguments, target: Target): boolean {
  return bodyFacts(target, operation, site)?.native === true;
}

/** Registers by their canonical names, whatever the source calls them. */
export function canonicalArguments({ predicates, operands }: InstanceOperands, scratch: Scratch): CanonicalArguments {
  return { predicates, operands, scratch: [...scratch.general, ...scratch.predicates] };
}

function spelledArguments(site: Site, instance: InstanceOperands, scratch: Scratch): BodyArguments {
  const operands = instance.operands.map((canonical, index): BodyArgument => {
    // Bodies need the number in `ar.k6` as part of a name, so the source's spelling of it cannot be passed on.
    if (site.operation.slots[index]!.kind !== 'register') return canonical;
    return { canonical, spelled: site.operands[index]! };
  });
  // A predicate that is spelled stays, even where it is p0: a macro's parameter may be p0 in one place and p6 in another.
  const predicates = site.predicates.map((spelled, index): BodyArgument => {
    const canonical = instance.predicates[index]!;
    return spelled === null ? canonical : { canonical, spelled };
  });
  return { predicates, operands, scratch: [...scratch.general, ...scratch.predicates] };
}

function sameText(a: BodyResult, b: BodyResult): boolean {
  if (a.kind !== 'body' || b.kind !== 'body') return a.kind === b.kind;
  return (
    a.items.length === b.items.length && a.items.every((item, index) => itemText(item) === itemText(b.items[index]!))
  );
}

export function itemText(item: BodyItem): string {
  return item.kind === 'stop' ? ';;' : item.text;
}

/**
 * The canonical items of an expansion for another instance of its site.
 *
 * @param expansion in place or native: the result of `expandInPlace`, or that with a serialization after it
 */
export function canonicalFor(
  site: Site,
  scratch: Scratch,
  target: Target,
  { kind, canonical, shared }: Expansion,
  instance: InstanceOperands,
): readonly BodyItem[] {
  // All instances of such a site have the same operands.
  if (shared !== undefined) return canonical;
  const whole = (of: InstanceOperands): readonly BodyItem[] => {
    if (kind === 'native' || kind === 'trap') return nativeExpansion(site, of, kind).canonical;
    const body = expandBody(target, site.operation.name, canonicalArguments(of, scratch));
    return inDemandedSlots(body.kind === 'body' ? body.items : [], target.hypercalls);
  };
  return [...whole(instance), ...canonical.slice(whole(distinctInstances(site)[0]!).length)];
}

/** The native instruction, left to trap. */
export function expandNative(site: Site): Expansion {
  return nativeExpansion(site, distinctInstances(site)[0]!, 'trap');
}

function nativeExpansion(site: Site, instance: InstanceOperands, kind: 'native' | 'trap'): Expansion {
  const { operation } = site;
  const slot = (values: readonly string[]) => (name: string) =>
    values[operation.slots.findIndex((candidate) => candidate.name === name)]!;
  const guard = (values: readonly (string | null)[]) => (name: string) =>
    values[operation.predicates.indexOf(name)] ?? null;
  const canonicalGuards = instance.predicates.map((name) => (name === TRUE_PREDICATE ? null : name));
  const spelled = textItems(nativeText(operation, slot(site.operands), guard(site.predicates)));
  const plain = textItems(nativeText(operation, slot(instance.operands), guard(canonicalGuards)));
  return { kind, ...derived(spelled, plain, NO_HYPERCALLS), routine: null };
}

/** The items of a text, in which ` ;; ` is a stop and ` ; ` a separator. */
export function textItems(text: string): BodyItem[] {
  return text
    .split(/ (;;?) /)
    .filter((piece) => piece !== ';')
    .map((piece): BodyItem => {
      if (piece === ';;') return { kind: 'stop' };
      return /^\d+:$|^\./.test(piece)
        ? { kind: 'directive', text: piece }
        : { kind: 'instruction', text: piece, comment: '' };
    });
}

/**
 * What is derived from a body: its items with a bundle around each hypercall that demands its slot, its cost and its effects.
 */
export function derived(
  spelledBody: readonly BodyItem[],
  plainBody: readonly BodyItem[],
  hypercalls: Hypercalls,
  copies: readonly Copy[] = [],
): Omit<Expansion, 'kind' | 'routine'> {
  const spelled = inDemandedSlots(spelledBody, hypercalls);
  const plain = inDemandedSlots(plainBody, hypercalls);
  const groups: Effects[][] = [[]];
  let slots = 0;
  let stops = 0;
  let instructions = 0;
  for (const item of plain) {
    if (item.kind === 'stop') {
      stops++;
      groups.push([]);
    } else if (item.kind === 'instruction') {
      const { effects } = bodyInstruction(item.text, hypercalls);
      groups.at(-1)!.push(effects);
      instructions++;
      slots += effects.form?.slots ?? 1;
    }
  }
  return {
    items: spelled,
    canonical: plain,
    groups,
    instructions,
    stops,
    slots,
    clobbers: clobberedResources(plain, hypercalls, copies),
  };
}
