#!/usr/bin/env node
/**
 * Pictures of the review page of samples/ivt.S, as a browser shows it: docs/review.png for the README; with a folder as argument,
 * both widths in light and dark, to be looked at.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';
import { prepareBrowser } from './inputs/browser.mjs';
import { projectRoot } from './inputs/cache.mjs';
import { mustRun } from './inputs/run.mjs';

const SITE = '#samples/ivt.S:110:2~1';
const work = mkdtempSync(join(tmpdir(), 'pvasm-screenshot-'));
const [folder] = process.argv.slice(2);
const targets = ['native', 'xen:a', 'xen:b'].flatMap((target) => ['-t', target]);

/** @param {'diff' | 'report'} command */
function pageOf(command) {
  const args = [join(projectRoot, 'bin/pvasm.js'), command, 'samples/ivt.S', '--format', 'html', ...targets];
  const path = join(work, `${command}.html`);
  writeFileSync(path, mustRun(process.execPath, args, { cwd: projectRoot }), 'latin1');
  return pathToFileURL(path).href;
}

const { program, env } = prepareBrowser();
const browser = await chromium.launch({
  executablePath: program,
  env: { .../** @type {Record<string, string>} */ (process.env), ...env },
  args: ['--no-sandbox', '--disable-gpu'],
});

/**
 * @param {string} url
 * @param {string} path
 * @param {{width: number, height: number, dark?: boolean, open?: boolean}} view
 */
async function shoot(url, path, { width, height, dark = false, open = false }) {
  const page = await browser.newPage({ viewport: { width, height }, colorScheme: dark ? 'dark' : 'light' });
  await page.goto(url);
  if (open)
    await page.evaluate(
      "document.querySelectorAll('#handlers details')[1].open = true; document.querySelector('#handlers').scrollIntoView()",
    );
  await page.screenshot({ path });
  await page.close();
}

try {
  const diff = pageOf('diff');
  if (folder === undefined)
    await shoot(`${diff}${SITE}`, join(projectRoot, 'docs/review.png'), { width: 1000, height: 560 });
  else {
    const report = pageOf('report');
    for (const { width, height } of [
      { width: 1280, height: 900 },
      { width: 390, height: 844 },
    ])
      for (const dark of [false, true]) {
        const name = `${width}-${dark ? 'dark' : 'light'}`;
        await shoot(`${diff}${SITE}`, join(folder, `diff-${name}.png`), { width, height, dark });
        await shoot(report, join(folder, `report-${name}.png`), { width, height, dark });
        await shoot(report, join(folder, `handlers-${name}.png`), { width, height, dark, open: true });
      }
  }
} finally {
  await browser.close();
  rmSync(work, { recursive: true });
}
