/** `pvasm rewrite`: plain source to macro-ised source. */
import { join } from 'node:path';
import { type RewrittenFile, rewrite } from '../../pipeline.ts';
import { unifiedDiff } from '../../report/hunks.ts';
import { ExitCode, Failure } from '../failure.ts';
import { STANDARD_INPUT, writeFiles } from '../files.ts';
import { printRefusals } from '../messages.ts';
import { failOnErrors, pipelineOptions } from '../options.ts';
import { writeOut } from '../output.ts';
import { outputPlaces } from '../places.ts';
import type { CommandArguments } from './command.ts';

export interface RewriteArguments extends CommandArguments {
  readonly output: string | null;
  readonly inPlace: boolean;
  readonly diff: boolean;
}

export function rewriteCommand(given: RewriteArguments): ExitCode {
  const { project, files, refusals, diagnostics } = rewrite(pipelineOptions(given));
  failOnErrors(diagnostics);
  const own = files.filter(({ file }) => project.isInput(file));
  if (given.diff) for (const { file, edits } of files) writeOut(unifiedDiff(file, edits));
  if (given.output !== null) {
    const places = outputPlaces(
      project,
      files.map(({ file }) => file),
    );
    writeFiles(files.map(({ file, text }) => ({ path: join(given.output!, places.get(file)!), text })));
  } else if (given.inPlace) writeFiles(own.map(({ file, text }) => ({ path: inPlacePath(file.name), text })));
  else if (!given.diff) printOnly(own);
  printRefusals(refusals);
  return refusals.length > 0 ? ExitCode.findings : ExitCode.clean;
}

function inPlacePath(name: string): string {
  if (name === STANDARD_INPUT) throw new Failure('standard input cannot be changed in place');
  return name;
}

function printOnly(files: readonly RewrittenFile[]): void {
  if (files.length > 1) throw new Failure('several files need -o DIR, --in-place or --diff');
  for (const { text } of files) writeOut(text);
}
