import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { assembleFile, image } from '../support/assemble.ts';
import { type Configuration, configurations, kernel } from '../support/kernel.ts';
import { assembleListing, build, pvasm, scratchFolder, sources, vectorFiles } from './listings.ts';

/**
 * Macro-ised kernel sources built by gcc -E and gas with the header that `pvasm header` makes: what they come out as is the
 * listing, byte for byte, with one header for all sources of a target.
 */
const folder = scratchFolder();
const targets = ['native', 'xen:b'] as const;

/** Rewrites sources; gives those that hold macros now, of which there are this many. */
function macroised(files: readonly string[], configuration: Configuration, out: string, atLeast = 4): string[] {
  pvasm(['rewrite', ...files, '-o', out, ...kernel().flags(configuration)]);
  const written = files.map((file) => join(out, basename(file))).filter((file) => existsSync(file));
  const hasMacros = (file: string) => /\bASM_\w+\(|include\/\w+-[0-9a-f]{12}/.test(readFileSync(file, 'latin1'));
  const found = written.filter(hasMacros);
  expect(found.length).toBeGreaterThanOrEqual(atLeast);
  return found;
}

function assembled(file: string, header: string, configuration: Configuration, near: string) {
  return assembleFile(file, { configuration, flags: ['-include', header], includeDirs: [near] });
}

/** Makes one header for the sources, for each target, and holds what they come out as with it against their listings. */
function sameAsListings(files: readonly string[], configuration: Configuration, out: string, originals: string): void {
  build(files, targets, configuration, join(out, 'listings'));
  for (const target of targets) {
    const header = join(out, `${target.replace(':', '-')}.h`);
    const said = pvasm(['header', '-t', target, '-o', header, ...files, ...kernel().flags(configuration)]);
    expect(said).toEqual({ status: 0, stdout: '', stderr: '' });
    for (const file of files) {
      const listing = assembleListing(file, target, configuration, join(out, 'listings'));
      const { object, messages } = assembled(file, header, configuration, originals);
      expect({ file, target, messages }).toEqual({ file, target, messages: '' });
      expect(image(object!), `${target} ${file}`).toEqual(image(listing.object!));
    }
  }
}

describe.each(configurations)('%s', (configuration) => {
  test('plain/ with a header of each target', () => {
    const out = join(folder, configuration);
    const files = macroised(sources('plain'), configuration, out);
    sameAsListings(files, configuration, out, join(sources('plain')[0]!, '..'));
  }, 600_000);

  test.each(vectorFiles)(
    'linux/%s, with headers of its own',
    (name) => {
      const original = kernel().linux(name);
      const out = join(folder, `${configuration}-${name}`);
      sameAsListings(macroised([original], configuration, out, 1), configuration, out, join(original, '..'));
    },
    300_000,
  );
});

test('a header that was made for no source assembles them under -x without a message', () => {
  const out = join(folder, 'unknown');
  const header = join(out, 'xen.h');
  const files = macroised(
    vectorFiles.map((name) => kernel().plain(name)),
    'smp',
    out,
  );
  pvasm(['header', '-t', 'xen:b', '-o', header]);
  for (const file of files) {
    const { object, messages } = assembled(file, header, 'smp', join(kernel().plain('ivt.S'), '..'));
    expect({ file, messages, assembles: object !== null }).toEqual({ file, messages: '', assembles: true });
  }
}, 300_000);
