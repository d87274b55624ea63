/** Bar charts of the cost of each listing over native: bytes, instructions and stops. */
import type { Report } from '../report/model.ts';
import { bar, element, type Picture, pictureName, textAt } from './svg.ts';

/** Widths in user units (pixels), chosen so that labels, numbers and bars fit beside each other on a telephone. */
const LABEL = 90;
const NUMBER = 56;
const BARS = LABEL + NUMBER;
const LENGTH = 220;
const ROW = 18;
const HEAD = 24;

const MEASURES = [
  ['bytes', 'bytes'],
  ['instructions', 'instructions'],
  ['stops', 'stops'],
] as const;

/** One chart for each file of a report that has sites. */
export function costPictures({ files }: Report): Picture[] {
  return files
    .filter(({ costs }) => costs.some(({ added }) => added.bytes + added.instructions + added.stops !== 0))
    .map(({ file, costs }) => {
      const parts: string[] = [];
      let y = 0;
      for (const [measure, words] of MEASURES) {
        const most = Math.max(1, ...costs.map(({ added }) => Math.abs(added[measure])));
        parts.push(textAt(0, y + 15, `${words} over native`, { class: 'strong' }));
        y += HEAD;
        for (const [index, { target, added }] of costs.entries()) {
          const value = added[measure];
          const words = `${value < 0 ? '' : '+'}${value}`;
          const length = (Math.abs(value) / most) * LENGTH;
          parts.push(
            textAt(LABEL - 8, y + 12, target, { 'text-anchor': 'end' }),
            bar(BARS, y + 2, length, ROW - 5, `c${(index + 1) % 5}`, `${target}: ${words} ${measure}`),
            textAt(BARS - 8, y + 12, words, { class: 'faint', 'text-anchor': 'end' }),
          );
          y += ROW;
        }
        parts.push(element('path', { class: 'rule', d: `M${BARS} ${y - costs.length * ROW}V${y}` }));
        y += 8;
      }
      return {
        name: pictureName('costs', file),
        title: `Cost of each way over native: ${file}`,
        description: costs
          .map(
            ({ target, added }) =>
              `${target}: ${added.bytes} bytes, ${added.instructions} instructions, ${added.stops} stops`,
          )
          .join('; '),
        width: BARS + LENGTH,
        height: y,
        content: parts.join(''),
      };
    });
}
