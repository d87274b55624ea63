/**
 * Alternative D: a site is the native instruction in explicit bundles, with nops up to the length of the longest replacement, and has
 * a record for the patcher. Alternative E: a site is a call where it can be one, and the record is of its branch. Requires: the
 * expansions of all joined targets.
 */
import { groupEnds } from '../bundles/layout.ts';
import { layoutDirectives } from '../machine/layout-directives.ts';
import { patchFormat, SITES_SECTION } from '../machine/patch-format.ts';
import type { Unit } from '../project/units.ts';
import type { Instance, Site } from '../rewrite/site.ts';
import type { Statement } from '../syntax/tree.ts';
import type { BodyItem } from './body-item.ts';
import type { FreshLabels } from './branching.ts';
import { derived, type Expansion, expandNative } from './expansion.ts';
import { branchBundle, explicitBundles, nopBundles } from './explicit-bundles.ts';
import { NO_HYPERCALLS } from './hypercalls.ts';
import { bodyInstruction } from './instructions.ts';
import type { JointCall } from './joint-calls.ts';
import { type MetAssignment, metAssignments } from './met-assignments.ts';
import type { PlannedSite } from './planned-site.ts';
import {
  type Groups,
  type JoinedTarget,
  makeReplacements,
  type Replacement,
  type Replacements,
} from './replacements.ts';
import type { Stops } from './stops.ts';

/** The patch data of a joint listing: replacements by target, and the records' references to them. */
export interface Patches {
  readonly targets: readonly string[];
  readonly replacements: readonly (Replacement | null)[];
  /** By site: the numbers of the replacements that its records refer to, one for each assignment. */
  readonly numbers: ReadonlyMap<Site, readonly number[]>;
}

/** A site that no record can be made for. */
export interface UnpatchableSite {
  readonly site: Site;
  readonly reason: string;
}

export interface PatchedSites {
  readonly planned: readonly PlannedSite[];
  readonly patches: Patches;
  readonly unpatchable: readonly UnpatchableSite[];
}

const NOT_PATCHED = 'it cannot be a call, and nothing is patched in place';

const NO_STOPS: Stops = { before: false, behind: false, serialize: false };

export interface PatchOptions {
  readonly labels: FreshLabels;
  /** The sites whose branch is patched, and `groups` with their routines. */
  readonly calls: ReadonlyMap<Site, JointCall>;
  readonly groups: Groups;
  /** Sites whose planned expansion serves all targets. */
  readonly whole: Pick<ReadonlySet<Site>, 'has'>;
  /** Whether other sites are patched; if not, they stay native. */
  readonly isPatched: boolean;
}

/**
 * @param base the target among the joined ones whose code stands at the sites until they are patched
 */
export function patchedSites(
  joined: readonly JoinedTarget[],
  base: JoinedTarget,
  { labels, calls, groups, whole, isPatched }: PatchOptions,
): PatchedSites {
  const assignments = new Map<number, readonly MetAssignment[]>();
  const unpatchable: UnpatchableSite[] = [];
  base.planned.forEach(({ site }, place) => {
    if (calls.has(site) || whole.has(site)) return;
    if (joined.every(({ planned }) => isUnchanged(planned[place]!.expansion))) return;
    const met = isPatched ? metAssignments(site) : NOT_PATCHED;
    if (typeof met === 'string') unpatchable.push({ site, reason: met });
    else assignments.set(place, met);
  });
  const replacements = makeReplacements(joined, assignments, groups);
  const planned = base.planned.map((each, place): PlannedSite => {
    const ofAll = joined.map((target) => target.planned[place]!);
    if (whole.has(each.site)) return { ...each, stops: stopsOf(ofAll) };
    const call = calls.get(each.site);
    if (call !== undefined) return patchedCall(ofAll, call, labels);
    const met = assignments.get(place);
    const isNative = joined.every((target) => target.planned[place]!.expansion.kind === 'native');
    const kind = isNative ? 'native' : 'trap';
    const left: PlannedSite = { ...each, expansion: { ...expandNative(each.site), kind }, stops: NO_STOPS };
    if (met === undefined) return left;
    const clobbers = joined.flatMap((target) => target.planned[place]!.expansion.clobbers);
    const made = patchedSite(each, recordsOf(each.site, met, replacements), clobbers, labels);
    if (made !== null) return made;
    const reason = 'its code cannot be moved to the site: it has a chk, or instructions that no bundle takes';
    unpatchable.push({ site: each.site, reason });
    return left;
  });
  const { all } = replacements;
  const numbers = new Map(replacements.numbers);
  for (const [site, { group }] of calls) numbers.set(site, [group.number]);
  const targets = joined.map(({ target }) => target.name);
  return { planned, patches: { targets, replacements: all, numbers }, unpatchable };
}

function isUnchanged({ kind }: Expansion): boolean {
  return kind === 'native' || kind === 'trap';
}

/** One of the records of a site, one for each assignment; the assembler selects it where the site's macro is expanded. */
interface SiteRecord {
  readonly number: number;
  readonly conditions: readonly string[];
  readonly replacement: Replacement | null;
}

function recordsOf(site: Site, met: readonly MetAssignment[], { all, numbers }: Replacements): readonly SiteRecord[] {
  return met.map(({ conditions }, index) => {
    const number = numbers.get(site)![index]!;
    return { number, conditions, replacement: all[number]! };
  });
}

/** @param planned the call for each target; they differ only in their stops */
function patchedCall(
  planned: readonly PlannedSite[],
  { group, expansion }: JointCall,
  labels: FreshLabels,
): PlannedSite {
  const [{ site, scratch }] = planned as [PlannedSite];
  const { branch } = patchFormat();
  const record = recordItems(
    site,
    [{ number: group.number, conditions: [], replacement: null }],
    { room: 1, flags: branch, comesBack: site.instances.some(comesBackByPrevious) },
    labels,
  );
  const withRecord = (items: readonly BodyItem[]) =>
    items.flatMap((item) => (isBranch(item) ? [...branchBundle(item, tag(labels)), ...record] : [item]));
  const { items, canonical, groups } = derived(
    withRecord(expansion.items),
    withRecord(expansion.canonical),
    NO_HYPERCALLS,
  );
  return {
    ...{ site, scratch },
    expansion: { ...expansion, items, canonical, groups },
    stops: stopsOf(planned),
  };
}

/** The stops that at least one target needs. */
function stopsOf(planned: readonly PlannedSite[]): Stops {
  return {
    before: planned.some(({ stops }) => stops.before),
    behind: planned.some(({ stops }) => stops.behind),
    serialize: planned.some(({ stops }) => stops.serialize),
  };
}

function isBranch(item: BodyItem): boolean {
  return item.kind === 'instruction' && bodyInstruction(item.text).effects.branch !== null;
}

function patchedSite(
  base: PlannedSite,
  records: readonly SiteRecord[],
  clobbers: readonly number[],
  labels: FreshLabels,
): PlannedSite | null {
  const native = explicitBundles(base.expansion.items, base.expansion.canonical);
  if (native === null || records.some(({ replacement }) => replacement === null)) return null;
  const { site } = base;
  const room = Math.max(...records.map(({ replacement }) => replacement!.room));
  const comesBack = site.instances.some(comesBackByPrevious);
  const isFollowed = site.instances.map(stopFollows);
  const hasStop = comesBack || isFollowed.some((each) => each);
  const filler = nopBundles(room - native.bundles);
  const text = recordItems(site, records, { room, flags: hasStop ? patchFormat().stop : 0, comesBack }, labels);
  const body = derived([...native.items, ...filler], [...native.canonical, ...filler], NO_HYPERCALLS);
  const [opening, ...rest] = body.items;
  return {
    ...base,
    expansion: {
      ...body,
      kind: 'patched',
      items: [opening!, tag(labels), ...rest, ...text],
      canonical: [opening!, tag(labels), ...body.canonical.slice(1), ...text],
      instructions: base.expansion.instructions,
      stops: base.expansion.stops,
      clobbers: [...new Set(clobbers)],
      routine: null,
    },
    // If only some expansions of a macro have a stop after the site, all get one, because they share the record.
    stops: { ...NO_STOPS, behind: hasStop && !comesBack && !isFollowed.every((each) => each) },
  };
}

/** A tag marks an instruction and, unlike a label, neither begins a bundle nor makes the assembler forget predicates. */
function tag({ here }: FreshLabels): BodyItem {
  return { kind: 'directive', text: `[${here}:]` };
}

interface SiteShape {
  /** Bundles. */
  readonly room: number;
  /** Flags of the record. */
  readonly flags: number;
  /** Whether the next change of section after the site is `.previous`. */
  readonly comesBack: boolean;
}

function recordItems(
  { operation }: Site,
  records: readonly SiteRecord[],
  { room, flags, comesBack }: SiteShape,
  { here, prefix }: FreshLabels,
): BodyItem[] {
  const { bundle, version } = patchFormat();
  const addresses = `${here}b-., ${here}b+${room * bundle}-.`;
  const lines = (number: number): string[] => {
    const numbers = `${operation.number}, ${number}, ${flags}, ${version}`;
    // .xdata makes .previous lead to its own section; pushing and popping does not, but ends the instruction group.
    return comesBack
      ? [`.pushsection "${SITES_SECTION}","a"`, `data4 ${addresses}`, `data2 ${numbers}`, '.popsection']
      : [`.xdata4 "${SITES_SECTION}", ${addresses}`, `.xdata2 "${SITES_SECTION}", ${numbers}`];
  };
  const texts =
    records.length === 1
      ? lines(records[0]!.number)
      : [
          `.set ${prefix}_met, 0`,
          ...records.flatMap(({ number, conditions }) => [
            ...conditions,
            ...lines(number),
            `.set ${prefix}_met, 1`,
            ...conditions.map(() => '.endif'),
          ]),
          // Without this error, an expansion of the macro that was not analysed would have no record, and stay native silently.
          `.if ${prefix}_met == 0`,
          `.error "pvasm: a site is met with registers that this listing was not built for"`,
          '.endif',
        ];
  return texts.map((text): BodyItem => ({ kind: 'directive', text }));
}
/** Whether the instruction group ends between a site and the next instruction. */
function stopFollows({ unit, last }: Instance): boolean {
  const { program, instructions } = unit.analysis;
  const { ends } = structure(unit);
  for (let at = instructions[last]!.statementIndex + 1; at < program.statements.length; at++) {
    if (program.statements[at]!.kind === 'stop' || ends[at] === 1) return true;
    if (program.statements[at]!.kind !== 'instruction') continue;
    // The assembler puts a stop before what must be the first of its group.
    return instructions[unit.analysis.instructionOf(at)]?.effects.form?.position === 'first';
  }
  return true;
}

/** Whether `.previous` is the next to change the section behind a site. */
function comesBackByPrevious({ unit, last }: Instance): boolean {
  return structure(unit).comesBack[unit.analysis.instructions[last]!.statementIndex] === 1;
}

interface Structure {
  /** By statement: 1 if it ends the instruction group. */
  readonly ends: Uint8Array;
  /** By statement: 1 if the next change of section after it is `.previous`. */
  readonly comesBack: Uint8Array;
}

const structures = new WeakMap<Unit, Structure>();

function structure(unit: Unit): Structure {
  let known = structures.get(unit);
  if (known === undefined) {
    const { program } = unit.analysis;
    known = { ends: groupEnds(program).endsGroup, comesBack: comesBack(program.statements) };
    structures.set(unit, known);
  }
  return known;
}

function comesBack(statements: readonly Statement[]): Uint8Array {
  const found = new Uint8Array(statements.length);
  let back: 0 | 1 = 0;
  for (let at = statements.length - 1; at >= 0; at--) {
    found[at] = back;
    const statement = statements[at]!;
    if (statement.kind !== 'directive') continue;
    const action = layoutDirectives().get(statement.name)?.action;
    if (action === 'previous') back = 1;
    else if (action === 'section' || action === 'subsection') back = 0;
  }
  return found;
}
