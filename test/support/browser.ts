/** The real browser, without a window, driven by playwright-core. */
import { type Browser, chromium } from 'playwright-core';
import { prepareBrowser } from '../../scripts/inputs/browser.mjs';

export async function openBrowser(): Promise<Browser> {
  const { program, env } = prepareBrowser();
  return chromium.launch({
    executablePath: program,
    env: { ...process.env, ...env } as Record<string, string>,
    args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'],
  });
}
