/**
 * A comparison of all ways to serve the bare machine and a hypervisor: their sizes, and the instructions executed.
 * Requires: listings for all ways, read again and ready to be executed.
 */

import { type Plan, targetsOf } from '../expand/plan.ts';
import { BASE_TARGET } from '../expand/shipped-targets.ts';
import { isBranchRegister, isGeneralRegister } from '../machine/register-classes.ts';
import type { VerifiedFile } from '../verify/project.ts';
import { type AccessReport, accessesIn, addAccesses } from './accesses.ts';
import { groupBy } from './group.ts';
import { type HotPath, hotPaths } from './hot-paths.ts';
import { jointRoutines } from './joint-routines.ts';
import { measureApart } from './measure.ts';
import type { Size, SourceLocation } from './model.ts';
import { placeOf, placeText } from './places.ts';
import { type SharedTable, sharedTable } from './shared-table.ts';
import { clobbersMore, notCalled } from './sites.ts';

export interface AlternativesReport {
  readonly version: 1;
  readonly tool: 'pvasm';
  /** Beside native. */
  readonly target: string;
  readonly files: readonly string[];
  /** The sources as they stand, on the bare machine. */
  readonly source: Size;
  readonly ways: readonly WayReport[];
  readonly accesses: AccessReport;
  /** By way, in the words of its letter. */
  readonly refusals: readonly RefusalReport[];
  readonly handlers: readonly HandlerReport[];
}

/** How a way is called in the table; a listing's label where it is one listing. */
export type Way = 'dual' | 'a' | 'b' | 'mixed' | 'c' | 'd' | 'e';

export interface WayReport {
  readonly way: Way;
  /** One image serves both; else each has its own. */
  readonly oneImage: boolean;
  /** Bytes of code, of all images. */
  readonly text: number;
  /** Bytes of records, of code that is only copied, and of tables. */
  readonly data: number;
  readonly native: Counts;
  readonly guest: Counts;
  /** Sites by what becomes of them for the hypervisor, those that are the same on the bare machine left out. */
  readonly sites: { readonly calls: number; readonly inPlace: number; readonly trap: number };
  /** At index n: sites that change n registers beyond those of the instruction. */
  readonly branchRegisters: readonly number[];
  readonly generalRegisters: readonly number[];
  /** The first site that changes most of them; null where none changes any. */
  readonly worst: { readonly branch: SourceLocation | null; readonly general: SourceLocation | null };
  /** Vectors whose tails moved out of line, and those that do not fit. */
  readonly moved: readonly string[];
  readonly overflowing: readonly string[];
}

export interface Counts {
  readonly instructions: number;
  readonly stops: number;
}

export interface RefusalReport {
  readonly way: Way;
  readonly reason: string;
  readonly sites: number;
}

export interface HandlerReport extends HotPath<Way> {
  readonly file: string;
}

/**
 * The listings that the table is made of, by the name of the hypervisor's target as the call gives it. They are built in two
 * calls: what calls through a table need would be among the registers of all sites.
 */
export function alternativeLabels(target: string): readonly [readonly string[], readonly string[]] {
  const [c, ...others] = JOINT.map((way) => `${BASE_TARGET}+${target}:${way}`) as [string, ...string[]];
  return [[`${target}:a`, `${target}:b`, target, ...others], [c]];
}

/** @param built for the labels of {@link alternativeLabels} */
export function alternativesReport(
  target: string,
  built: readonly [readonly VerifiedFile[], readonly VerifiedFile[]],
): AlternativesReport {
  const [most, withTable] = built;
  const files = most.map((file, at) => joined(file, withTable[at]!));
  const parts = files.flatMap((file) => (file.source === null ? [] : [partOf(file, file.source)]));
  const table = sharedTable(files.flatMap(({ plans }) => plans.filter(({ slots }) => slots !== undefined)));
  const ways = ORDER.map((way) => {
    const sum = sumUp(
      way,
      parts.map((part) => part.ways.get(way)!),
    );
    return way === 'c' ? plusTable(sum, table, target) : sum;
  });
  const refusals = ways.flatMap(({ way }) => {
    const reasons = parts.flatMap((part) => part.refusals.get(way) ?? []);
    return [...groupBy(reasons, (reason) => reason)].map(([reason, all]) => ({ way, reason, sites: all.length }));
  });
  return {
    ...{ version: 1, tool: 'pvasm', target },
    files: parts.map(({ file }) => file),
    source: parts.map(({ source }) => source).reduce(addSizes, NOTHING),
    ways,
    accesses: parts.map(({ accesses }) => accesses).reduce(addAccesses),
    refusals: refusals.sort((a, b) => ORDER.indexOf(a.way) - ORDER.indexOf(b.way) || b.sites - a.sites),
    handlers: parts.flatMap(({ file, handlers }) => handlers.map((each) => ({ file, ...each }))),
  };
}

const JOINT = ['c', 'd', 'e'] as const;
const ORDER: readonly Way[] = ['dual', 'a', 'b', 'mixed', ...JOINT];

/** The table is linked once, whatever number of files load from it. */
function plusTable(sum: WayReport, { bytes, words, counts }: SharedTable, target: string): WayReport {
  const [native, guest] = [BASE_TARGET, target].map((name) => counts.get(name) ?? NOTHING) as [Counts, Counts];
  return {
    ...sum,
    text: sum.text + bytes,
    data: sum.data + words,
    native: addCounts(sum.native, native),
    guest: addCounts(sum.guest, guest),
  };
}

/** One file with the listings of both calls: calls through a table come first among those of joint targets. */
function joined(file: VerifiedFile, table: VerifiedFile): VerifiedFile {
  const [single, listings] = [file.plans.slice(0, SINGLE), file.plans.slice(SINGLE)];
  return {
    ...file,
    plans: [...single, ...table.plans, ...listings],
    subjects: [...file.subjects.slice(0, SINGLE), ...table.subjects, ...file.subjects.slice(SINGLE)],
  };
}

/** Listings that serve one target. */
const SINGLE = 3;

interface Part {
  readonly file: string;
  readonly source: Size;
  readonly ways: ReadonlyMap<Way, WayReport>;
  readonly refusals: ReadonlyMap<Way, readonly string[]>;
  readonly accesses: AccessReport;
  readonly handlers: readonly HotPath<Way>[];
}

/** What one file has of all ways. */
function partOf({ file, subjects, plans }: VerifiedFile, source: NonNullable<VerifiedFile['source']>): Part {
  const native = measureOf(source.image.program);
  const [a, b, mixed, ...joint] = plans as [Plan, Plan, Plan, ...Plan[]];
  const measured = subjects.map(({ program }) => measureOf(program));
  const [ofA, ofB, ofMixed, ...ofJoint] = measured as [Measured, Measured, Measured, ...Measured[]];
  const single = (way: Way, plan: Plan, guest: Measured): WayReport => ({
    ...wayOf(way, plan),
    ...{ oneImage: way === 'dual', text: native.bytes + guest.bytes, data: 0, native, guest },
  });
  const ways: readonly WayReport[] = [
    single('dual', mixed, ofMixed),
    single('a', a, ofA),
    single('b', b, ofB),
    single('mixed', mixed, ofMixed),
    ...JOINT.map((way, at) => jointWay(way, joint[at]!, [ofJoint[2 * at]!, ofJoint[2 * at + 1]!])),
  ];
  return {
    file: file.name,
    source: native,
    ways: new Map(ways.map((way) => [way.way, { ...way, native: countsOf(way.native), guest: countsOf(way.guest) }])),
    refusals: new Map<Way, readonly string[]>([
      ['a', reasonsIn(a)],
      ...JOINT.map((way, at) => [way, reasonsIn(joint[at]!)] as const),
    ]),
    accesses: accessesIn(b),
    handlers: hotPaths(source, subjects, LISTED_STATES),
  };
}

/**
 * A way without its table.
 *
 * @param measured the listing as it is on the bare machine, and as the hypervisor has it; where its calls go through a table, the
 *   routines of both stand behind each of them
 */
function jointWay(way: Way, plan: Plan, [bare, hosted]: readonly [Measured, Measured]): WayReport {
  const { bytes, apart, counts } = jointRoutines(plan);
  const table = sharedTable([plan]);
  const [base, other] = [
    plan.choice.target.name,
    targetsOf(plan.choice).find((each) => each !== plan.choice.target)!.name,
  ];
  const isBehind = plan.slots !== undefined;
  const executed = (code: Counts, own: string): Counts =>
    isBehind ? [...table.counts.values()].reduce(subtractCounts, code) : addCounts(code, counts.get(own)!);
  return {
    ...wayOf(way, plan),
    oneImage: true,
    text: bare.bytes + (isBehind ? -table.bytes : bytes),
    data: bare.apart - apart,
    native: executed(bare, base),
    guest: executed(hosted, other),
  };
}

function subtractCounts(a: Counts, b: Counts): Counts {
  return { instructions: a.instructions - b.instructions, stops: a.stops - b.stops };
}

/** The states of the listings, in the order of the subjects: the way, and the target whose machine executes it. */
const LISTED_STATES: readonly { readonly way: Way; readonly on: 'native' | 'guest' }[] = [
  ...(['a', 'b', 'mixed'] as const).map((way) => ({ way, on: 'guest' }) as const),
  ...JOINT.flatMap((way) => [{ way, on: 'native' } as const, { way, on: 'guest' } as const]),
];

type Measured = ReturnType<typeof measureApart>;

function measureOf(program: Parameters<typeof measureApart>[0]): Measured {
  return measureApart(program);
}

type ReportedSites = Pick<
  WayReport,
  'way' | 'sites' | 'branchRegisters' | 'generalRegisters' | 'worst' | 'moved' | 'overflowing'
>;

function wayOf(way: Way, { planned, moved, stuck }: Plan): ReportedSites {
  const changed = planned.filter(({ site, expansion }) => site.instances.length > 0 && expansion.kind !== 'native');
  const count = (kinds: readonly string[]) => changed.filter(({ expansion }) => kinds.includes(expansion.kind)).length;
  const more = changed.map(({ site, expansion }) => clobbersMore(site, expansion));
  const numbers = (is: (name: string) => boolean) => more.map((names) => names.filter(is).length);
  const [branch, general] = [numbers(isBranchRegister), numbers(isGeneralRegister)];
  const worst = (counts: readonly number[]) => {
    const most = Math.max(0, ...counts);
    return most === 0 ? null : placeOf(changed[counts.indexOf(most)]!.site);
  };
  return {
    way,
    sites: { calls: count(['branch']), inPlace: count(['inPlace', 'patched']), trap: count(['trap']) },
    branchRegisters: distribution(branch),
    generalRegisters: distribution(general),
    worst: { branch: worst(branch), general: worst(general) },
    moved: moved.map(({ vector }) => vector),
    overflowing: stuck.map(({ unit, opening, advice }) => {
      const { statements, tokens } = unit.analysis.program;
      return `${placeText(placeOf(tokens[statements[opening]!.first]!))}: ${advice}`;
    }),
  };
}

function distribution(counts: readonly number[]): number[] {
  const found: number[] = new Array(Math.max(0, ...counts) + 1).fill(0);
  for (const count of counts) found[count]!++;
  return found;
}

function reasonsIn(plan: Plan): string[] {
  return plan.planned.flatMap(({ site, scratch, expansion }) =>
    site.instances.length === 0 ? [] : (notCalled(site, scratch, expansion.kind, plan) ?? []),
  );
}

const NOTHING: Size = { bytes: 0, instructions: 0, stops: 0 };

function sumUp(way: Way, parts: readonly WayReport[]): WayReport {
  const sum = (value: (part: WayReport) => number) => parts.reduce((total, part) => total + value(part), 0);
  return {
    way,
    oneImage: way === 'dual' || JOINT.some((joint) => joint === way),
    text: sum(({ text }) => text),
    data: sum(({ data }) => data),
    native: parts.map(({ native }) => native).reduce(addCounts, NOTHING),
    guest: parts.map(({ guest }) => guest).reduce(addCounts, NOTHING),
    sites: {
      calls: sum(({ sites }) => sites.calls),
      inPlace: sum(({ sites }) => sites.inPlace),
      trap: sum(({ sites }) => sites.trap),
    },
    branchRegisters: addLists(parts.map(({ branchRegisters }) => branchRegisters)),
    generalRegisters: addLists(parts.map(({ generalRegisters }) => generalRegisters)),
    worst: {
      branch: worstOf(parts, ({ branchRegisters }) => branchRegisters, 'branch'),
      general: worstOf(parts, ({ generalRegisters }) => generalRegisters, 'general'),
    },
    moved: parts.flatMap(({ moved }) => moved),
    overflowing: parts.flatMap(({ overflowing }) => overflowing),
  };
}

function worstOf(
  parts: readonly WayReport[],
  counts: (part: WayReport) => readonly number[],
  kind: keyof WayReport['worst'],
): SourceLocation | null {
  const most = Math.max(0, ...parts.map((part) => counts(part).length));
  return parts.find((part) => counts(part).length === most)?.worst[kind] ?? null;
}

function addLists(lists: readonly (readonly number[])[]): number[] {
  const length = Math.max(0, ...lists.map((list) => list.length));
  return Array.from({ length }, (_, at) => lists.reduce((sum, list) => sum + (list[at] ?? 0), 0));
}

function countsOf({ instructions, stops }: Counts): Counts {
  return { instructions, stops };
}

function addCounts(a: Counts, b: Counts): Counts {
  return { instructions: a.instructions + b.instructions, stops: a.stops + b.stops };
}

function addSizes(a: Size, b: Size): Size {
  return { bytes: a.bytes + b.bytes, ...addCounts(a, b) };
}
