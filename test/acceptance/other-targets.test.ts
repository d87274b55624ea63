/** The other targets that ship, over all kernel sources: their listings assemble without a new message, and do what the source does. */
import { basename, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { assembleSource } from '../support/assemble.ts';
import { configurations, kernel } from '../support/kernel.ts';
import { assembleListing, build, pvasm, scratchFolder, sources, vectorFiles } from './listings.ts';

const targets = ['kvm', 'poison', 'trace'] as const;
const folder = scratchFolder();

describe.each(configurations)('%s', (configuration) => {
  test('listings for kvm, poison and trace assemble under -x without a message that the source does not give', () => {
    const out = join(folder, configuration);
    const files = sources('plain');
    build(files, targets, configuration, out);
    for (const file of files) {
      const source = assembleSource(file, configuration);
      for (const target of targets) {
        const { object, messages } = assembleListing(file, target, configuration, out);
        const name = basename(file);
        expect({ target, name, messages: messages.split('\n').length, assembles: object !== null }).toEqual({
          target,
          name,
          messages: source.messages.split('\n').length,
          assembles: true,
        });
      }
    }
  }, 600_000);

  test('kvm and trace: the four files do what the source does', () => {
    const files = vectorFiles.map((name) => kernel().plain(name));
    const args = ['verify', ...files, '-t', 'kvm', '-t', 'trace', '--states', '4', ...kernel().flags(configuration)];
    const { status, stdout } = pvasm(args);
    expect({ status, stdout }).toMatchObject({ status: 0 });
    expect(stdout.match(/ for (?:kvm|trace): .*: equal$/gm)).toHaveLength(2 * files.length);
  }, 600_000);
});
