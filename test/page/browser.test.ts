/** The review page in a real browser: it renders, pointers and keys work, nothing complains, and a checker of accessibility agrees. */
import axe from 'axe-core';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { pageHtml } from '../../src/page/html.ts';
import { pageModel } from '../../src/page/model.ts';
import { makePictures } from '../../src/pictures/all.ts';
import { pictureFile } from '../../src/pictures/svg.ts';
import { make, reportOf } from '../report/support.ts';
import { openBrowser } from '../support/browser.ts';

const made = make(['samples/ivt.S'], [], ['native', 'xen:a', 'xen:b']);
const html = pageHtml(pageModel(made.built, reportOf(made)), 'diff');
/** An address that is answered here; whatever else is asked for is refused, and noted. */
const ADDRESS = 'http://page.test/';

let browser: Browser;
beforeAll(async () => {
  browser = await openBrowser();
}, 300_000);
afterAll(() => browser?.close());

/** Opens the page; `complaints` grows by what the console says and by every request but the page's own. */
async function open(options: BrowserContextOptions, hash = '') {
  const context = await browser.newContext({ ...options, bypassCSP: true });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(error.message));
  await context.route('**/*', (route) => {
    if (route.request().url().startsWith(ADDRESS)) return route.fulfill({ body: html, contentType: 'text/html' });
    complaints.push(route.request().url());
    return route.abort();
  });
  await page.goto(ADDRESS + hash);
  return { page, complaints, close: () => context.close() };
}

const state = (page: Page) => page.locator('#state').innerText();
const focused = (page: Page) => page.evaluate<string>('document.activeElement.id');

const WIDTHS = [
  { width: 1280, height: 900 },
  { width: 390, height: 844 },
] as const;
const THEMES = ['light', 'dark'] as const;
const VIEWS = WIDTHS.flatMap((viewport) => THEMES.map((colorScheme) => ({ viewport, colorScheme })));

describe.each(VIEWS)('$viewport.width px, $colorScheme', (options) => {
  test('names, contrast and structure pass axe, nothing is wider than the window, nothing complains', async () => {
    const { page, complaints, close } = await open({ ...options, viewport: { ...options.viewport } });
    await page.evaluate(
      "for (const each of document.querySelectorAll('nav details, main > section:not(#handlers) details, #handlers details:nth-of-type(2)')) each.open = true",
    );
    const wide = await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
    expect(wide).toBeLessThanOrEqual(0);
    const flat =
      "[...document.querySelectorAll('.lines code')].filter((e) => e.checkVisibility() && e.offsetHeight < 12).length";
    expect(await page.evaluate(flat), 'lines without height, whose numbers overlap').toBe(0);
    await page.addScriptTag({ content: axe.source });
    const violations = await page.evaluate(
      `axe.run({ exclude: ['#handlers svg'] }, { resultTypes: ['violations'] }).then((result) =>
        result.violations.map(({ id, nodes }) => id + ': ' + nodes.length + ': ' + nodes[0].html.slice(0, 200) + nodes[0].failureSummary))`,
    );
    expect(violations).toEqual([]);
    expect(complaints).toEqual([]);
    await close();
  }, 300_000);
});

describe('at work', () => {
  const options = { viewport: { width: 1280, height: 900 } };

  test('a register lights up wherever it stands, pointed at or gone to, and its state is said', async () => {
    const { page, complaints, close } = await open(options);
    const site = page.locator('article[id="samples/ivt.S:62:2"]');
    await site.locator('pre var').first().hover();
    expect(await state(page)).toMatch(/^line 62: r21 is live: read by /);
    const named = await page.locator('var, button.register').filter({ hasText: /^r21$/ }).count();
    expect(named).toBeGreaterThan(20);
    expect(await page.locator('.lit').count()).toBe(named);
    await page.locator('h1').hover();
    expect(await page.locator('.lit').count()).toBe(0);
    const b0 = site.locator('button.register').filter({ hasText: /^b0$/ });
    await b0.focus();
    expect(await state(page)).toMatch(/^line 62: b0 is free behind this line: last read at samples\/ivt\.S:50/);
    expect(await b0.getAttribute('aria-pressed')).toBe('true');
    expect(complaints).toEqual([]);
    await close();
  });

  test('keys go from site to site, from register to register, and from variant to variant', async () => {
    const { page, close } = await open(options);
    await page.keyboard.press('j');
    const first = await focused(page);
    await page.keyboard.press('j');
    const second = await focused(page);
    expect([first, second]).toEqual(
      ['samples/ivt.S:27:2', 'samples/ivt.S:31:1'].map((id) => expect.stringContaining(id.slice(0, -2))),
    );
    await page.keyboard.press('k');
    expect(await focused(page)).toBe(first);
    await page.keyboard.press('ArrowRight');
    expect(await state(page)).toMatch(/^line 2\d: /);
    expect(await page.locator('article .t1').first().isVisible()).toBe(true);
    await page.keyboard.press('v');
    expect(await page.locator('article .t1').first().isVisible()).toBe(false);
    expect(await page.locator('article .t2').first().isVisible()).toBe(true);
    expect(page.url()).toContain('~2');
    await close();
  });

  test('filters leave out sites and their links', async () => {
    const { page, close } = await open(options);
    await page.locator('#operation').selectOption('THASH');
    expect(await page.locator('#count').innerText()).toBe('3 sites');
    expect(await page.locator('article.site:visible').count()).toBe(3);
    expect(await page.locator('nav li:visible').count()).toBe(3);
    await page.locator('#operation').selectOption('');
    await page.locator('#kind').selectOption('branch');
    expect(await page.locator('article.site:visible').count()).toBe(19);
    await page.locator('#kind').selectOption('');
    await page.locator('#refused').check();
    const refused = reportOf(made).sites.filter(({ targets }) =>
      targets.some(({ kind, notCalled }) => kind === 'trap' || notCalled !== null),
    );
    expect(await page.locator('article.site:visible').count()).toBe(refused.length);
    await close();
  });

  test('a link opens at its site, in its variant, also where a filter would hide it', async () => {
    const { page, close } = await open(options, '#samples/ivt.S:110:2~2');
    expect(await focused(page)).toBe('samples/ivt.S:110:2');
    expect(await page.locator('article .t2').first().isVisible()).toBe(true);
    await page.locator('#operation').selectOption('RFI');
    await page.evaluate("location.hash = '#samples/ivt.S:62:2~1'");
    await page.locator('article[id="samples/ivt.S:62:2"]').waitFor({ state: 'visible' });
    await close();
  });

  test('the XML parser of a browser takes every picture as a file', async () => {
    const { costs, vectors, handlers } = makePictures(made.built, reportOf(made));
    const files = [...costs, ...vectors, ...handlers.flatMap(({ liveness, flow }) => [liveness, flow])].map(
      pictureFile,
    );
    const { page, close } = await open(options);
    const refused = `${JSON.stringify(files)}.flatMap((text) =>
      [...new DOMParser().parseFromString(text, 'image/svg+xml').querySelectorAll('parsererror')].map((each) => each.textContent))`;
    expect(await page.evaluate(refused)).toEqual([]);
    expect(files.length).toBeGreaterThan(20);
    await close();
  });

  test('without its script a page still shows all sites and one variant', async () => {
    const { page, close } = await open({ ...options, javaScriptEnabled: false });
    expect(await page.locator('article.site').count()).toBe(reportOf(made).sites.length);
    expect(await page.locator('article .t1').first().isVisible()).toBe(true);
    await close();
  });
});
