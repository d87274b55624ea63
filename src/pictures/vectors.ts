/** Charts of vector tables: for each used slot one bar for the source and for each listing, in bundles, and the slot's size. */
import type { FileReport, Report, VectorReport } from '../report/model.ts';
import { bar, element, type Picture, pictureName, textAt } from './svg.ts';

const LABEL = 230;
const LENGTH = 460;
const BAR = 8;
const GAP = 10;
const HEAD = 22;

/** One chart for each file that has used slots. */
export function vectorPictures({ files, targets }: Report): Picture[] {
  return files.flatMap((file) => {
    const slots = file.vectors.filter(isUsed);
    return slots.length === 0
      ? []
      : [
          table(
            file,
            slots,
            targets.map(({ label }) => label),
          ),
        ];
  });
}

function isUsed({ native, used, room }: VectorReport): boolean {
  return room !== null && (native > 0 || used.some((count) => count > 0));
}

function table({ file }: FileReport, slots: readonly VectorReport[], targets: readonly string[]): Picture {
  const most = Math.max(...slots.flatMap(({ room, native, used }) => [room ?? 0, native, ...used]));
  const scale = LENGTH / most;
  const parts: string[] = legend(targets);
  let y = HEAD;
  for (const { name, offset, room, native, used } of slots) {
    const height = (used.length + 1) * BAR;
    const limit = room!;
    parts.push(
      textAt(0, y + height / 2 + 4, `0x${offset.toString(16).padStart(4, '0')}`, { class: 'faint' }),
      textAt(56, y + height / 2 + 4, name ?? ''),
      element('rect', { class: 'band', x: LABEL, y, width: limit * scale, height }),
    );
    for (const [index, count] of [native, ...used].entries()) {
      const whose = index === 0 ? 'source' : targets[index - 1]!;
      const over = count > limit ? ', TOO MANY' : '';
      const kind = over === '' ? `c${index % 5}` : 'over';
      const says = `${name ?? 'slot'}, ${whose}: ${count} of ${limit} bundles${over}`;
      parts.push(bar(LABEL, y + index * BAR + 0.5, count * scale, BAR - 1, kind, says));
    }
    const x = LABEL + limit * scale;
    parts.push(element('path', { class: 'limit', d: `M${x} ${y - 2}V${y + height + 2}` }));
    y += height + GAP;
  }
  const full = slots.filter(({ room, used }) => used.some((count) => count > room!));
  return {
    name: pictureName('vectors', file),
    title: `Bundles used of each vector's slot: ${file}`,
    description: `${slots.length} slots in use; ${full.length === 0 ? 'every listing fits' : `too small: ${full.map(({ name }) => name).join(', ')}`}`,
    width: LABEL + LENGTH + 12,
    height: y,
    content: parts.join(''),
  };
}

/** The legend of colours and of the line. */
function legend(targets: readonly string[]): string[] {
  let x = LABEL;
  const parts: string[] = [];
  for (const [index, label] of ['source', ...targets].entries()) {
    parts.push(bar(x, 3, 9, 9, `c${index % 5}`, ''), textAt(x + 13, 12, label));
    x += 24 + label.length * 7;
  }
  parts.push(element('path', { class: 'limit', d: `M${x} 2V13` }), textAt(x + 6, 12, 'limit'));
  return parts;
}
