/**
 * Bundles, as GNU as makes them: what a run of instructions costs, where a whole file comes to stand, and how full the
 * slots of its vector tables are.
 */

import type { Program } from '../analysis/program/program.ts';
import type { Effects } from '../machine/effects.ts';
import { layoutDirectives } from '../machine/layout-directives.ts';
import type { Statement } from '../syntax/tree.ts';
import { layout } from './layout.ts';
import { Packer } from './packer.ts';
import type { Layout, LayoutInput } from './run.ts';
import { packingShape } from './shape.ts';
import { TEMPLATE_BY_DIRECTIVE } from './template.ts';
import type { Shape } from './window.ts';

/** Lays out an analysed program; `fileSize` tells the size in bytes of a file that `.incbin` names. */
export function layoutProgram(program: Program, fileSize?: LayoutInput['fileSize']): Layout {
  const effects = (statement: number) => program.instructions[program.instructionOf[statement]!]?.effects ?? null;
  return layout({ tree: program, effects, ...(fileSize === undefined ? {} : { fileSize }) });
}

/** What counts when bundles are counted: an instruction's shape, or one of the signs of `Mark`. */
export type BundleItem = Shape | (typeof LayoutMark)[keyof typeof LayoutMark];

export const LayoutMark = {
  /** `;;` */
  Stop: -1,
  /** A label: what follows begins a bundle. */
  Label: -2,
  /** `{` and `}` */
  Open: -3,
  Close: -4,
  /** A directive that places something (`.align`, `.org`, a section, data): ends the group and the bundle. */
  Break: -5,
  /** Nothing that bundles know of. */
  None: -6,
} as const;

/** `.mii` and the like as an item: `TEMPLATE_ITEM - number of the template`. */
const TEMPLATE_ITEM = -16;

/**
 * The items of one statement, at most two; `effects` is of use for instructions only. `data8 x` is a break; directives with
 * a dot are not looked at (those that place something are `Mark.Break` where they stand between instructions).
 */
export function bundleItems(statement: Statement, effects: Effects | null): readonly BundleItem[] {
  switch (statement.kind) {
    case 'instruction':
      return layoutDirectives().has(statement.mnemonic) ? BREAK : [packingShape(effects)];
    case 'stop':
      return STOP;
    case 'label':
      return LABEL;
    case 'bundleOpen':
      return statement.template === null ? OPEN : [LayoutMark.Open, templateItem(statement.template)];
    case 'bundleClose':
      return CLOSE;
    default:
      return NOTHING;
  }
}

const BREAK = [LayoutMark.Break];
const STOP = [LayoutMark.Stop];
const LABEL = [LayoutMark.Label];
const OPEN = [LayoutMark.Open];
const CLOSE = [LayoutMark.Close];
const NOTHING: readonly BundleItem[] = [];

function templateItem(name: string): BundleItem {
  const template = TEMPLATE_BY_DIRECTIVE.get(name.replace(/^\./, ''));
  return template === undefined ? LayoutMark.None : ((TEMPLATE_ITEM - template) as BundleItem);
}

let bundleCount = 0;
let packer: Packer | undefined;

/**
 * The bundles of a run of items that begins at a bundle, as what follows it does. That is so of the code between two
 * labels: the sum over all such runs is the size of the code. Linear, no allocation for each item.
 */
export function bundlesOf(items: readonly BundleItem[]): number {
  packer ??= new Packer({ place() {}, mark() {}, markAfter() {}, refuse() {}, bundle: () => void bundleCount++ });
  bundleCount = 0;
  for (let at = 0; at < items.length; at++) pack(packer, items[at]!);
  packer.stop();
  packer.flush();
  return bundleCount;
}

function pack(to: Packer, item: BundleItem): void {
  if (item >= 0) {
    to.instruction(item, 0);
    return;
  }
  switch (item) {
    case LayoutMark.Stop:
      to.stop();
      break;
    case LayoutMark.Label:
      to.label(0);
      break;
    case LayoutMark.Open:
      to.open();
      break;
    case LayoutMark.Close:
      to.close();
      break;
    case LayoutMark.Break:
      to.stop();
      to.flush();
      break;
    case LayoutMark.None:
      break;
    default:
      to.template(TEMPLATE_ITEM - item);
  }
}
