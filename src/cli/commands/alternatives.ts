/** `pvasm report --alternatives`: a comparison of all ways to serve the bare machine and a hypervisor. */

import { resolve } from 'node:path';
import type { Plan } from '../../expand/plan.ts';
import { BASE_TARGET, DEFAULT_HYPERVISOR } from '../../expand/shipped-targets.ts';
import { alternativeLabels, alternativesReport } from '../../report/alternatives.ts';
import { alternativesDocument } from '../../report/alternatives-document.ts';
import { openForVerification, type VerifiedFile } from '../../verify/project.ts';
import { contractsOf } from '../contracts.ts';
import { ExitCode, Failure } from '../failure.ts';
import { failOnErrors } from '../messages.ts';
import { splitTarget } from '../path-text.ts';
import { pipelineOptions } from '../settings.ts';
import type { CommandArguments } from './command.ts';
import { print, type TextFormat } from './report.ts';

export interface AlternativesArguments extends CommandArguments {
  readonly format: TextFormat;
}

const CONSEQUENCE = 'nothing was compared';
/** Where the call names none. */

export function alternativesCommand(given: AlternativesArguments): ExitCode {
  const target = hypervisorOf(given.targets ?? []);
  const [most, table] = alternativeLabels(target);
  const { files, name } = opened(given, most);
  const report = alternativesReport(name, [files, opened(given, table).files]);
  print(given.format, report, () => alternativesDocument(report));
  return ExitCode.clean;
}

function opened(
  given: AlternativesArguments,
  targets: readonly string[],
): { files: readonly VerifiedFile[]; name: string } {
  const options = pipelineOptions({ ...given, targets }, CONSEQUENCE);
  const contracts = contractsOf(options.targets, options.operations, CONSEQUENCE);
  const { files, diagnostics } = openForVerification(
    options,
    (each) => contracts.get(each) ?? null,
    ({ name }) => resolve(name),
  );
  const overflows = new Set(files.flatMap(({ plans }) => plans.flatMap(({ stuck }) => stuck.map(openingOf))));
  // A vector that does not fit its slot is a line of the table.
  failOnErrors(
    diagnostics.filter(({ file, start }) => !overflows.has(`${file.name}:${start}`)),
    CONSEQUENCE,
  );
  return { files, name: options.targets[0]!.target.name };
}

/** Where a slot of a vector table begins, as its diagnostics have it. */
function openingOf({ unit, opening }: Plan['stuck'][number]): string {
  const { statements, tokens } = unit.analysis.program;
  const { file, start } = tokens[statements[opening]!.first]!;
  return `${file.name}:${start}`;
}

/** The one target beside native, without the letter of an alternative. */
function hypervisorOf(labels: readonly string[]): string {
  const names = new Set(labels.map((label) => splitTarget(label).name).filter((name) => name !== BASE_TARGET));
  const joint = [...names].find((name) => name.includes('+'));
  if (joint !== undefined)
    throw new Failure(`--alternatives joins the targets itself: give -t ${joint.split('+').at(-1)}`);
  if (names.size > 1) throw new Failure('--alternatives compares the ways for one target beside native: give one -t');
  return [...names][0] ?? DEFAULT_HYPERVISOR;
}
