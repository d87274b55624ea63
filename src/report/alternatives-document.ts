/** The table of the ways as a document. */
import type { AlternativesReport, Counts, HandlerReport, Way, WayReport } from './alternatives.ts';
import { columns, type DocumentBlock, formatCount, formatNumber, heading, paragraph } from './document.ts';

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
      `${files.join(', ')}. The sources as they stand: ${formatNumber(source.bytes)} bytes of code, ${formatNumber(source.instructions)} instructions, ${formatNumber(source.stops)} stops. Where each has its own image, text is that of both.`,
    ),
    { kind: 'table', columns: columns(...COSTS), groups: [{ title: '', rows: report.ways.map(costRow) }] },
    heading(2, 'Registers'),
    paragraph(
      'How many registers sites change beyond those of the instruction: at most at one site, and how many sites change 0, 1, 2 ... of them.',
    ),
    { kind: 'table', columns: columns(...REGISTERS), groups: [{ title: '', rows: report.ways.map(registerRow) }] },
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

const REGISTERS = ['way', '>branch: most', 'sites with 0, 1 ...', '>general: most', 'sites with 0, 1 ...'];

function registerRow({ way, branchRegisters, generalRegisters }: WayReport): string[] {
  return [
    WAYS[way],
    ...[branchRegisters, generalRegisters].flatMap((sites) => [String(sites.length - 1), sites.join(', ')]),
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
