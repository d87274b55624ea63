/** grammar/targets/shipped.tsv: names of the targets that ship with the tool. */
import table from '../../grammar/targets/shipped.tsv';
import { tableRows } from '../machine/tsv.ts';

const rows = tableRows(table);
const used = (as: string): string => rows.find(([, use]) => use === as)![0]!;

/** All of them, in the order of the table. */
export const SHIPPED_NAMES: readonly string[] = rows.map(([name]) => name!);

/** The bare machine: other targets are compared with it, and joint listings hold its code until they are patched. */
export const BASE_TARGET: string = used('base');

/** The hypervisor that listings are made for where no target is given. */
export const DEFAULT_HYPERVISOR: string = used('default');

/** The targets of a call that gives none. */
export const DEFAULT_TARGETS: readonly string[] = [BASE_TARGET, DEFAULT_HYPERVISOR];

/** The default hypervisor by each alternative, and by whichever is shorter. */
export const DEFAULT_VARIANTS: readonly string[] = [
  `${DEFAULT_HYPERVISOR}:a`,
  `${DEFAULT_HYPERVISOR}:b`,
  DEFAULT_HYPERVISOR,
];
