/** What a patcher does: every site of an image gets the code of one target. */
import { patchFormat } from '../machine/patch-format.ts';
import { moveBranch } from './bundle.ts';
import { InvalidRecords } from './damage.ts';
import type { LoadedObject } from './image.ts';
import { readReplacements, readSites, type SiteRecord, type SiteReplacement, siteName, targetsIn } from './records.ts';

/**
 * The bytes of the file with every site as a target has it. The image stays as it is. Throws a Damage where any record is
 * wrong.
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

/** What stands at a site when it is patched. Throws a Damage where the replacement cannot be moved there. */
export function siteBytes(site: SiteRecord, { section, address, bytes, branches }: SiteReplacement): Buffer {
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

/** Code that the linker still fills in cannot be copied before it has. */
function refuseUnresolved(site: SiteRecord, { section, address, bytes }: Omit<SiteReplacement, 'branches'>): void {
  const isIn = (offsets: readonly number[], start: number, size: number) =>
    offsets.some((offset) => offset >= start && offset < start + size);
  const start = Number(site.start - site.section.address);
  if (
    isIn(section.unresolved, Number(address - section.address), bytes.length) ||
    isIn(site.section.unresolved, start, Number(site.end - site.start))
  )
    throw new InvalidRecords(`${siteName(site)} refers to what the linker fills in: link first, and patch the image`);
}
