/** The library: the commands as functions of texts, without files, terminal and arguments. Its types are in types.ts. */
import { DEFAULT_CONFIG } from '../config/config.ts';
import { asmVocabulary } from '../lint/asm-vocabulary.ts';
import { judge } from '../lint/check.ts';
import type { Finding as LintFinding } from '../lint/finding.ts';
import { isCalledWrong, wantChoices, withChoices } from '../lint/repairs.ts';
import { distinctFiles, inspectInputs } from '../lint/schedule.ts';
import { buildMerged } from '../merged-builds.ts';
import { build as buildFiles, rewrite as rewriteFiles } from '../pipeline.ts';
import type { Report } from '../report/model.ts';
import { reportModel } from '../report/report.ts';
import type { Refusal } from '../rewrite/site.ts';
import type { Edit } from '../syntax/edits.ts';
import { parseSource } from '../syntax/parse.ts';
import { printTree } from '../syntax/print.ts';
import { pipelineOptions, sourceText } from './options.ts';
import { failOn, messageOf, placeOf } from './places.ts';
import { statementsOf } from './statements.ts';
import type {
  Built,
  Checked,
  Finding,
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
  const { listings, rewritten, plans, errors } = buildFiles(pipelineOptions(sources, options));
  return {
    listings: listings.map(({ choice, file, text, edits, tail }) => ({
      target: choice.label,
      name: file.name,
      text,
      edits: [
        ...edits.map(plainEdit),
        ...(tail === '' ? [] : [{ start: file.text.length, end: file.text.length, text: tail }]),
      ],
    })),
    failures: plans.flatMap(({ choice, failures }) =>
      failures.map(({ site, reason }) => ({
        ...placeOf(site),
        operation: site.operation.name,
        reason,
        target: choice.label,
      })),
    ),
    refused: rewritten.refusals.map(refused),
    messages: [...rewritten.diagnostics, ...errors].map(messageOf),
  };
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
