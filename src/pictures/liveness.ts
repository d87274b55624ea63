/**
 * The liveness map of a handler: one row for each instruction, one column for each register. A bar marks where the register is
 * live, a block a write, a tick a read, a ring a register that was chosen as scratch.
 */
import { isPredicateRegister } from '../machine/register-classes.ts';
import { sortRegisters } from '../machine/register-runs.ts';
import { isShown, type RoutinePicture, type RoutineRow } from './routine.ts';
import { element, type Picture, pictureName, textAt } from './svg.ts';

const ROW = 15;
const COLUMN = 15;
/** Where instructions begin, behind the numbers of their lines. */
const TEXT = 36;
/** Width of a character, of ordinary weight or strong, in the font of pictures.css. */
const LETTER = 7;
const BANK = 14;
const HEAD = 46;
/** Most characters shown of an instruction. */
const SHOWN = 44;

export function livenessPicture({ name, file, rows }: RoutinePicture): Picture {
  const registers = columnsOf(rows);
  const heading = `${name}: what is live behind each instruction`;
  const longest = (texts: readonly string[]) => Math.ceil(Math.max(0, ...texts.map(({ length }) => length)) * LETTER);
  const places = longest(rows.map(({ spelled }) => (spelled === null ? '' : `${spelled} `)));
  const left = TEXT + longest(rows.map(({ text }) => shownText(text))) + 8 + places;
  const width = Math.max(left + BANK + registers.length * COLUMN, longest([`${heading} `])) + 8;
  const height = HEAD + rows.length * ROW + 6;
  const middle = (column: number) => left + BANK + column * COLUMN + COLUMN / 2;
  const parts = [
    textAt(0, 14, heading, { class: 'strong' }),
    ...registers.map((register, column) =>
      textAt(middle(column) + 4, HEAD - 6, register, { transform: `rotate(-70 ${middle(column) + 4} ${HEAD - 6})` }),
    ),
    ...rows.map((row, at) => rowText(row, at, left, width)),
    ...bankBars(rows, left),
    ...registers.flatMap((register, column) => columnMarks(register, middle(column), rows)),
  ];
  return {
    name: pictureName('liveness', file, name),
    title: `Liveness map of ${name}`,
    description: `${rows.length} instructions, ${registers.length} registers; bars are live values, rings the scratch registers of ${rows.filter(({ operation }) => operation !== null).length} sites`,
    width,
    height,
    content: parts.join(''),
  };
}

function shownText(text: string): string {
  return text.length > SHOWN ? `${text.slice(0, SHOWN - 2)}..` : text;
}

/** An instruction with more predicates than this (`mov pr=`) moves all of them; that gives none of them a column. */
const MASS = 4;

/** The registers that the handler reads, writes or takes as scratch, sorted by class and number. */
function columnsOf(rows: readonly RoutineRow[]): string[] {
  return sortRegisters(
    new Set(
      rows.flatMap(({ reads, writes, scratch }) => [...singly(reads), ...singly(writes), ...scratch.filter(isShown)]),
    ),
  );
}

function singly(names: readonly string[]): readonly string[] {
  const predicates = names.filter(isPredicateRegister);
  return predicates.length > MASS ? names.filter((name) => !predicates.includes(name)) : names;
}

/** The line of the source, the instruction and, of a macro's, the line that spells it. */
function rowText(
  { text: words, line, spelled, operation, calls }: RoutineRow,
  at: number,
  left: number,
  width: number,
): string {
  const y = HEAD + at * ROW;
  const band = operation !== null ? element('rect', { class: 'band', x: 0, y, width, height: ROW }) : '';
  const call = calls ? element('path', { class: 'limit', d: `M${left} ${y + ROW - 1}H${width}` }) : '';
  const place = spelled === null ? '' : textAt(left - 6, y + 11, spelled, { class: 'faint', 'text-anchor': 'end' });
  return `${band}${textAt(30, y + 11, String(line), { class: 'faint', 'text-anchor': 'end' })}${textAt(TEXT, y + 11, shownText(words), operation === null ? {} : { class: 'strong' })}${place}${call}`;
}

/** Stripes beside the rows that execute with bank 0 current. */
function bankBars(rows: readonly RoutineRow[], left: number): string[] {
  return runsOf(rows.map(({ bank }) => bank === 0)).map(([first, last]) =>
    element(
      'rect',
      { class: 'c2', x: left + 3, y: HEAD + first * ROW, width: 5, height: (last - first + 1) * ROW },
      '<title>register bank 0</title>',
    ),
  );
}

function columnMarks(register: string, x: number, rows: readonly RoutineRow[]): string[] {
  const top = (at: number) => HEAD + at * ROW;
  const live = runsOf(rows.map((row) => row.live.has(register)));
  const bars = live.map(([first, last]) => `M${x} ${top(first) + ROW / 2}V${top(last + 1) + ROW / 2}`).join('');
  const reads = marked(rows, ({ reads }) => reads.includes(register)).map((at) => `M${x - 5} ${top(at) + ROW / 2}h10`);
  return [
    ...(bars === '' ? [] : [element('path', { class: 'live', d: bars }, `<title>${register}</title>`)]),
    ...marked(rows, ({ writes }) => writes.includes(register)).map((at) =>
      element('rect', { class: 'write', x: x - 5, y: top(at) + 4, width: 10, height: 7 }),
    ),
    ...(reads.length === 0 ? [] : [element('path', { class: 'read', d: reads.join('') })]),
    ...marked(rows, ({ scratch }) => scratch.includes(register)).map((at) =>
      element(
        'circle',
        { class: 'mark', cx: x, cy: top(at) + ROW / 2, r: 5 },
        `<title>${register}: chosen as scratch</title>`,
      ),
    ),
  ];
}

function marked(rows: readonly RoutineRow[], test: (row: RoutineRow) => boolean): number[] {
  return rows.flatMap((row, at) => (test(row) ? [at] : []));
}

/** First and last index of each run of true values. */
function runsOf(values: readonly boolean[]): [number, number][] {
  const runs: [number, number][] = [];
  for (const [at, value] of values.entries()) {
    if (!value) continue;
    const open = runs.at(-1);
    if (open !== undefined && open[1] === at - 1) open[1] = at;
    else runs.push([at, at]);
  }
  return runs;
}
