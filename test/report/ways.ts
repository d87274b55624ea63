/** The sites of files, each with every way. */
import type { SiteReport, SiteWayReport } from '../../src/report/model.ts';
import { wayLabels, waysOfSites } from '../../src/report/site-ways.ts';
import { make, reportOf } from './support.ts';

export function ask(files: readonly string[], flags: readonly string[]) {
  const waysOf = waysOfSites(
    'xen',
    wayLabels('xen').map((targets) => make(files, flags, targets).built),
  );
  const { sites } = reportOf(make(files, flags, ['xen:a', 'native+xen:ce', 'native+xen:ct']));
  return sites.map((site): SiteReport & { ways: readonly SiteWayReport[] } => ({ ...site, ways: waysOf(site) }));
}
