/** The library: the commands as functions of texts, without files, terminal and arguments. Its types are in types.ts. */
import { posix } from 'node:path';
import { DEFAULT_CONFIG } from '../config/config.ts';
import { linkedListing } from '../linked-listings.ts';
import { asmVocabulary } from '../lint/asm-vocabulary.ts';
import { judge } from '../lint/check.ts';
import type { Finding as LintFinding } from '../lint/finding.ts';
import { isCalledWrong, wantChoices, withChoices } from '../lint/repairs.ts';
import { distinctFiles, inspectInputs } from '../lint/schedule.ts';
import { buildMerged } from '../merged-builds.ts';
import { placesBelow, targetFolder } from '../output-places.ts';
import { rewrite as rewriteFiles } from '../pipeline.ts';
import type { Report } from '../report/model.ts';
import { reportModel } from '../report/report.ts';
import type { Refusal } from '../rewrite/site.ts';
import { buildSeparately, finished } from '../separate-builds.ts';
import type { Diagnostic } from '../syntax/diagnostic.ts';
import type { Edit } from '../syntax/edits.ts';
import { parseSource } from '../syntax/parse.ts';
import { printTree } from '../syntax/print.ts';
import type { SourceText } from '../syntax/source.ts';
import { pipelineOptions, sourceText } from './options.ts';
import { failOn, messageOf, placeOf } from './places.ts';
import { statementsOf } from './statements.ts';
import type {
  Built,
  Checked,
  Finding,
  Listing,
  Options,
  Parsed,
  Edit as PlainEdit,
  Refused,
  Rewritten,
  Source,
} from './types.ts';

export function parse(source: Source): Parsed {
  const file = sourceText(source);
  const tree = parseSource(file, { dialect: file.dialect });
  return { statements: statementsOf(tree), messages: tree.errors.map(messageOf), text: printTree(tree) };
}

export function rewrite(sources: readonly Source[], options: Options = {}): Rewritten {
  const { files, refusals, diagnostics } = rewriteFiles(pipelineOptions(sources, options));
  return {
    files: files.map(({ file, text, edits }) => ({ name: file.name, text, edits: edits.map(plainEdit) })),
    refused: refusals.map(refused),
    messages: diagnostics.map(messageOf),
  };
}

export function build(sources: readonly Source[], options: Options = {}): Built {
  const pipeline = pipelineOptions(sources, options);
  const { builds, diagnostics } = buildSeparately(pipeline, finished);
  const { places, clash } = placesBelow(new Map(builds.map(({ file }) => [file, file.name])));
  if (clash !== null) throw new Error(clash);
  const wrong: Diagnostic[] = [];
  const listings = pipeline.targets.flatMap((choice) => {
    const pathTo = pathsBelow(posix.join(options.output ?? '.', targetFolder(choice.label)));
    return builds.flatMap((each) => {
      const linked = linkedListing(each, choice, { place: places.get(each.file)!, marked: true, pathTo });
      wrong.push(...linked.diagnostics);
      return linked.outputs.map(
        ({ file, place, text, edits }): Listing => ({
          ...{ target: choice.label, name: file.name, place, text },
          edits: edits.map(plainEdit),
        }),
      );
    });
  });
  const errors = builds.flatMap((each) => each.errors);
  return {
    listings: distinct(listings, ({ target, place }) => `${target}:${place}`),
    failures: builds.flatMap(({ failures }) =>
      failures.map(({ site, reason, label }) => ({
        ...placeOf(site),
        ...{ operation: site.operation.name, reason, target: label },
      })),
    ),
    refused: builds.flatMap(({ refusals }) => refusals.map(refused)),
    messages: distinct([...diagnostics, ...errors, ...wrong].map(messageOf), (each) => JSON.stringify(each)),
  };
}

/** Paths from a folder to where headers stand, by their names alone. */
function pathsBelow(folder: string): (place: string, file: SourceText) => string {
  return (place, { name }) => posix.relative(posix.dirname(posix.join(folder, place)), name);
}

/** Without what says the same as something before it: sources share headers. */
function distinct<T>(all: readonly T[], key: (each: T) => string): T[] {
  return [...new Map(all.map((each) => [key(each), each])).values()];
}

export function check(sources: readonly Source[], options: Options = {}): Checked {
  const pipeline = pipelineOptions(sources, { ...options, strict: options.strict ?? false });
  const subject = {
    ...pipeline,
    ownConventions: new Set((options.conventions ?? []).map(sourceText)),
    vocabularies: [asmVocabulary(pipeline.operations)],
    configs: DEFAULT_CONFIG.configs,
  };
  const inspections = inspectInputs({ ...subject, inputs: distinctFiles(pipeline.inputs) });
  failOn(inspections.flatMap(({ diagnostics }) => diagnostics));
  const { findings } = judge(inspections, {
    ...subject,
    config: DEFAULT_CONFIG,
    suppressions: [],
    baseline: new Map(),
    nameOf: ({ name }) => name,
  });
  const repaired = wantChoices(findings)
    ? withChoices(findings, rewriteFiles({ ...subject, choosesAnew: isCalledWrong(findings) }))
    : findings;
  return { findings: repaired.map(plainFinding) };
}

export function report(sources: readonly Source[], options: Options = {}): Report {
  const pipeline = pipelineOptions(sources, options);
  const built = buildMerged(pipeline);
  failOn(built.rewritten.diagnostics);
  return reportModel(built, pipeline);
}

function plainEdit({ start, end, text }: Edit): PlainEdit {
  return { start, end, text };
}

function refused(refusal: Refusal): Refused {
  return { ...placeOf(refusal), operation: refusal.operation.name, reason: refusal.reason };
}

function plainFinding(finding: LintFinding): Finding {
  const { rule, severity, message, condition, related, fix } = finding;
  return {
    ...placeOf(finding),
    ...{ rule, severity, message, condition },
    related: related.map((each) => ({ ...placeOf(each), message: each.message })),
    fix:
      fix === null
        ? null
        : { title: fix.title, edits: fix.edits.map((edit) => ({ ...placeOf(edit), text: edit.text })) },
  };
}
