/** The sites of an image as data for `pvasm patch --list`: address, operation, sizes, and the target whose code is there now. */

import { isUnresolved, siteBytes } from './apply.ts';
import type { LoadedObject } from './image.ts';
import { readReplacements, readSites, targetsIn } from './records.ts';

export interface ListedSite {
  readonly section: string;
  /** Offset in the section for a file that is not linked; else the address. */
  readonly address: bigint;
  /** The number of its operation in the records. */
  readonly operation: number;
  /** Bytes that a replacement may have. */
  readonly room: number;
  /** By target: size of its replacement in bytes. */
  readonly lengths: readonly number[];
  /** The targets whose code is at the site now; null while the code has unresolved relocations. */
  readonly now: readonly string[] | null;
}

export interface ListedSites {
  readonly targets: readonly string[];
  readonly sites: readonly ListedSite[];
}

/** Lists the sites. @throws InvalidRecords when any record is wrong */
export function listSites(image: LoadedObject): ListedSites {
  const sites = readSites(image);
  const targets = targetsIn(image);
  const replacements = targets.map((target) => readReplacements(image, sites, target));
  return {
    targets,
    sites: sites.map((site, index) => {
      const own = replacements.map((list) => list[index]!);
      const start = Number(site.start - site.section.address);
      const there = site.section.bytes.subarray(start, start + Number(site.end - site.start));
      return {
        section: site.section.name,
        address: image.file.relocatable ? BigInt(start) : site.start,
        operation: site.operation,
        room: there.length,
        lengths: own.map(({ bytes }) => bytes.length),
        now: isUnresolved(site) ? null : targets.filter((_, target) => siteBytes(site, own[target]!).equals(there)),
      };
    }),
  };
}
