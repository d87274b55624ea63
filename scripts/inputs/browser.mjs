/** A real browser: chromium from PATH, else Debian's, unpacked without root with what it needs and the machine does not have. */
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cached } from './cache.mjs';
import { downloadMissing, unpack } from './debian.mjs';
import { libraryFolders } from './programs.mjs';
import { mustRun, onPath } from './run.mjs';

const RECIPE = '1';

/**
 * What starts the browser: its program, and what its environment must say.
 *
 * @typedef {{program: string, env: Record<string, string>}} Browser
 */

/** @returns {Browser} */
export function prepareBrowser() {
  for (const name of ['chromium', 'chromium-browser', 'google-chrome']) {
    const found = onPath(name);
    if (found !== null) return { program: found, env: {} };
  }
  try {
    return fetchBrowser();
  } catch (error) {
    const reason = error instanceof Error ? error.message : error;
    throw new Error(`chromium is not on PATH and could not be fetched; install Debian's package chromium\n${reason}`);
  }
}

/** @returns {Browser} */
function fetchBrowser() {
  const root = cached('chromium', RECIPE, (folder) => {
    const debs = join(folder, 'debs');
    for (const deb of downloadMissing(['chromium', 'fonts-dejavu-core'], debs)) unpack(deb, folder);
    rmSync(debs, { recursive: true });
  });
  const fonts = join(root, 'fonts.conf');
  writeFileSync(
    fonts,
    `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig><dir>/usr/share/fonts</dir><dir>${join(root, 'usr/share/fonts')}</dir>` +
      `<cachedir>${join(root, 'font-cache')}</cachedir></fontconfig>\n`,
  );
  // libpulse has a library of its own in a folder of its own.
  const folders = libraryFolders(root).flatMap((each) => [each, `${each}/pulseaudio`]);
  const libraries = ['usr/lib/chromium', ...folders].map((each) => join(root, each));
  const browser = {
    program: join(root, 'usr/lib/chromium/chromium'),
    env: { LD_LIBRARY_PATH: libraries.join(':'), FONTCONFIG_FILE: fonts },
  };
  mustRun(browser.program, ['--version'], { env: { ...process.env, ...browser.env } });
  return browser;
}
