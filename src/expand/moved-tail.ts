/**
 * A tail of a vector's slot that is moved out of line, to the end of its section. Its text stays in place, between two changes of
 * subsection, so that definitions of cpp and of the assembler, and numeric labels, keep their meaning.
 */
import template from '../../grammar/moved-tail.tsv';
import type { Effects } from '../machine/effects.ts';
import { tableRows } from '../machine/tsv.ts';
import type { Unit } from '../project/units.ts';
import type { Edit } from '../syntax/edits.ts';
import type { SourceText } from '../syntax/source.ts';
import type { BodyItem } from './body-item.ts';
import { bodyInstruction } from './instructions.ts';
import { spelledAt } from './spelled-place.ts';

/** A routine that the tail is a part of: `.proc name`, and where its `.endp` is spelled. */
export interface PartedRoutine {
  readonly name: string;
  readonly end: { readonly start: number; readonly end: number };
}

export interface MovedTail {
  readonly file: SourceText;
  /** The vector, by its label or offset. */
  readonly vector: string;
  /** Offset of the line of its first statement, and of that of the `.org` after it. */
  readonly start: number;
  readonly end: number;
  /** The label of the tail, unique in the source. */
  readonly label: string;
  /** Whether the instruction before it falls through to it: then there is a branch to it. */
  readonly falls: boolean;
  readonly routine: PartedRoutine | null;
  /** Bundles that it had in the slot. */
  readonly bundles: number;
}

const parts = tableRows(template).map(([part, when, text]) => ({ part: part!, when: when!, text: text! }));

/** The items before a tail, or after it. */
function itemsOf({ label, falls, routine }: MovedTail, side: 'before' | 'behind'): BodyItem[] {
  const holds = (when: string) =>
    when === 'always' || (when === 'falls' && falls) || (when === 'routine' && routine !== null);
  const named = falls || routine !== null;
  return parts
    .filter(({ part, when }) => part === side && (holds(when) || (when === 'named' && named)))
    .map(({ text }) => filled(text, label, routine));
}

function filled(template: string, label: string, routine: PartedRoutine | null): BodyItem {
  const text = template.replaceAll('{tail}', label).replaceAll('{routine}', routine?.name ?? '');
  return /^[.]|:$/.test(text) ? { kind: 'directive', text } : { kind: 'instruction', text, comment: '' };
}

/**
 * The edits that move a tail in the listing of its file.
 * @param marks the line that names an offset's line for cpp and gas; null: there are none
 */
export function tailEdits(tail: MovedTail, marks: ((file: SourceText, offset: number) => string) | null): Edit[] {
  const lines = (side: 'before' | 'behind', offset: number): Edit => ({
    start: offset,
    end: offset,
    text: [
      ...itemsOf(tail, side).map((item) => (item.kind === 'stop' ? '' : line(item.text))),
      ...(marks === null ? [] : [marks(tail.file, offset)]),
      '',
    ].join('\n'),
  });
  const { routine } = tail;
  const renamed: Edit[] = routine === null ? [] : [{ ...routine.end, text: `.endp ${tail.label}` }];
  return [lines('before', tail.start), ...renamed, lines('behind', tail.end)];
}

function line(text: string): string {
  return text.endsWith(':') ? text : `\t${text}`;
}

export interface InsertedItem {
  readonly item: BodyItem;
  readonly does: Effects | null;
}

/** By statement of a unit: the items that moved tails insert before it. */
export function insertedItems(unit: Unit, moved: readonly MovedTail[]): ReadonlyMap<number, readonly InsertedItem[]> {
  const inserted = new Map<number, InsertedItem[]>();
  const waiting = moved
    .filter(({ file }) => file === unit.source)
    .flatMap((tail) => [
      { offset: tail.start, items: itemsOf(tail, 'before') },
      { offset: tail.end, items: itemsOf(tail, 'behind') },
    ])
    .sort((a, b) => a.offset - b.offset);
  const { statements, tokens } = unit.analysis.program;
  for (let at = 0, next = 0; at < statements.length && next < waiting.length; at++) {
    const place = spelledAt(tokens[statements[at]!.first]!);
    if (place.file !== unit.source) continue;
    for (; next < waiting.length && waiting[next]!.offset <= place.start; next++) {
      const items = waiting[next]!.items.map((item) => ({
        item,
        does: item.kind === 'instruction' ? bodyInstruction(item.text).effects : null,
      }));
      inserted.set(at, [...(inserted.get(at) ?? []), ...items]);
    }
  }
  return inserted;
}
