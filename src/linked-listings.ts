/** What of a build is written for one file and target: its listing, and the headers that it brings. */
import { type Linked, type LinkRequest, linkHeaders } from './expand/headers.ts';
import type { TargetChoice } from './expand/plan.ts';
import { fileKey } from './project/files.ts';
import type { FinishedFile, FinishedListing } from './separate-builds.ts';

export interface WritingOptions extends Pick<LinkRequest, 'marked' | 'pathTo'> {
  /** Where the listing stands below the folder of its target. */
  readonly place: string;
}

/** The listing of a file for a target with its own variants of headers, each naming the others as they will stand. */
export function linkedListing(
  { file, listings, runs }: Pick<FinishedFile, 'file' | 'listings' | 'runs'>,
  choice: TargetChoice,
  { place, marked, pathTo }: WritingOptions,
): Linked {
  const ofTarget = listings.filter((listing) => listing.choice === choice);
  const isOwn = (listing: FinishedListing) => fileKey(listing.file) === fileKey(file);
  return linkHeaders({
    root: { ...ofTarget.find(isOwn)!, place },
    headers: ofTarget.filter((listing) => !isOwn(listing) && listing.edits.length > 0),
    ...{ runs, marked, pathTo },
  });
}
