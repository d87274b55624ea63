/** The text of a joint listing's sections for the patcher, in the layout of grammar/patching.tsv. */

import type { StructureName } from '../machine/patch-format.ts';
import {
  type PatchField,
  patchFormat,
  patchStructure,
  replacementsSection,
  SITES_SECTION,
} from '../machine/patch-format.ts';
import { SERIALIZE_DATA, SERIALIZE_INSTRUCTION } from '../machine/serialization.ts';
import type { SourceText } from '../syntax/source.ts';
import type { BodyItem } from './body-item.ts';
import type { FreshLabels } from './branching.ts';
import { itemText } from './expansion.ts';
import { type ExplicitBundles, nopBundles } from './explicit-bundles.ts';
import type { Patches } from './patched-sites.ts';
import type { PlannedSite } from './planned-site.ts';
import type { Replacement } from './replacements.ts';

/** The text before and after that of the file, in a listing with patch records. */
export interface PatchTables {
  readonly head: string;
  readonly tail: string;
}

/**
 * The tables of one listing; null where none of its sites has a record.
 *
 * @param planned the sites whose code is assembled with the file
 */
export function patchTables(
  file: SourceText,
  patches: Patches,
  planned: readonly PlannedSite[],
  { prefix }: Pick<FreshLabels, 'prefix'>,
): PatchTables | null {
  const used = new Set(
    planned.flatMap(({ site, expansion: { kind } }) =>
      kind === 'patched' || kind === 'branch' ? (patches.numbers.get(site) ?? []) : [],
    ),
  );
  if (used.size === 0) return null;
  const replacements = patches.replacements.map((each, number) => (used.has(number) ? each : null));
  const blocks = patches.targets.map((target, index) => blockText(target, index, replacements, prefix));
  const end = ['', `\t.section "${SITES_SECTION}","a"`, `${prefix}_sites_end:`, ''].join('\n');
  return {
    // At the start, because the assembler takes a section's flags from its first mention.
    head: `\t.pushsection "${SITES_SECTION}","a"; ${prefix}_sites: .popsection`,
    tail: `${file.text.endsWith('\n') ? '' : '\n'}${end}${blocks.join('')}`,
  };
}

function blockText(
  target: string,
  index: number,
  replacements: readonly (Replacement | null)[],
  prefix: string,
): string {
  const { magic, version, bundle } = patchFormat();
  const name = `${prefix}_${index}`;
  const lines = [
    `\t.section "${replacementsSection(target)}","ax"`,
    `\t.align ${bundle}`,
    `${name}:`,
    ...structureLines('block', {
      magic,
      version,
      count: replacements.length,
      sites: `${prefix}_sites-.`,
      sites_size: `${prefix}_sites_end-${prefix}_sites`,
      length: `${name}_end-${name}`,
    }),
    ...replacements.flatMap((each, number) => entryLines(each, each?.code[index] ?? null, `${name}_${number}`)),
    ...replacements.flatMap((each, number) =>
      each?.isRoutine === false ? branchLines(each.code[index]!, `${name}_${number}`) : [],
    ),
    `\t.align ${bundle}`,
    ...replacements.flatMap((each, number) => codeLines(each?.code[index] ?? null, `${name}_${number}`)),
    // The assembler puts a stop at the end of a section; these nops keep it out of the last replacement.
    ...nopBundles(1).reduce(addItem, []),
    `${name}_end:`,
  ];
  return `${lines.join('\n')}\n`;
}

function entryLines(replacement: Replacement | null, code: ExplicitBundles | null, name: string): string[] {
  if (replacement === null || code === null) return structureLines('replacement', {});
  const { operation, assignment, isRoutine } = replacement;
  // A routine is executed in place, so its branches need no correction.
  const branches = isRoutine ? [] : code.branches;
  return [
    `\t// ${operation.name} ${assignment}`,
    ...structureLines('replacement', {
      code: `${name}-.`,
      bundles: code.bundles,
      branches: branches.length,
      branch_list: branches.length === 0 ? 0 : `${name}_branches-.`,
      operation: operation.number,
      flags: isRoutine ? patchFormat().branch : 0,
    }),
  ];
}

function branchLines(code: ExplicitBundles, name: string): string[] {
  if (code.branches.length === 0) return [];
  const places = code.branches.flatMap(({ bundle, slot }) => structureLines('branch', { place: 4 * bundle + slot }));
  return [`${name}_branches:`, ...places];
}

/** Tells gas's dependency checker that no dependency exists between replacements, which are copied to different places. */
const APART = `\t${SERIALIZE_DATA}; ${SERIALIZE_INSTRUCTION}`;

function codeLines(code: ExplicitBundles | null, name: string): string[] {
  return code === null ? [] : [APART, `${name}:`, ...code.items.reduce(addItem, [])];
}

/** Adds an item to the lines: each bundle is one line. */
function addItem(lines: string[], item: BodyItem): string[] {
  const text = itemText(item);
  if (text.startsWith('{')) lines.push(`\t${text}`);
  else if (item.kind === 'stop') lines[lines.length - 1] += ' ;;';
  else lines[lines.length - 1] += `${lines.at(-1)!.endsWith(';;') ? ' ' : '; '}${text}`;
  return lines;
}

/** The data directives of one structure; fields that are not given are 0. */
function structureLines(name: StructureName, values: Readonly<Record<string, number | string>>): string[] {
  return patchStructure(name).fields.map((field) => `\t${dataDirective(field)} ${values[field.name] ?? 0}`);
}

function dataDirective({ size }: PatchField): string {
  return size === 4 ? 'data4' : 'data2';
}
