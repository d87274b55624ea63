/** The review page of the kernel's own vector table is small enough to be sent. */
import { expect, test } from 'vitest';
import { pageHtml } from '../../src/page/html.ts';
import { pageModel } from '../../src/page/model.ts';
import { make, reportOf } from '../report/support.ts';
import { configurations, kernel } from '../support/kernel.ts';

test.each(configurations)('%s: ivt.S with every alternative is below 2 MB', (configuration) => {
  const made = make([kernel().plain('ivt.S')], kernel().flags(configuration));
  const html = pageHtml(pageModel(made.built, reportOf(made)), 'report');
  expect(html).toContain('itlb_miss');
  expect(Buffer.byteLength(html)).toBeLessThan(2_000_000);
});
