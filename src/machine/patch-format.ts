/** The layout of patch records: grammar/patching.tsv as data. */
import table from '../../grammar/patching.tsv';
import { tableRows, tableSets } from './tsv.ts';

export type StructureName = 'site' | 'block' | 'replacement' | 'branch';

export interface PatchField {
  readonly name: string;
  /** Bytes from the start of the structure. */
  readonly offset: number;
  readonly size: 2 | 4;
  /** relative: a signed distance from the field itself. number: unsigned. */
  readonly kind: 'relative' | 'number';
  readonly meaning: string;
}

export interface PatchStructure {
  readonly name: StructureName;
  readonly size: number;
  /** In the order of their offsets. */
  readonly fields: readonly PatchField[];
}

export interface PatchFormat {
  readonly version: number;
  readonly magic: number;
  /** Bytes of a bundle. */
  readonly bundle: number;
  /** The bundle of nops behind a replacement that is shorter than its site, in hexadecimal. */
  readonly filler: string;
  /** The flag of a site with a stop behind it. */
  readonly stop: number;
  /** The flag of a site that is a branch to its replacement, and of such a replacement. */
  readonly branch: number;
  /** Where in its bundle that branch is. */
  readonly branchSlot: number;
  readonly structures: ReadonlyMap<StructureName, PatchStructure>;
}

/** Sections of an object file. */
export const SITES_SECTION = '.pvasm.sites';
const REPLACEMENTS_SECTION = '.pvasm.replacements.';

export function replacementsSection(target: string): string {
  return `${REPLACEMENTS_SECTION}${target}`;
}

/** The target that a section of replacements is for; null for any other section. */
export function targetOfSection(name: string): string | null {
  return name.startsWith(REPLACEMENTS_SECTION) ? name.slice(REPLACEMENTS_SECTION.length) : null;
}

let format: PatchFormat | undefined;

export function patchFormat(): PatchFormat {
  format ??= readFormat();
  return format;
}

export function patchStructure(name: StructureName): PatchStructure {
  return patchFormat().structures.get(name)!;
}

function readFormat(): PatchFormat {
  const sets = tableSets(table);
  const number = (name: string) => Number(sets.get(name));
  const fields = new Map<StructureName, PatchField[]>();
  for (const [structure, name, offset, size, kind, meaning] of tableRows(table)) {
    const list = fields.get(structure as StructureName) ?? [];
    fields.set(structure as StructureName, list);
    list.push({
      name: name!,
      offset: Number(offset),
      size: Number(size) as PatchField['size'],
      kind: kind as PatchField['kind'],
      meaning: meaning!,
    });
  }
  const structures = new Map(
    [...fields].map(([name, list]) => {
      const last = list.at(-1)!;
      return [name, { name, size: last.offset + last.size, fields: list }] as const;
    }),
  );
  return {
    version: number('version'),
    magic: number('magic'),
    bundle: number('bundle'),
    filler: sets.get('filler')!,
    stop: number('stop'),
    branch: number('branch'),
    branchSlot: number('branch_slot'),
    structures,
  };
}
