/** Reads and checks the patch records of an image. Their layout is in grammar/patching.tsv. */
import {
  patchFormat,
  patchStructure,
  replacementsSection,
  SITES_SECTION,
  type StructureName,
  targetOfSection,
} from '../machine/patch-format.ts';
import { isBundle } from './bundle.ts';
import { InvalidRecords } from './damage.ts';
import { type ImageSection, type LoadedObject, sectionAt } from './image.ts';

export interface SiteRecord {
  /** Offset of the record in .pvasm.sites, in bytes. */
  readonly place: number;
  readonly start: bigint;
  readonly end: bigint;
  readonly operation: number;
  readonly replacement: number;
  /** Whether the source has a stop after the site. */
  readonly hasStop: boolean;
  /** Whether it is a branch to its replacement. */
  readonly isBranch: boolean;
  /** The section of the site. */
  readonly section: ImageSection;
}

/** The code of a target for one site. */
export interface SiteReplacement {
  readonly section: ImageSection;
  readonly address: bigint;
  readonly bytes: Buffer;
  /** Its branches to code outside of it. */
  readonly branches: readonly { readonly bundle: number; readonly slot: number }[];
}

/** The targets that an image has replacements for, in the order of its sections. */
export function targetsIn({ sections }: LoadedObject): string[] {
  return [...new Set(sections.flatMap(({ name }) => targetOfSection(name) ?? []))];
}

/** All sites, in the order of their records. @throws InvalidRecords when there are none, or one is wrong */
export function readSites(image: LoadedObject): SiteRecord[] {
  const section = only(image, SITES_SECTION);
  const { size } = patchStructure('site');
  if (section.bytes.length % size !== 0)
    throw new InvalidRecords(`${SITES_SECTION} is truncated: its last record is not whole`);
  const sites: SiteRecord[] = [];
  for (let place = 0; place < section.bytes.length; place += size) sites.push(readSite(image, section, place));
  const sorted = [...sites].sort((a, b) => (a.start < b.start ? -1 : a.start > b.start ? 1 : 0));
  for (let at = 1; at < sorted.length; at++) {
    if (sorted[at]!.start < sorted[at - 1]!.end)
      throw new InvalidRecords(`${siteName(sorted[at]!)} overlaps the one before it`);
  }
  return sites;
}

/** The name of a site in messages. */
export function siteName({ section, start, place }: Pick<SiteRecord, 'section' | 'start' | 'place'>): string {
  const number = place / patchStructure('site').size;
  return `site ${number} (${section.name}+0x${(start - section.address).toString(16)})`;
}

function readSite(image: LoadedObject, section: ImageSection, place: number): SiteRecord {
  const { version, bundle, stop, branch } = patchFormat();
  const field = fieldReader(section, 'site', place);
  const name = `record ${place / patchStructure('site').size} of ${SITES_SECTION}`;
  if (field.number('version') !== version)
    throw new InvalidRecords(`${name} is of version ${field.number('version')}; this patcher knows version ${version}`);
  const [start, end, flags] = [field.address('start'), field.address('end'), field.number('flags')];
  if ((flags & ~(stop | branch)) !== 0) throw new InvalidRecords(`${name} has flags that are not known: ${flags}`);
  if (start >= end || start % BigInt(bundle) !== 0n || end % BigInt(bundle) !== 0n)
    throw new InvalidRecords(`${name}: its site is no whole number of bundles`);
  const isBranch = (flags & branch) !== 0;
  if (isBranch && end - start !== BigInt(bundle))
    throw new InvalidRecords(`${name}: its site is a branch and more than one bundle`);
  const code = sectionAt(image, start, end);
  if (code === undefined || !code.executable || targetOfSection(code.name) !== null)
    throw new InvalidRecords(`${name}: its site is not in a section of code`);
  return {
    ...{ place, start, end, section: code },
    operation: field.number('operation'),
    replacement: field.number('replacement'),
    hasStop: (flags & stop) !== 0,
    isBranch,
  };
}

/**
 * The replacements of a target, in the order of the sites.
 *
 * @throws InvalidRecords when a site has no replacement, or any record is wrong
 */
export function readReplacements(image: LoadedObject, sites: readonly SiteRecord[], target: string): SiteReplacement[] {
  const section = only(image, replacementsSection(target));
  const sitesSection = only(image, SITES_SECTION);
  const found = new Map<number, SiteReplacement>();
  const byPlace = new Map(sites.map((site) => [site.place, site]));
  for (let at = 0; at < section.bytes.length; ) {
    const block = readBlock(section, at);
    const first = Number(block.sites - sitesSection.address);
    const { size } = patchStructure('site');
    const isInside = first >= 0 && first + block.sitesSize <= sitesSection.bytes.length;
    if (!isInside || first % size !== 0 || block.sitesSize % size !== 0)
      throw new InvalidRecords(`a block of ${section.name} refers to sites that are not there`);
    for (let place = first; place < first + block.sitesSize; place += size) {
      if (found.has(place))
        throw new InvalidRecords(`${section.name} has two blocks for ${siteName(byPlace.get(place)!)}`);
      found.set(place, replacementFor(section, block, byPlace.get(place)!));
    }
    at += block.size;
  }
  return sites.map((site) => {
    const replacement = found.get(site.place);
    if (replacement === undefined) throw new InvalidRecords(`${section.name} has nothing for ${siteName(site)}`);
    return replacement;
  });
}

interface Block {
  readonly start: number;
  readonly size: number;
  readonly count: number;
  readonly sites: bigint;
  readonly sitesSize: number;
}

function readBlock(section: ImageSection, start: number): Block {
  const { magic, version, bundle } = patchFormat();
  const header = patchStructure('block').size;
  if (start + header > section.bytes.length)
    throw new InvalidRecords(`${section.name} is truncated: its last block is not whole`);
  const field = fieldReader(section, 'block', start);
  if (field.number('magic') !== magic)
    throw new InvalidRecords(`${section.name} has no block at 0x${start.toString(16)}`);
  if (field.number('version') !== version)
    throw new InvalidRecords(
      `a block of ${section.name} is of version ${field.number('version')}; this patcher knows version ${version}`,
    );
  const [size, count] = [field.number('length'), field.number('count')];
  const least = header + count * patchStructure('replacement').size;
  if (size < least || size % bundle !== 0 || start + size > section.bytes.length)
    throw new InvalidRecords(`${section.name} is truncated: a block of ${size} bytes does not hold what it says`);
  return { start, size, count, sites: field.address('sites'), sitesSize: field.number('sites_size') };
}

function replacementFor(section: ImageSection, block: Block, site: SiteRecord): SiteReplacement {
  const name = siteName(site);
  if (site.replacement >= block.count)
    throw new InvalidRecords(`${name} names a replacement that ${section.name} has not`);
  const structure = patchStructure('replacement');
  const at = block.start + patchStructure('block').size + site.replacement * structure.size;
  const field = fieldReader(section, 'replacement', at);
  const bundles = field.number('bundles');
  if (bundles === 0) throw new InvalidRecords(`${name} names a replacement that ${section.name} has not`);
  const { bundle: length, branch } = patchFormat();
  if (field.number('operation') !== site.operation || field.number('flags') !== (site.isBranch ? branch : 0))
    throw new InvalidRecords(`${name} and its replacement in ${section.name} are of different operations`);
  const size = bundles * length;
  if (!site.isBranch && BigInt(size) > site.end - site.start)
    throw new InvalidRecords(`${name} has no room for its replacement in ${section.name}: ${size} bytes`);
  const start = inBlock(section, block, field.address('code'), size, name);
  if (start % length !== 0) throw new InvalidRecords(`the replacement of ${name} in ${section.name} is on no bundle`);
  const bytes = section.bytes.subarray(start, start + size);
  for (let each = 0; each < size; each += length)
    if (!isBundle(bytes.subarray(each, each + length)))
      throw new InvalidRecords(`the replacement of ${name} in ${section.name} is no code`);
  return {
    section,
    address: section.address + BigInt(start),
    bytes,
    branches: readBranches(section, block, field, bundles, name),
  };
}

function readBranches(section: ImageSection, block: Block, field: FieldReader, bundles: number, name: string) {
  const count = field.number('branches');
  if (count === 0) return [];
  const { size } = patchStructure('branch');
  const start = inBlock(section, block, field.address('branch_list'), count * size, name);
  return Array.from({ length: count }, (_, index) => {
    const place = fieldReader(section, 'branch', start + index * size).number('place');
    const [bundle, slot] = [place >> 2, place & 3];
    if (bundle >= bundles || slot > 2) throw new InvalidRecords(`a branch of the replacement of ${name} is not in it`);
    return { bundle, slot };
  });
}

/** The offset, in its section, of something that must be within a block. */
function inBlock(section: ImageSection, block: Block, address: bigint, size: number, name: string): number {
  const start = Number(address - section.address);
  if (start < block.start || start + size > block.start + block.size)
    throw new InvalidRecords(`the replacement of ${name} in ${section.name} is not in its block`);
  return start;
}

interface FieldReader {
  number(name: string): number;
  /** The address that a relative field refers to. */
  address(name: string): bigint;
}

function fieldReader({ bytes, address }: ImageSection, structure: StructureName, at: number): FieldReader {
  const find = (name: string) => patchStructure(structure).fields.find((field) => field.name === name)!;
  return {
    number: (name) => {
      const { offset, size } = find(name);
      return size === 4 ? bytes.readUInt32LE(at + offset) : bytes.readUInt16LE(at + offset);
    },
    address: (name) => {
      const place = at + find(name).offset;
      return address + BigInt(place) + BigInt(bytes.readInt32LE(place));
    },
  };
}

function only({ sections }: LoadedObject, name: string): ImageSection {
  const [section, ...others] = sections.filter((each) => each.name === name);
  if (section === undefined) throw new InvalidRecords(`there is no section ${name}`);
  if (others.length > 0) throw new InvalidRecords(`there are several sections ${name}`);
  return section;
}
