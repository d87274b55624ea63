/** `pvasm check`: the lint that a kernel tree runs in its CI. */

import { posix } from 'node:path';
import { printConfig } from '../../config/print.ts';
import { type Baseline, countFindings, formatBaseline } from '../../lint/accept/baseline.ts';
import { fails, judge, type LintResult } from '../../lint/check.ts';
import type { Finding } from '../../lint/finding.ts';
import { applyFixes } from '../../lint/fix.ts';
import { plural } from '../../lint/formats/format.ts';
import { type FormatName, formats } from '../../lint/formats/index.ts';
import type { Inspection } from '../../lint/inspection.ts';
import { HOME, pageOf, RULES } from '../../lint/registry.ts';
import { isCalledWrong, wantChoices, withChoices } from '../../lint/repairs.ts';
import { distinctFiles, inspectInputs } from '../../lint/schedule.ts';
import { rewrite } from '../../pipeline.ts';
import { SourceText } from '../../syntax/source.ts';
import { changedSince } from '../changed-files.ts';
import {
  type CheckSettingArguments,
  type CheckSettings,
  NOTHING_CHECKED,
  readBaseline,
  readCheckSettings,
} from '../check-settings.ts';
import { dependencyFiles } from '../depfile.ts';
import { ExitCode, Failure } from '../failure.ts';
import { filesRead, readSources, STANDARD_INPUT } from '../files.ts';
import { withTrackedIncluders } from '../includers.ts';
import { failOnErrors } from '../messages.ts';
import { wantsColour, writeOut } from '../output.ts';
import { withProgress } from '../progress.ts';
import { VERSION } from '../version.ts';
import { writeFiles } from '../writing.ts';

export interface CheckArguments extends CheckSettingArguments {
  readonly files: readonly string[];
  readonly format: FormatName;
  readonly fix: boolean;
  /** Check the tracked sources that include a header, in place of the header. */
  readonly withIncluders: boolean;
  /** A revision of git: check what has changed since; null: all files of the call. */
  readonly changedSince: string | null;
  /** List what was suppressed, and why, on standard error. */
  readonly showSuppressed: boolean;
  /** Where the numbers of today's findings go, in place of a verdict. */
  readonly writeBaseline: string | null;
  /** The file whose configuration is printed, in place of a check. */
  readonly printConfig: string | null;
  /** Null: on a terminal only. */
  readonly color: boolean | null;
}

/** A repair may bring to light what it hid; after so many rounds something goes round in circles. */
const FIX_ROUNDS = 10;

export async function checkCommand(given: CheckArguments): Promise<ExitCode> {
  const settings = readCheckSettings(given);
  if (given.printConfig !== null) return printSettings(settings, given.printConfig);
  const files = filesToCheck(given);
  if (files.length === 0) {
    if (given.changedSince !== null) process.stderr.write(`pvasm: no source has changed since ${given.changedSince}\n`);
    return ExitCode.clean;
  }
  const baseline = given.writeBaseline === null ? readBaseline(settings.config) : new Map();
  const check = (inputs: readonly SourceText[]) => checkFiles(inputs, settings, baseline, given);
  let checked = check(distinctFiles(readSources(files)));
  if (given.fix) checked = repair(checked, check);
  const { inputs, inspections, result } = checked;
  printSummary(inspections, result, inputs.length);
  if (given.showSuppressed) showSuppressed(result, settings);
  if (given.writeBaseline !== null) return writeBaseline(given.writeBaseline, result, settings);
  const dependencies = depfiles(given, inputs);
  print(result.findings, settings, given);
  writeFiles(dependencies);
  return fails(result.findings, settings.config.maxWarnings) ? ExitCode.findings : ExitCode.clean;
}

function filesToCheck({ files, changedSince: revision, withIncluders: included }: CheckArguments): readonly string[] {
  if (revision === null) {
    if (files.length === 0) throw new Failure("no files given; try 'pvasm check --help'");
    return included ? withTrackedIncluders(files) : files;
  }
  const sources = withTrackedIncluders(changedSince(revision, files, filesRead()));
  const named = new Set(files.map((path) => posix.normalize(path)));
  return named.size === 0 ? sources : sources.filter((path) => named.has(path));
}

/** A check makes no file: what depends on what it read is named by -MT. */
function depfiles({ dependencies }: CheckArguments, inputs: readonly SourceText[]) {
  const sources = inputs.map(({ name }) => name).filter((name) => name !== STANDARD_INPUT);
  return dependencyFiles(dependencies, [{ output: null, sources, files: filesRead() }]);
}

interface Checked {
  readonly inputs: readonly SourceText[];
  readonly inspections: readonly Inspection[];
  readonly result: LintResult;
}

function checkFiles(
  inputs: readonly SourceText[],
  { config, nameOf, subject, suppressions, unmetNatives }: CheckSettings,
  baseline: Baseline,
  { fix, format }: CheckArguments,
): Checked {
  const inspections = withProgress(inputs.length, (onRead) => inspectInputs({ ...subject, inputs, onRead }));
  failOnErrors(
    inspections.flatMap((each) => each.diagnostics),
    NOTHING_CHECKED,
  );
  const result = judge(inspections, {
    ...subject,
    config,
    suppressions,
    baseline,
    nameOf,
    unmetNatives: unmetNatives(),
  });
  const wantsFixes = fix || format === 'json' || format === 'sarif';
  if (!wantsFixes || !wantChoices(result.findings)) return { inputs, inspections, result };
  const choices = rewrite({ ...subject, inputs, choosesAnew: isCalledWrong(result.findings) });
  const findings = withChoices(result.findings, choices);
  return { inputs, inspections, result: { ...result, findings } };
}

/** Applies what is certain, checks again, and so on until nothing is left to apply; then writes the files. */
function repair(first: Checked, check: (inputs: readonly SourceText[]) => Checked): Checked {
  let checked = first;
  let count = 0;
  for (let round = 0; round < FIX_ROUNDS; round++) {
    const { inputs, result } = checked;
    const { files, fixed } = applyFixes(result.findings.filter((finding) => isWithin(finding, inputs)));
    if (fixed.length === 0) break;
    count += fixed.length;
    const texts = new Map(files.map(({ file, text }) => [file, text]));
    checked = check(
      inputs.map((input) => (texts.has(input) ? new SourceText(input.name, texts.get(input)!, input.dialect) : input)),
    );
  }
  if (count > 0) writeFiles(checked.inputs.map(({ name, text }) => ({ path: changeable(name), text })));
  process.stderr.write(`pvasm: ${plural(count, 'finding')} fixed\n`);
  return checked;
}

/** Only files of the call are changed; a header is changed by a call that names it. */
function isWithin({ fix }: Finding, inputs: readonly SourceText[]): boolean {
  return fix?.edits.every(({ file }) => inputs.includes(file)) ?? false;
}

function changeable(name: string): string {
  if (name === STANDARD_INPUT) throw new Failure('standard input cannot be changed in place');
  return name;
}

/** Prints what was checked, and the counts of findings, to standard error. */
function printSummary(
  inspections: readonly Inspection[],
  { findings, suppressed, absorbed, slack }: LintResult,
  files: number,
): void {
  const configurations = inspections.reduce((sum, each) => sum + each.configurations, 0);
  const of = (severity: Finding['severity']) => findings.filter((finding) => finding.severity === severity).length;
  const counts = [plural(of('error'), 'error'), plural(of('warning'), 'warning'), plural(of('note'), 'note')];
  const accepted = `${suppressed.length} suppressed, ${absorbed} in the baseline`;
  const looked = `${plural(files, 'file')} in ${plural(configurations, 'configuration')}`;
  process.stderr.write(`pvasm: ${looked}: ${counts.join(', ')} (${accepted})\n`);
  if (!inspections.every(({ complete }) => complete))
    process.stderr.write(
      'pvasm: a file has more configurations than were tried; name those that matter with --configs\n',
    );
  for (const { file, rule, allowed, found } of slack)
    process.stderr.write(
      `pvasm: the baseline allows ${allowed} of ${rule} in ${file}, there are ${found}: write it again\n`,
    );
}

/** Every finding that a suppression took away, with its reason and where that stands. */
function showSuppressed({ suppressed }: LintResult, { nameOf }: CheckSettings): void {
  for (const { finding, suppression } of suppressed) {
    const { line, column } = finding.file.position(finding.start);
    const { place, reason } = suppression;
    const by = `${nameOf(place.file)}:${place.file.position(place.start).line}`;
    process.stderr.write(
      `${nameOf(finding.file)}:${line}:${column}: suppressed: ${finding.message} [${finding.rule}] -- ${reason} (${by})\n`,
    );
  }
}

function writeBaseline(path: string, { findings }: LintResult, { nameOf }: CheckSettings): ExitCode {
  writeFiles([{ path, text: formatBaseline(countFindings(findings, nameOf)) }]);
  return ExitCode.clean;
}

function print(findings: readonly Finding[], { nameOf }: CheckSettings, { format, color }: CheckArguments): void {
  const text = formats[format](findings, {
    nameOf,
    rules: RULES,
    pageOf,
    tool: { name: 'pvasm', version: VERSION, page: HOME },
    colour: wantsColour(color),
  });
  // Annotations are Unicode; text and gcc show the bytes of the source, and the others are ASCII.
  writeOut(text, format === 'github' ? 'utf8' : 'latin1');
}

function printSettings({ config, nameOf }: CheckSettings, file: string): ExitCode {
  writeOut(printConfig(config, RULES, nameOf(new SourceText(file, ''))), 'utf8');
  return ExitCode.clean;
}
