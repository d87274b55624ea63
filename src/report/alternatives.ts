/**
 * The ways that there are to serve the bare machine and a hypervisor, beside each other: what each takes, and what is executed.
 * Requires: listings for all ways, read again and ready to be executed.
 */
import { hypercallOf } from '../expand/hypercalls.ts';
import { bodyInstruction } from '../expand/instructions.ts';
import type { Plan } from '../expand/plan.ts';
import type { PlannedSite } from '../expand/planned-site.ts';
import { SITES_SECTION, targetOfSection } from '../machine/patch-format.ts';
import { isBranchRegister, isGeneralRegister } from '../machine/register-classes.ts';
import type { VerifiedFile } from '../verify/project.ts';
import { groupBy } from './group.ts';
import { type HotPath, hotPaths } from './hot-paths.ts';
import { measureApart } from './measure.ts';
import type { Size } from './model.ts';
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
export type Way = 'dual' | 'a' | 'b' | 'mixed' | 'd' | 'e';

export interface WayReport {
  readonly way: Way;
  /** One image serves both; else each has its own. */
  readonly oneImage: boolean;
  /** Bytes of code, of all images. */
  readonly text: number;
  /** Bytes of records, and of code that is only copied. */
  readonly records: number;
  readonly native: Counts;
  readonly guest: Counts;
  /** Sites by what becomes of them for the hypervisor, those that are the same on the bare machine left out. */
  readonly sites: { readonly calls: number; readonly inPlace: number; readonly trap: number };
  /** At index n: sites that change n registers beyond those of the instruction. */
  readonly branchRegisters: readonly number[];
  readonly generalRegisters: readonly number[];
  /** Vectors whose tails moved out of line, and those that do not fit. */
  readonly moved: readonly string[];
  readonly overflowing: readonly string[];
}

export interface Counts {
  readonly instructions: number;
  readonly stops: number;
}

/** What the bodies of the hypervisor do, in place. */
export interface AccessReport {
  readonly hypercalls: number;
  readonly memory: number;
  /** Sites that have hypercalls, that have accesses to memory and no hypercall, and that have neither. */
  readonly sites: { readonly hypercalls: number; readonly memoryOnly: number; readonly neither: number };
}

export interface RefusalReport {
  readonly way: Way;
  readonly reason: string;
  readonly sites: number;
}

export interface HandlerReport extends HotPath<Way> {
  readonly file: string;
}

/** The listings that the table is made of, by the name of the hypervisor's target as the call gives it. */
export function alternativeLabels(target: string): readonly string[] {
  return [`${target}:a`, `${target}:b`, target, `native+${target}:d`, `native+${target}:e`];
}

/** @param files built for the labels of {@link alternativeLabels}, in their order */
export function alternativesReport(target: string, files: readonly VerifiedFile[]): AlternativesReport {
  const parts = files.flatMap((file) => (file.source === null ? [] : [partOf(file, file.source)]));
  const ways = ORDER.map((way) =>
    sumUp(
      way,
      parts.map((part) => part.ways.get(way)!),
    ),
  );
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

const ORDER: readonly Way[] = ['dual', 'a', 'b', 'mixed', 'd', 'e'];

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
  const [a, b, mixed, d, e] = plans as [Plan, Plan, Plan, Plan, Plan];
  const [ofA, ofB, ofMixed, dNative, dGuest, eNative, eGuest] = subjects.map(({ program }) => measureOf(program)) as [
    ...[Measured, Measured, Measured],
    ...[Measured, Measured, Measured, Measured],
  ];
  const single = (way: Way, plan: Plan, guest: Measured): WayReport => ({
    ...wayOf(way, plan),
    ...{ oneImage: way === 'dual', text: native.bytes + guest.bytes, records: 0, native, guest },
  });
  const routines = routinesIn(e);
  const ways: readonly WayReport[] = [
    single('dual', mixed, ofMixed),
    single('a', a, ofA),
    single('b', b, ofB),
    single('mixed', mixed, ofMixed),
    {
      ...wayOf('d', d),
      ...{ oneImage: true, text: dNative.bytes, records: dNative.apart, native: dNative, guest: dGuest },
    },
    {
      ...wayOf('e', e),
      ...{ oneImage: true, text: eNative.bytes + routines.bytes, records: eNative.apart - routines.bytes },
      native: addCounts(eNative, routines.native),
      guest: addCounts(eGuest, routines.guest),
    },
  ];
  return {
    file: file.name,
    source: native,
    ways: new Map(ways.map((way) => [way.way, { ...way, native: countsOf(way.native), guest: countsOf(way.guest) }])),
    refusals: new Map([
      ['a', reasonsIn(a)],
      ['e', reasonsIn(e)],
    ]),
    accesses: accessesIn(b),
    handlers: hotPaths(source, subjects, LISTED_STATES),
  };
}

/** The states of the listings, in the order of the subjects: which way, and on the machine of which target. */
const LISTED_STATES: readonly { readonly way: Way; readonly on: 'native' | 'guest' }[] = [
  ...(['a', 'b', 'mixed'] as const).map((way) => ({ way, on: 'guest' }) as const),
  ...(['d', 'e'] as const).flatMap((way) => [{ way, on: 'native' } as const, { way, on: 'guest' } as const]),
];

type Measured = ReturnType<typeof measureApart>;

function measureOf(program: Parameters<typeof measureApart>[0]): Measured {
  return measureApart(program, (section) => section === SITES_SECTION || targetOfSection(section) !== null);
}

type ReportedSites = Pick<
  WayReport,
  'way' | 'sites' | 'branchRegisters' | 'generalRegisters' | 'moved' | 'overflowing'
>;

function wayOf(way: Way, { planned, moved, stuck }: Plan): ReportedSites {
  const changed = planned.filter(({ site, expansion }) => site.instances.length > 0 && expansion.kind !== 'native');
  const count = (kinds: readonly string[]) => changed.filter(({ expansion }) => kinds.includes(expansion.kind)).length;
  const more = changed.map(({ site, expansion }) => clobbersMore(site, expansion));
  return {
    way,
    sites: { calls: count(['branch']), inPlace: count(['inPlace', 'patched']), trap: count(['trap']) },
    branchRegisters: distribution(more.map((names) => names.filter(isBranchRegister).length)),
    generalRegisters: distribution(more.map((names) => names.filter(isGeneralRegister).length)),
    moved: moved.map(({ vector }) => vector),
    overflowing: stuck.map(({ advice }) => advice),
  };
}

function distribution(counts: readonly number[]): number[] {
  const found: number[] = new Array(Math.max(0, ...counts) + 1).fill(0);
  for (const count of counts) found[count]!++;
  return found;
}

/** The routines that the calls of alternative E go to: they are executed where the replacements are. */
function routinesIn({ planned, patches }: Plan): { bytes: number; native: Counts; guest: Counts } {
  const numbers = new Set(
    planned.flatMap(({ site, expansion }) => (expansion.kind === 'branch' ? (patches!.numbers.get(site) ?? []) : [])),
  );
  const codes = [...numbers].map((number) => patches!.replacements[number]!.code);
  const of = (target: number): Counts => {
    const items = codes.flatMap((code) => code[target]!.canonical);
    const isCounted = (text: string) => !/^nop\./.test(text);
    return {
      instructions: items.filter((item) => item.kind === 'instruction' && isCounted(item.text)).length,
      // The branch back ends the last group.
      stops: items.filter(({ kind }) => kind === 'stop').length,
    };
  };
  const native = patches!.targets.indexOf('native');
  const bytes = codes.flat().reduce((sum, { bundles }) => sum + 16 * bundles, 0);
  return { bytes, native: of(native), guest: of(1 - native) };
}

function reasonsIn(plan: Plan): string[] {
  return plan.planned.flatMap(({ site, scratch, expansion }) =>
    site.instances.length === 0 ? [] : (notCalled(site, scratch, expansion.kind, plan) ?? []),
  );
}

function accessesIn({ planned, choice: { target } }: Plan): AccessReport {
  const bodies = planned.filter(({ site, expansion: { kind } }) => kind === 'inPlace' && site.instances.length > 0);
  const counts = bodies.map(({ expansion }) => accessesOf(expansion, target.hypercalls));
  const sites = (is: (counts: { hypercalls: number; memory: number }) => boolean) => counts.filter(is).length;
  return {
    hypercalls: counts.reduce((sum, { hypercalls }) => sum + hypercalls, 0),
    memory: counts.reduce((sum, { memory }) => sum + memory, 0),
    sites: {
      hypercalls: sites(({ hypercalls }) => hypercalls > 0),
      memoryOnly: sites(({ hypercalls, memory }) => hypercalls === 0 && memory > 0),
      neither: sites(({ hypercalls, memory }) => hypercalls + memory === 0),
    },
  };
}

function accessesOf({ canonical }: PlannedSite['expansion'], hypercalls: Parameters<typeof hypercallOf>[1]) {
  const made = canonical.flatMap((item) => (item.kind === 'instruction' ? [bodyInstruction(item.text)] : []));
  return {
    hypercalls: made.filter(({ instruction }) => hypercallOf(instruction, hypercalls) !== undefined).length,
    memory: made.filter(({ effects }) => effects.readsMemory || effects.writesMemory).length,
  };
}

const NOTHING: Size = { bytes: 0, instructions: 0, stops: 0 };

function sumUp(way: Way, parts: readonly WayReport[]): WayReport {
  const sum = (value: (part: WayReport) => number) => parts.reduce((total, part) => total + value(part), 0);
  return {
    way,
    oneImage: way === 'dual' || way === 'd' || way === 'e',
    text: sum(({ text }) => text),
    records: sum(({ records }) => records),
    native: parts.map(({ native }) => native).reduce(addCounts, NOTHING),
    guest: parts.map(({ guest }) => guest).reduce(addCounts, NOTHING),
    sites: {
      calls: sum(({ sites }) => sites.calls),
      inPlace: sum(({ sites }) => sites.inPlace),
      trap: sum(({ sites }) => sites.trap),
    },
    branchRegisters: addLists(parts.map(({ branchRegisters }) => branchRegisters)),
    generalRegisters: addLists(parts.map(({ generalRegisters }) => generalRegisters)),
    moved: parts.flatMap(({ moved }) => moved),
    overflowing: parts.flatMap(({ overflowing }) => overflowing),
  };
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

function addAccesses(a: AccessReport, b: AccessReport): AccessReport {
  return {
    hypercalls: a.hypercalls + b.hypercalls,
    memory: a.memory + b.memory,
    sites: {
      hypercalls: a.sites.hypercalls + b.sites.hypercalls,
      memoryOnly: a.sites.memoryOnly + b.sites.memoryOnly,
      neither: a.sites.neither + b.sites.neither,
    },
  };
}
