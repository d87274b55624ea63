/** Which sites may stay native because a person has said so, with a reason: where the finding that says so is accepted. */
import type { SuppressionEntry } from '../../config/accepted.ts';
import { fileKey } from '../../project/files.ts';
import type { SourceRange, SourceText } from '../../syntax/source.ts';
import { tokenize } from '../../syntax/tokenize.ts';
import { SUPPRESSIBLE } from '../registry.ts';
import { PV001 } from '../rules/bare-instruction.PV001.ts';
import { configuredSuppressions, inlineSuppressions, maySuppress, type Suppression } from './suppressions.ts';

export type Accepts = (place: SourceRange) => boolean;

/**
 * @param entries of `[[suppress]]`; asked for when a site is the first time looked at, as most calls leave none native
 * @param nameOf a file's name relative to the project
 */
export function acceptedSites(
  entries: () => readonly SuppressionEntry[],
  nameOf: (file: SourceText) => string,
): Accepts {
  const byFile = new Map<string, readonly Suppression[]>();
  let configured: readonly Suppression[] | undefined;
  return (place) => {
    const { file } = place;
    configured ??= configuredSuppressions(entries(), [], nameOf).filter(({ rule }) => rule === PV001.id);
    let inline = byFile.get(fileKey(file));
    if (inline === undefined) {
      const all = maySuppress(file)
        ? inlineSuppressions(tokenize(file, { dialect: file.dialect }), SUPPRESSIBLE).suppressions
        : [];
      inline = all.filter(({ rule }) => rule === PV001.id);
      byFile.set(fileKey(file), inline);
    }
    return [...configured, ...inline].some(({ covers }) => covers(place));
  };
}
