/** The report as a document: the table of costs first, then what was left, vectors, routines, and every site. */
import {
  code,
  columns,
  type DocumentBlock,
  difference,
  type EntryLine,
  formatCount,
  formatNumber,
  heading,
  paragraph,
} from './document.ts';
import { groupBy } from './group.ts';
import type {
  CostReport,
  FileReport,
  LeftReport,
  RefusedReport,
  Report,
  RoutineReport,
  SourceLocation,
  VectorReport,
} from './model.ts';
import { placeText } from './places.ts';
import { registerRanges, registerSummary } from './registers.ts';
import { roomBlocks } from './room.ts';
import { kindWords, siteEntry } from './site-entry.ts';

export function reportDocument(report: Report): DocumentBlock[] {
  return [
    heading(
      1,
      `pvasm report: ${formatCount(report.sites.length, 'site')} in ${formatCount(report.files.length, 'file')}`,
    ),
    ...summaryDocument(report),
    ...sites(report),
  ];
}

/** All of a report but its title and its single sites. */
export function summaryDocument(report: Report): DocumentBlock[] {
  return [
    ...unproven(report),
    ...costs(report),
    ...outcomes(report),
    ...left(report),
    ...report.files.flatMap((file) => vectors(file, report)),
    ...report.files.flatMap((file) => roomBlocks(file, kindWords)),
    ...report.files.flatMap(routines),
  ];
}

/** Assumptions of the choice of registers about files that were not found. */
export function unproven({ missingHeaders }: Report): DocumentBlock[] {
  if (missingHeaders.length === 0) return [];
  return [
    paragraph(
      `Registers were chosen without ${formatCount(missingHeaders.length, 'header')} not found (--no-strict): ${missingHeaders.join(', ')}. A name that a missing header defines may be a register that is taken for free here.`,
    ),
  ];
}

function costs({ files, total }: Report): DocumentBlock[] {
  const hasData = total.some(({ data }) => data > 0);
  const row = (cost: CostReport) => [...costRow(cost), ...(hasData ? [formatNumber(cost.data)] : [])];
  const groups = files.map((file) => ({
    title: file.file,
    rows: [
      [
        '(source)',
        formatNumber(file.native.bytes),
        '',
        formatNumber(file.native.instructions),
        '',
        formatNumber(file.native.stops),
        ...['', '', ''],
        ...(hasData ? [''] : []),
      ],
      ...file.costs.map(row),
    ],
  }));
  if (files.length > 1) groups.push({ title: 'all files', rows: total.map(row) });
  const titles = ['listing', '>bytes', '>added', '>instructions', '>added', '>stops', '>added', '>BRs', '>GRs'];
  return [
    heading(2, 'What each listing costs over native'),
    {
      kind: 'table',
      columns: columns(...titles, ...(hasData ? ['>data'] : [])),
      groups,
    },
    paragraph(
      'bytes: bundles of the laid-out listing x 16. instructions: without nops. BRs, GRs: branch and general registers that a site changes beyond what the native instruction changes: the most at one site / in all. All of it is counted in the code that the assembler is given; nothing is declared.',
    ),
    ...(hasData
      ? [
          paragraph(
            'data: bytes of records, of replacements and of tables. Of joint targets code is counted as native executes it: the routines that calls go to are in it, in bytes those of all targets.',
          ),
        ]
      : []),
  ];
}

function costRow({ target, bytes, instructions, stops, added, clobbers, mostAtOneSite }: CostReport): string[] {
  return [
    target,
    formatNumber(bytes),
    difference(added.bytes),
    formatNumber(instructions),
    difference(added.instructions),
    formatNumber(stops),
    difference(added.stops),
    `${mostAtOneSite.branch}/${clobbers.branch.length}`,
    `${mostAtOneSite.general}/${clobbers.general.length}`,
  ];
}

function outcomes({ files, total }: Report): DocumentBlock[] {
  const groups = files
    .filter(({ costs }) => costs.some(hasSites))
    .map((file) => ({ title: file.file, rows: file.costs.map(outcomeRow) }));
  if (files.length > 1) groups.push({ title: 'all files', rows: total.map(outcomeRow) });
  return [
    heading(2, 'What becomes of the sites'),
    {
      kind: 'table',
      columns: columns(
        'listing',
        '>in place',
        '>calls',
        '>native',
        '>trap',
        '>routines',
        '>(size)',
        'registers changed beyond native',
      ),
      groups,
    },
  ];
}

function hasSites({ sites }: CostReport): boolean {
  return Object.values(sites).some((count) => count > 0);
}

function outcomeRow({ target, sites, routines, routineInstructions, clobbers }: CostReport): string[] {
  const changed = registerRanges([...clobbers.branch, ...clobbers.general, ...clobbers.predicate]);
  return [
    target,
    ...[sites.inPlace, sites.branch, sites.native, sites.trap, routines, routineInstructions].map(formatNumber),
    changed,
  ];
}

function left({ refused, left: all }: Report): DocumentBlock[] {
  if (refused.length + all.length === 0) return [];
  const blocks: DocumentBlock[] = [heading(2, 'Left as they are')];
  if (refused.length > 0)
    blocks.push(
      heading(3, `For every target: ${formatCount(refused.length, 'instruction')}`),
      ...refused.map(refusedEntry),
    );
  return [...blocks, ...leftEntries(all)];
}

/** What targets leave as it is: one entry for all that is alike. */
export function leftEntries(all: readonly LeftReport[]): DocumentBlock[] {
  return [...groupBy(all, ({ what, reason, places }) => `${what}\n${reason}\n${places.map(placeText)}`).values()].map(
    (entries) => {
      const [first] = entries as [LeftReport];
      const title = `${entries.map(({ target }) => target).join(', ')}: ${first.what}, ${first.class}, ${formatCount(first.places.length, 'place')}`;
      return {
        kind: 'entry',
        title,
        lines: [
          { label: 'why', text: first.reason },
          { label: 'where', text: placeList(first.places) },
        ],
      };
    },
  );
}

export function refusedEntry(refused: RefusedReport): DocumentBlock {
  return {
    kind: 'entry',
    title: `${placeText(refused)}  ${code(refused.text)}  ${refused.operation}`,
    lines: [
      { label: 'why', text: refused.reason },
      ...(refused.builtFor === undefined
        ? []
        : [{ label: 'where', text: `as built for ${refused.builtFor.join(', ')}` }]),
    ],
  };
}

/** `ivt.S:12, 45, 67; minstate.h:3` */
export function placeList(places: readonly SourceLocation[]): string {
  const files = groupBy(places, ({ file }) => file);
  return [...files].map(([file, own]) => `${file}:${[...new Set(own.map(({ line }) => line))].join(', ')}`).join('; ');
}

function vectors(file: FileReport, { targets }: Report): DocumentBlock[] {
  if (file.vectors.length === 0) return [];
  const slots = alikeSlots(
    file.vectors.filter((vector) => vector.native > 0 || vector.used.some((count) => count > 0)),
  );
  const rows = slots.map(({ first: { offset, name, room, native, used }, more }) => {
    const bundles = (count: number) => (room !== null && count > room ? `${count} TOO MANY` : String(count));
    const label = name ?? (more > 0 ? `and ${formatCount(more, 'more slot')}` : '');
    return [
      `0x${offset.toString(16).padStart(4, '0')}`,
      label,
      room === null ? 'open' : String(room),
      bundles(native),
      ...used.map(bundles),
    ];
  });
  return [
    heading(2, `Bundles used of each vector's slot: ${file.file}`),
    {
      kind: 'table',
      columns: columns('offset', 'vector', '>room', '>(source)', ...targets.map(({ label }) => `>${label}`)),
      groups: [{ title: '', rows }],
    },
  ];
}

/** Slots without a name that follow each other and are filled alike are shown once. */
function alikeSlots(vectors: readonly VectorReport[]): { first: VectorReport; more: number }[] {
  const slots: { first: VectorReport; more: number }[] = [];
  for (const vector of vectors) {
    const open = slots.at(-1);
    const key = ({ name, room, native, used }: VectorReport) => [name ?? '', room, native, ...used].join();
    if (open !== undefined && vector.name === null && key(open.first) === key(vector)) open.more++;
    else slots.push({ first: vector, more: 0 });
  }
  return slots;
}

function routines({ file, routines: all }: FileReport): DocumentBlock[] {
  if (all.length === 0) return [];
  return [heading(2, `Routines: ${file}`), ...all.map(routineEntry)];
}

export function routineEntry({ name, file, line, needs, clobbers, preserves, more }: RoutineReport): DocumentBlock {
  const all = [...clobbers, ...preserves];
  const lines: EntryLine[] = [
    { label: 'needs', text: registerSummary(needs, all) },
    { label: 'clobbers', text: registerSummary(clobbers, all) },
    { label: 'preserves', text: registerSummary(preserves, all) },
  ];
  for (const [names, targets] of groupBy(more, (each) => registerRanges(each.clobbers)))
    if (names !== '-')
      lines.push({ label: targets.map(({ target }) => target).join(', '), text: `clobbers ${names} as well` });
  return { kind: 'entry', title: `${placeText({ file, line, column: 1 })}  ${code(name)}`, lines };
}

function sites({ sites: all }: Report): DocumentBlock[] {
  if (all.length === 0) return [];
  return [heading(2, 'Sites'), ...all.map((site) => siteEntry(site))];
}
