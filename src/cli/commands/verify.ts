/** `pvasm verify`: listings, or the bodies of targets, executed beside the source. */
import { resolve } from 'node:path';
import { suggestion } from '../../config/suggestion.ts';
import { Unexecutable } from '../../execution/signals.ts';
import type { TargetChoice } from '../../expand/plan.ts';
import type { Target } from '../../expand/target.ts';
import { operations as shippedOperations } from '../../project/operations.data.ts';
import { indexOperations } from '../../project/operations.ts';
import { formatDiagnostic } from '../../syntax/diagnostic.ts';
import { verifyBodies } from '../../verify/bodies.ts';
import type { Contract } from '../../verify/contract.ts';
import { type Effort, verifyHandlers } from '../../verify/handlers.ts';
import { openForVerification, type VerifiedFile } from '../../verify/project.ts';
import { bodyLines, coverageLines, handlerLines, unexecuted } from '../../verify/report.ts';
import { subjectImage } from '../../verify/subjects.ts';
import { traceOf } from '../../verify/trace.ts';
import { contractsOf } from '../contracts.ts';
import { ExitCode, Failure } from '../failure.ts';
import { failOnErrors } from '../messages.ts';
import { chooseTargets } from '../options.ts';
import { writeOut } from '../output.ts';
import { type ProgressLine, progressLine } from '../progress.ts';
import { pipelineOptions } from '../settings.ts';
import type { CommandArguments } from './command.ts';

export interface VerifyArguments extends CommandArguments {
  /** States for each entry, or for each body; null: as many as are usual. */
  readonly states: number | null;
  readonly seed: number | null;
  /** Only this vector or routine. */
  readonly entry: string | null;
  /** The most instructions that the source may execute from one entry. */
  readonly steps: number | null;
}

const CONSEQUENCE = 'nothing was verified';
const USUAL = { states: 100, bodyStates: 24, seed: 1, steps: 20000 };
/** Calls of C that a run is followed through, and different states after which an entry is given up. */
const EXITS = 4;
const FAILURES = 5;

export function verifyCommand(given: VerifyArguments): ExitCode {
  try {
    return given.files.length === 0 ? verifyTargets(given) : verifyFiles(given);
  } catch (error) {
    if (!(error instanceof Unexecutable)) throw error;
    throw unexecutable([error], CONSEQUENCE);
  }
}

function unexecutable(found: readonly Unexecutable[], consequence: string): Failure {
  const diagnostics = found.map(({ message, place: { file, start, end } }) => {
    const diagnostic = { severity: 'error', message, file, start, end } as const;
    process.stderr.write(`${formatDiagnostic(diagnostic)}\n`);
    return diagnostic;
  });
  return new Failure(`the source cannot be executed to its end; ${consequence}`, diagnostics);
}

function verifyTargets(given: VerifyArguments): ExitCode {
  const operations = indexOperations(shippedOperations);
  const choices = chooseTargets(given.targets ?? given.defaultTargets, operations);
  const contracts = contractsOf(choices, operations, CONSEQUENCE);
  const { seed, bodyStates } = USUAL;
  const effort = { states: given.states ?? bodyStates, seed: given.seed ?? seed, failures: 1 };
  let failed = false;
  for (const [target, contract] of contracts) {
    const tried = operations.all.filter(({ name }) => target.macros.has(name));
    const results = tried.map((operation, at) => {
      progress(`${target.name} ${operation.name}`, at + 1, tried.length);
      return verifyBodies(target, operation, contract, effort);
    });
    failed ||= results.some(({ failures }) => failures.length > 0);
    writeLines(bodyLines(target.name, results, effort));
  }
  return failed ? ExitCode.findings : ExitCode.clean;
}

function verifyFiles(given: VerifyArguments): ExitCode {
  const options = pipelineOptions(given, CONSEQUENCE);
  const contracts = contractsOf(options.targets, options.operations, CONSEQUENCE);
  const { files, diagnostics } = openForVerification(
    options,
    (target: Target): Contract | null => contracts.get(target) ?? null,
    ({ name }) => resolve(name),
  );
  failOnErrors(diagnostics, CONSEQUENCE);
  checkEntry(given.entry, files);
  const effort: Effort = {
    states: given.states ?? USUAL.states,
    seed: given.seed ?? USUAL.seed,
    steps: given.steps ?? USUAL.steps,
    exits: EXITS,
    entry: given.entry,
    failures: FAILURES,
    progress,
  };
  const judged = files.map((file) => verifyFile(file, effort, options.targets));
  const refused = judged.flatMap((file) => file.refused);
  if (refused.length > 0) throw unexecutable(refused, 'all else was verified');
  return judged.some(({ failed }) => failed) ? ExitCode.findings : ExitCode.clean;
}

/** Whether some listing of the file is another program than the file, and what could not be executed. */
function verifyFile(
  { file, source, subjects }: VerifiedFile,
  effort: Effort,
  targets: readonly TargetChoice[],
): { failed: boolean; refused: readonly Unexecutable[] } {
  if (source === null) {
    writeLines([
      `${file.name}: no site; its listings for ${targets.map(({ label }) => label).join(', ')} are the file`,
    ]);
    return { failed: false, refused: [] };
  }
  const result = verifyHandlers(source, subjects, effort);
  subjects.forEach((subject, at) => {
    const judged = result.subjects[at]!;
    const image = subjectImage(source, subject);
    const trace = (entry: (typeof source.entries)[number], seed: number) =>
      traceOf(source, subject, image, entry, seed, effort);
    writeLines(handlerLines(file.name, judged, effort, trace));
  });
  writeLines(coverageLines(file.name, source, result.coverage));
  return {
    failed: result.subjects.some(({ entries }) => entries.some(({ failures }) => failures.length > 0)),
    refused: unexecuted(source, result, effort.steps),
  };
}

function checkEntry(entry: string | null, files: readonly VerifiedFile[]): void {
  if (entry === null) return;
  const names = files.flatMap(({ source }) => source?.entries.map(({ name }) => name) ?? []);
  if (!names.includes(entry))
    throw new Failure(`no file of the call has a vector or routine '${entry}'${suggestion(entry, names)}`);
}

function writeLines(lines: readonly string[]): void {
  shown?.clear();
  shown = null;
  writeOut(`${lines.join('\n')}\n`);
}

/** The line of progress on the terminal, if there is one. */
let shown: ProgressLine | null = null;

function progress(what: string, done: number, all: number): void {
  shown = progressLine(process.stderr, all);
  shown.show({ name: what }, done - 1);
}
