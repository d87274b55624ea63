/** The sites of an image as a table: where they are, what they do, and what stands there now. */

import { isUnresolved, siteBytes } from './apply.ts';
import type { LoadedObject } from './image.ts';
import { readReplacements, readSites, targetsIn } from './records.ts';

export interface ListedSite {
  readonly section: string;
  /** From the start of the section in a file that is not linked; else the address. */
  readonly address: bigint;
  /** Number of its operation. */
  readonly operation: number;
  /** Bytes. */
  readonly room: number;
  /** By target, bytes. */
  readonly lengths: readonly number[];
  /** The targets whose code stands there now; null: the linker has still to say. */
  readonly now: readonly string[] | null;
}

export interface ListedSites {
  readonly targets: readonly string[];
  readonly sites: readonly ListedSite[];
}

/** Throws an InvalidRecords where any record is wrong. */
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
