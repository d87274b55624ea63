/** No privileged or sensitive instruction stays in a Xen listing unless the report says so, or Xen does it natively. */
import { describe, expect, test } from 'vitest';
import { auditEntry } from '../../src/machine/audit.ts';
import { fileKey } from '../../src/project/files.ts';
import { listingReader } from '../../src/report/measure.ts';
import type { Edit } from '../../src/syntax/edits.ts';
import { configurations, kernel } from '../support/kernel.ts';
import { make, reportOf } from './support.ts';

const plain = ['ivt.S', 'entry.S', 'fsys.S', 'gate.S', 'head.S', 'pal.S'];

describe.each(configurations)('%s', (configuration) => {
  const made = make(
    plain.map((name) => kernel().plain(name)),
    kernel().flags(configuration),
  );
  const report = reportOf(made);
  const programOf = listingReader(made.options);

  test.each(report.targets.map(({ label }, index) => [label, index] as const))('%s', (label, index) => {
    const { choice } = made.built.plans[index]!;
    const listings = made.built.listings.filter((listing) => listing.choice === choice);
    const texts = new Map(listings.map(({ file, text }) => [fileKey(file), text]));
    const edits = new Map(listings.map((listing) => [fileKey(listing.file), listing.edits]));
    const native = report.sites.filter(({ targets }) => targets[index]!.kind === 'native');
    const told = [
      ...report.left.filter(({ target }) => target === label).flatMap(({ places }) => places),
      ...report.refused,
      ...native,
    ];
    const known = new Set(told.map(({ file, line }) => `${file}:${line}`));
    let seen = 0;
    for (const { file: source } of listings.filter(({ file }) =>
      report.files.some((each) => each.file === file.name),
    )) {
      for (const instruction of programOf(source, texts).instructions) {
        const entry = auditEntry(instruction.effects);
        const changes = edits.get(fileKey(instruction.file));
        if (entry === undefined || entry.rewrite === 'no' || changes === undefined) continue;
        const offset = sourceOffset(changes, instruction.start);
        if (offset === null) continue;
        const file = listings.find((listing) => fileKey(listing.file) === fileKey(instruction.file))!.file;
        if (offset >= file.text.length) continue;
        seen++;
        if (choice.target.name === 'native') continue;
        expect(known, `${entry.title} at ${file.name}:${file.position(offset).line}`).toContain(
          `${file.name}:${file.position(offset).line}`,
        );
      }
    }
    expect(seen).toBeGreaterThan(20);
  });
});

/** Where the character of a listing stands in the source; null inside what an edit has put there. */
function sourceOffset(edits: readonly Edit[], offset: number): number | null {
  let shift = 0;
  for (const { start, end, text } of edits) {
    if (offset < start + shift) break;
    if (offset < start + shift + text.length) return null;
    shift += text.length - (end - start);
  }
  return offset - shift;
}
