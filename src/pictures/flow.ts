/** Control flow graph of a handler: blocks in the order of the source, branches as arcs at the left, exits at the right. */
import type { RoutinePicture, RoutineRow } from './routine.ts';
import { element, type Picture, pictureName, textAt } from './svg.ts';

const WIDTH = 300;
const LEFT = 70;
const ROW = 14;
const PAD = 6;
const GAP = 16;
const EXIT = 230;
/** Horizontal distance between neighbouring arcs. */
const LANE = 9;
const LANES = 6;
/** Most characters shown of a line. */
const SHOWN = 40;
/** Most instructions shown of a block; of the others the number is given. */
const LISTED = 6;

interface Block {
  readonly first: number;
  readonly last: number;
  readonly lines: readonly string[];
  readonly y: number;
  readonly height: number;
}

export function flowPicture({ name, file, rows }: RoutinePicture): Picture {
  const blocks = blocksOf(rows);
  const blockOf = (row: number) => blocks.findIndex(({ first, last }) => first <= row && row <= last);
  const edges = blocks.flatMap((block, from) =>
    rows.slice(block.first, block.last + 1).flatMap(({ jumps }) => jumps.map((row) => ({ from, to: blockOf(row) }))),
  );
  const last = blocks.at(-1);
  const height = last === undefined ? 30 : last.y + last.height + 8;
  const parts = [
    textAt(LEFT, 14, `${name}: where control goes`, { class: 'strong' }),
    ...blocks.map((block) => boxText(block)),
    ...blocks.flatMap((block, at) => downArrow(block, blocks[at + 1], rows)),
    ...edges.map((edge, at) => arc(blocks[edge.from]!, blocks[edge.to]!, at % LANES)),
    ...blocks.flatMap((block) => exits(block, rows)),
  ];
  return {
    name: pictureName('flow', file, name),
    title: `Flow of ${name}`,
    description: `${blocks.length} blocks, ${edges.length} branches between them; leaves to ${[...new Set(rows.flatMap(({ leaves }) => leaves))].join(', ') || 'nothing by a branch'}`,
    width: LEFT + WIDTH + EXIT,
    height,
    content: parts.join(''),
  };
}

function blocksOf(rows: readonly RoutineRow[]): Block[] {
  const targets = new Set(rows.flatMap(({ jumps }) => jumps));
  const blocks: Block[] = [];
  let y = 26;
  let first = 0;
  for (let at = 0; at < rows.length; at++) {
    const row = rows[at]!;
    const ends = at === rows.length - 1 || targets.has(at + 1) || row.jumps.length + row.leaves.length > 0;
    if (!ends) continue;
    const lines = linesOf(rows.slice(first, at + 1));
    const height = lines.length * ROW + PAD * 2;
    blocks.push({ first, last: at, lines, y, height });
    y += height + GAP;
    first = at + 1;
  }
  return blocks;
}

function linesOf(rows: readonly RoutineRow[]): string[] {
  const labels = rows[0]!.labels.filter((label) => !label.startsWith('.'));
  const texts = rows.map(({ text: words, operation }) => (operation === null ? words : `${words}  [${operation}]`));
  const shown =
    texts.length <= LISTED + 1
      ? texts
      : [...texts.slice(0, LISTED - 1), `... ${texts.length - LISTED} more`, texts.at(-1)!];
  return [...(labels.length === 0 ? [] : [`${labels.join(', ')}:`]), ...shown].map((line) =>
    line.length > SHOWN ? `${line.slice(0, SHOWN - 2)}..` : line,
  );
}

function boxText({ lines, y, height }: Block): string {
  return [
    element('rect', { class: 'box', x: LEFT, y, width: WIDTH, height, rx: 3 }),
    ...lines.map((line, at) =>
      textAt(LEFT + PAD, y + PAD + at * ROW + 10, line, line.endsWith(':') ? { class: 'strong' } : {}),
    ),
  ].join('');
}

function downArrow({ last, y, height }: Block, next: Block | undefined, rows: readonly RoutineRow[]): string[] {
  if (next === undefined || !rows[last]!.falls) return [];
  const x = LEFT + 24;
  return [element('path', { class: 'edge', d: `M${x} ${y + height}V${next.y - 5}` }), arrowHead(x, next.y, 'down')];
}

/** An arc from the end of a block to the start of another, at the left side. */
function arc(from: Block, to: Block, lane: number): string {
  const start = from.y + from.height - PAD - 4;
  const end = to.y + PAD + 4;
  const x = LEFT - 14 - lane * LANE;
  const kind = end <= start ? 'edge back' : 'edge';
  return `${element('path', { class: kind, d: `M${LEFT} ${start}C${x} ${start} ${x} ${start} ${x} ${(start + end) / 2}S${x} ${end} ${LEFT - 5} ${end}` })}${arrowHead(LEFT, end, 'right')}`;
}

function arrowHead(x: number, y: number, way: 'down' | 'right'): string {
  const d = way === 'down' ? `M${x} ${y}l-4 -7h8z` : `M${x} ${y}l-7 -4v8z`;
  return element('path', { class: 'head', d });
}

/** The branches of a block that leave the handler, at its right side. */
function exits({ first, last, y, height }: Block, rows: readonly RoutineRow[]): string[] {
  const names = rows
    .slice(first, last + 1)
    .flatMap(({ leaves, calls }) => leaves.map((name) => (calls ? `call ${name}` : name)));
  return names.flatMap((name, at) => {
    const from = y + height - PAD - 4 - at * ROW;
    const x = LEFT + WIDTH;
    return [
      element('path', { class: 'edge', d: `M${x} ${from}H${x + 19}` }),
      arrowHead(x + 24, from, 'right'),
      textAt(x + 30, from + 4, name.length > 28 ? `${name.slice(0, 26)}..` : name),
    ];
  });
}
