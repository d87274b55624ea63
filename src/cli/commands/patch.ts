/** `pvasm patch`: what a boot-time patcher does, on an object file or a linked image. */

import { patchedFile } from '../../patch/apply.ts';
import { InvalidRecords } from '../../patch/damage.ts';
import { type LoadedObject, openImage } from '../../patch/image.ts';
import { type ListedSites, listSites } from '../../patch/sites.ts';
import { operationRows } from '../../project/operation-table.ts';
import { columns, type DocumentBlock, formatCount, formatNumber, heading, paragraph } from '../../report/document.ts';
import { documentText } from '../../report/text.ts';
import { SourceText } from '../../syntax/source.ts';
import { ExitCode, Failure } from '../failure.ts';
import { readObject } from '../files.ts';
import { writeOut } from '../output.ts';
import { refuseToOverwrite } from '../places.ts';
import { writeFiles } from '../writing.ts';

export interface PatchArguments {
  readonly object: string;
  /** The target to patch for; null: `list`. */
  readonly target: string | null;
  /** The file to write; null: standard output. */
  readonly output: string | null;
  /** Print the sites in place of patching. */
  readonly list: boolean;
}

export function patchCommand({ object, target, output, list }: PatchArguments): ExitCode {
  if (output !== null) refuseToOverwrite([output], [new SourceText(object, '')], 'give another -o');
  const bytes = readObject(object);
  try {
    const image = openImage(bytes);
    if (list) writeOut(documentText(sitesDocument(object, image, listSites(image))));
    if (target === null) return ExitCode.clean;
    const text = patchedFile(image, target).toString('latin1');
    if (output === null) writeOut(text);
    else writeFiles([{ path: output, text }]);
    return ExitCode.clean;
  } catch (error) {
    if (error instanceof InvalidRecords) throw new Failure(`${object}: ${error.message}; nothing was written`);
    throw error;
  }
}

function sitesDocument(object: string, { file }: LoadedObject, { targets, sites }: ListedSites): DocumentBlock[] {
  const rows = sites.map(({ section, address, operation, room, lengths, now }) => [
    file.relocatable ? `${section}+0x${address.toString(16)}` : `0x${address.toString(16)}`,
    operationRows[operation]?.name ?? `operation ${operation}`,
    ...[room, ...lengths].map(formatNumber),
    now === null ? 'not linked' : now.join(', ') || 'something else',
  ]);
  const titles = ['address', 'operation', '>room', ...targets.map((target) => `>${target}`), 'now'];
  return [
    heading(1, `Sites of ${object}`),
    paragraph(`${formatCount(sites.length, 'site')}. Bytes: the room at each site, and the code of each target.`),
    { kind: 'table', columns: columns(...titles), groups: [{ title: '', rows }] },
  ];
}
