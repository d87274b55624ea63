/** Which instructions of a listing are the source's own, and which an expansion has brought. */
import type { Program, ProgramInstruction } from '../analysis/program/program.ts';

/** An instruction as its tokens spell it. */
function spelling({ tokens }: Program, { statement }: ProgramInstruction): string {
  let text = '';
  for (let at = statement.first; at <= statement.last; at++) text += `${tokens[at]!.text} `;
  return text;
}

export interface Alignment {
  /** By instruction of the listing: 1 where the source has no such instruction. */
  readonly foreign: Uint8Array;
  /** By instruction of the source: 1 where the listing has it no more. */
  readonly replaced: Uint8Array;
}

export function alignedWith(source: Program, listing: Program): Alignment {
  const foreign = new Uint8Array(listing.instructions.length).fill(1);
  const replaced = new Uint8Array(source.instructions.length).fill(1);
  const ours = sharedLabels(source, listing);
  const from = segments(source, ours);
  const to = segments(listing, ours);
  const count = Math.min(from.length, to.length);
  for (let at = 0; at < count; at++) markOwn(source, listing, from[at]!, to[at]!, { foreign, replaced });
  return { foreign, replaced };
}

function sharedLabels(source: Program, listing: Program): ReadonlySet<string> {
  const names = new Set(source.symbols.labels.map(({ name }) => name));
  return new Set(listing.symbols.labels.map(({ name }) => name).filter((name) => names.has(name)));
}

/** Runs of instructions between labels that both have, in the order of the text. */
function segments({ statements, instructionOf }: Program, labels: ReadonlySet<string>): number[][] {
  const found: number[][] = [[]];
  statements.forEach((statement, at) => {
    if (statement.kind === 'label' && labels.has(statement.name)) found.push([]);
    else if (instructionOf[at]! >= 0) found.at(-1)!.push(instructionOf[at]!);
  });
  return found;
}

/** The longest common sequence of two runs is what the listing has kept. */
function markOwn(
  source: Program,
  listing: Program,
  from: readonly number[],
  to: readonly number[],
  { foreign, replaced }: Alignment,
): void {
  const own = from.map((index) => spelling(source, source.instructions[index]!));
  const spelt = to.map((index) => spelling(listing, listing.instructions[index]!));
  // Most runs are the same, or begin so.
  let same = 0;
  for (; same < own.length && same < spelt.length && own[same] === spelt[same]; same++) {
    foreign[to[same]!] = 0;
    replaced[from[same]!] = 0;
  }
  for (const [row, column] of longestCommon(own.slice(same), spelt.slice(same))) {
    foreign[to[same + column]!] = 0;
    replaced[from[same + row]!] = 0;
  }
}

/** The places of a longest common sequence in each of two lists. */
function longestCommon(left: readonly string[], right: readonly string[]): readonly (readonly [number, number])[] {
  if (left.length === 0 || right.length === 0) return [];
  const width = right.length + 1;
  const lengths = new Int32Array((left.length + 1) * width);
  for (let row = left.length - 1; row >= 0; row--)
    for (let column = right.length - 1; column >= 0; column--)
      lengths[row * width + column] =
        left[row] === right[column]
          ? lengths[(row + 1) * width + column + 1]! + 1
          : Math.max(lengths[(row + 1) * width + column]!, lengths[row * width + column + 1]!);
  const found: [number, number][] = [];
  let row = 0;
  let column = 0;
  while (row < left.length && column < right.length) {
    if (left[row] === right[column]) found.push([row++, column++]);
    else if (lengths[(row + 1) * width + column]! >= lengths[row * width + column + 1]!) row++;
    else column++;
  }
  return found;
}
