/** The text after the line numbers of a hunk: the handler that it is in, and its sites. */
import { posix } from 'node:path';
import type { Site } from '../rewrite/site.ts';
import { groupBy } from './group.ts';
import { handlerOfSite } from './handlers.ts';

/** Sites that a heading names. */
const NAMED = 4;

/** `itlb_miss: READ_IFA ivt.S:12, THASH ivt.S:17, and 2 more`; empty where there are no sites. */
export function sitesHeading(sites: Iterable<Site>): string {
  const all = [...new Set(sites)];
  const handlers = groupBy(all.slice(0, NAMED), handlerOfSite);
  const texts = [...handlers].map(([handler, own]) => {
    const named = own.map(
      ({ file, start, operation }) => `${operation.name} ${posix.basename(file.name)}:${file.position(start).line}`,
    );
    return `${handler === null ? '' : `${handler}: `}${named.join(', ')}`;
  });
  const more = all.length - NAMED;
  return `${texts.join('; ')}${more > 0 ? `, and ${more} more` : ''}`;
}
