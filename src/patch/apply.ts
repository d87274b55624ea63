/** Patches an image for one target: every site gets the code of its replacement. */
import { patchFormat } from '../machine/patch-format.ts';
import { aimBranch, moveBranch } from './bundle.ts';
import { InvalidRecords } from './damage.ts';
import type { LoadedObject } from './image.ts';
import { readReplacements, readSites, type SiteRecord, type SiteReplacement, siteName, targetsIn } from './records.ts';

/**
 * The bytes of the file patched for a target; the image is not changed.
 *
 * @throws InvalidRecords when any record is wrong
 */
export function patchedFile(image: LoadedObject, target: string): Buffer {
  const sites = readSites(image);
  if (!targetsIn(image).includes(target))
    throw new InvalidRecords(
      `there is nothing for target ${target}; there is something for ${targetsIn(image).join(', ')}`,
    );
  const replacements = readReplacements(image, sites, target);
  const output = Buffer.from(image.file.bytes);
  sites.forEach((site, index) => {
    const { section, start } = site;
    siteBytes(site, replacements[index]!).copy(output, section.offset + Number(start - section.address));
  });
  return output;
}

/** The bytes of a site after patching. @throws InvalidRecords when the replacement cannot be moved there */
export function siteBytes(site: SiteRecord, replacement: SiteReplacement): Buffer {
  return site.isBranch ? branchTo(site, replacement) : copied(site, replacement);
}

function branchTo(site: SiteRecord, { address }: SiteReplacement): Buffer {
  const start = Number(site.start - site.section.address);
  const { bundle: length, branchSlot } = patchFormat();
  const made = Buffer.from(site.section.bytes.subarray(start, start + length));
  if (isUnresolved(site))
    throw new InvalidRecords(
      `${siteName(site)} goes where the linker has not put it yet: link first, and patch the image`,
    );
  const moved = aimBranch(made, branchSlot, address - site.start);
  if (moved === 'none') throw new InvalidRecords(`${siteName(site)} is no branch`);
  if (moved === 'farther')
    throw new InvalidRecords(`${siteName(site)} is more than 16 MB from the routine that it is to go to`);
  return made;
}

/** Whether a relocation still applies to a site. */
export function isUnresolved({ section, start, end }: SiteRecord): boolean {
  return lies(section.unresolved, Number(start - section.address), Number(end - start));
}

function lies(offsets: readonly number[], start: number, size: number): boolean {
  return offsets.some((offset) => offset >= start && offset < start + size);
}

function copied(site: SiteRecord, { section, address, bytes, branches }: SiteReplacement): Buffer {
  const { bundle: length, filler } = patchFormat();
  const made = Buffer.alloc(Number(site.end - site.start));
  const nops = Buffer.from(filler, 'hex');
  for (let at = 0; at < made.length; at += length) nops.copy(made, at);
  bytes.copy(made);
  refuseUnresolved(site, { section, address, bytes });
  for (const { bundle, slot } of branches) {
    const moved = moveBranch(made.subarray(bundle * length, (bundle + 1) * length), slot, address - site.start);
    if (moved === 'none') throw new InvalidRecords(`a branch of the replacement of ${siteName(site)} is none`);
    if (moved === 'farther')
      throw new InvalidRecords(`${siteName(site)} is more than 16 MB from where its replacement branches to`);
  }
  const last = made.length - length;
  if (site.hasStop) made[last]! |= 1;
  return made;
}

/** @throws InvalidRecords for a replacement with relocations: code can be copied only after it was relocated */
function refuseUnresolved(site: SiteRecord, { section, address, bytes }: Omit<SiteReplacement, 'branches'>): void {
  if (lies(section.unresolved, Number(address - section.address), bytes.length) || isUnresolved(site))
    throw new InvalidRecords(`${siteName(site)} refers to what the linker fills in: link first, and patch the image`);
}
