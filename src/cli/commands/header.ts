/** `pvasm header`: a target's bodies as macros of cpp and gas. */
import { headerText } from '../../header/header.ts';
import { addKnownSites, type KnownSites } from '../../header/known-sites.ts';
import { operations as shippedOperations } from '../../project/operations.data.ts';
import { indexOperations } from '../../project/operations.ts';
import { buildSeparately } from '../../separate-builds.ts';
import type { Diagnostic } from '../../syntax/diagnostic.ts';
import type { SourceText } from '../../syntax/source.ts';
import { ExitCode, Failure } from '../failure.ts';
import { STANDARD_INPUT } from '../files.ts';
import { failOnErrors, uniqueDiagnostics } from '../messages.ts';
import { chooseTargets } from '../options.ts';
import { writeOut } from '../output.ts';
import { refuseToOverwrite } from '../places.ts';
import { pipelineOptions } from '../settings.ts';
import { writeFiles } from '../writing.ts';
import type { CommandArguments } from './command.ts';

export interface HeaderArguments extends CommandArguments {
  /** The header; null: standard output. */
  readonly output: string | null;
}

export function headerCommand(given: HeaderArguments): ExitCode {
  const operations = indexOperations(shippedOperations);
  const [choice, ...others] = chooseTargets(given.targets ?? [], operations);
  if (choice === undefined || others.length > 0) throw new Failure('header needs one target: -t xen:b, or -t native');
  if (choice.joined !== undefined || choice.alternative === 'A')
    throw new Failure(`target ${choice.label}: a header has bodies in place only: ${choice.target.name}:b`);
  const known: KnownSites = new Map();
  const read: SourceText[] = [];
  if (given.files.length > 0) {
    const options = pipelineOptions({ ...given, targets: [`${given.targets![0]!.replace(/:[bB]$/, '')}:b`] });
    const errors: Diagnostic[] = [];
    const built = buildSeparately(options, (build) => {
      read.push(...build.runs.flatMap(({ files }) => [...files]));
      errors.push(...addKnownSites(build, options.targets[0]!, known));
    });
    failOnErrors([...built.diagnostics, ...uniqueDiagnostics(errors)]);
  }
  const text = headerText(choice.label, choice.target, operations.all, known);
  if (given.output === null || given.output === STANDARD_INPUT) writeOut(text);
  else {
    refuseToOverwrite([given.output], read, 'give another -o FILE');
    writeFiles([{ path: given.output, text }]);
  }
  return ExitCode.clean;
}
