/** The table of the ways as a document. */
import type { AlternativesReport, Counts, HandlerReport, Way, WayReport } from './alternatives.ts';
import { columns, type DocumentBlock, formatCount, formatNumber, heading, paragraph } from './document.ts';
import type { SourceLocation } from './model.ts';
import { placeText } from './places.ts';

const WAYS: Readonly<Record<Way, string>> = {
  dual: 'dual: two tables in one image',
  a: 'a: calls of shared routines',
  b: 'b: bodies in place',
  mixed: 'mixed: whichever is shorter',
  c: 'c: calls through a table',
  d: 'd: patched in place',
  e: 'e: calls, their branch patched',
};

export function alternativesDocument(report: AlternativesReport): DocumentBlock[] {
  const { target, files, source, accesses } = report;
  const sites = accesses.sites.hypercalls + accesses.sites.memoryOnly + accesses.sites.neither;
  return [
    heading(1, `The ways to serve native and ${target}`),
    paragraph(
      `${files.join(', ')}. The sources as they stand: ${formatNumber(source.bytes)} bytes of code, ${formatNumber(source.instructions)} instructions, ${formatNumber(source.stops)} stops. Where each has its own image, text is that of both. With c the table and its routines are counted once for all files.`,
    ),
    { kind: 'table', columns: columns(...COSTS), groups: [{ title: '', rows: report.ways.map(costRow) }] },
    heading(2, 'Registers'),
    paragraph(
      'How many registers sites change beyond those of the instruction: at most at one site, and how many sites change 0, 1, 2 ... of them.',
    ),
    { kind: 'table', columns: columns(...REGISTERS), groups: [{ title: '', rows: report.ways.map(registerRow) }] },
    ...room(report),
    heading(2, `How ${target} is asked`),
    paragraph(
      `In place, ${formatCount(sites, 'body')} have ${formatCount(accesses.hypercalls, 'hypercall')} and ${formatNumber(accesses.memory)} accesses to memory: ${formatNumber(accesses.sites.hypercalls)} make a hypercall, ${formatNumber(accesses.sites.memoryOnly)} get by with memory, ${formatNumber(accesses.sites.neither)} need neither.`.replace(
        /(\d) bodys/,
        '$1 bodies',
      ),
    ),
    ...refused(report),
    ...executed(report),
  ];
}

const COSTS = [
  ...['way', 'images', '>text', '>data', '>native: instructions', '>stops', '>hypervisor: instructions', '>stops'],
  ...['>calls', '>in place', '>trap', '>vectors moved', '>not fitting'],
];

function costRow({ way, oneImage, text, data, native, guest, sites, moved, overflowing }: WayReport): string[] {
  return [
    ...[WAYS[way], oneImage ? 'one' : 'one each'],
    ...[text, data, native.instructions, native.stops, guest.instructions, guest.stops].map(formatNumber),
    ...[sites.calls, sites.inPlace, sites.trap, moved.length, overflowing.length].map(formatNumber),
  ];
}

const REGISTERS = [
  ...['way', '>branch: most', 'at', 'sites with 0, 1 ...'],
  ...['>general: most', 'at', 'sites with 0, 1 ...'],
];

function registerRow({ way, branchRegisters, generalRegisters, worst }: WayReport): string[] {
  const cells = (sites: readonly number[], place: SourceLocation | null) => [
    String(sites.length - 1),
    place === null ? '' : placeText(place),
    sites.join(', '),
  ];
  return [WAYS[way], ...cells(branchRegisters, worst.branch), ...cells(generalRegisters, worst.general)];
}

/** Which tails were moved out of line, and which vectors do not fit all the same. */
function room({ ways }: AlternativesReport): DocumentBlock[] {
  const rows = ways.flatMap(({ way, moved, overflowing }) => [
    ...moved.map((vector) => [way, vector, 'its tail stands out of line']),
    ...overflowing.map((advice) => [way, '', `does not fit: ${advice}`]),
  ]);
  if (rows.length === 0) return [];
  return [
    heading(2, 'Vectors that are too full'),
    { kind: 'table', columns: columns('way', 'vector', 'what was done'), groups: [{ title: '', rows }] },
  ];
}

function refused({ refusals }: AlternativesReport): DocumentBlock[] {
  if (refusals.length === 0) return [];
  const rows = refusals.map(({ way, sites, reason }) => [way, formatNumber(sites), reason]);
  return [
    heading(2, 'Sites that cannot be calls'),
    paragraph('With `a` they have their bodies in place; with `c` and `e` they are patched in place.'),
    { kind: 'table', columns: columns('way', '>sites', 'because'), groups: [{ title: '', rows }] },
  ];
}

function executed({ target, handlers }: AlternativesReport): DocumentBlock[] {
  const [first] = handlers;
  if (first === undefined) return [];
  const titles = first.listings.map(({ way, on }) => `>${way}: ${on === 'native' ? 'native' : target}`);
  const row = ({ handler, source, listings }: HandlerReport) => [handler, ...[source, ...listings].map(counts)];
  const files = [...new Set(handlers.map(({ file }) => file))];
  return [
    heading(2, 'What a handler executes'),
    paragraph(
      'Instructions / stops from its entry to `rfi`: the shortest way of the source without a call of C, among the states that were tried, and the same way in each listing. Nops are not counted, instructions under a false predicate are.',
    ),
    {
      kind: 'table',
      columns: columns('handler', '>source', ...titles),
      groups: files.map((file) => ({ title: file, rows: handlers.filter((each) => each.file === file).map(row) })),
    },
  ];
}

function counts({ instructions, stops }: Counts): string {
  return `${formatNumber(instructions)} / ${formatNumber(stops)}`;
}
