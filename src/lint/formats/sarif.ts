import type { Severity } from '../../syntax/diagnostic.ts';
import type { SourceText } from '../../syntax/source.ts';
import { compareText, type Finding, type Fix, type SourceRange, sentence, type TextEdit } from '../finding.ts';
import { nameAsUri } from '../names.ts';
import { asciiJson, asUnicode, type Format, type FormatContext, type RuleDescription } from './format.ts';

export const SARIF_SCHEMA = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/schemas/sarif-schema-2.1.0.json';
/** What the names of files are relative to. */
export const SOURCE_ROOT = '%SRCROOT%';
const LEVEL: Readonly<Record<Severity, string>> = { error: 'error', warning: 'warning', note: 'note' };

/** SARIF 2.1.0 (OASIS), for code-scanning services: all rules, relative paths only, stable fingerprints, fixes. */
export const sarif: Format = (findings, context) => {
  const ruleIndex = new Map(context.rules.map((rule, index) => [rule.id, index]));
  return asciiJson({
    $schema: SARIF_SCHEMA,
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: context.tool.name,
            semanticVersion: context.tool.version,
            informationUri: context.tool.page,
            rules: context.rules.map((rule) => descriptor(rule, context)),
          },
        },
        columnKind: 'utf16CodeUnits',
        results: findings.map((finding) => result(finding, ruleIndex.get(finding.rule) ?? -1, context)),
      },
    ],
  });
};

function descriptor(rule: RuleDescription, context: FormatContext): object {
  return {
    id: rule.id,
    name: pascalCase(rule.name),
    shortDescription: { text: rule.summary },
    helpUri: context.pageOf(rule.id),
    help: { text: `${rule.summary} See ${context.pageOf(rule.id)}` },
    defaultConfiguration: { level: LEVEL[rule.severity] },
  };
}

function result(finding: Finding, ruleIndex: number, context: FormatContext): object {
  return {
    ruleId: finding.rule,
    ruleIndex,
    level: LEVEL[finding.severity],
    message: { text: asUnicode(sentence(finding)) },
    locations: [{ physicalLocation: location(finding, context) }],
    ...(finding.related.length > 0 && {
      relatedLocations: finding.related.map((related, id) => ({
        id,
        physicalLocation: location(related, context),
        message: { text: asUnicode(related.message) },
      })),
    }),
    partialFingerprints: { 'pvasm/v1': finding.fingerprint },
    ...(finding.fix !== null && { fixes: [fixRecord(finding.fix, context)] }),
    ...(finding.condition !== null && { properties: { condition: asUnicode(finding.condition) } }),
  };
}

function location(place: SourceRange, context: FormatContext): object {
  return { artifactLocation: artifact(place.file, context), region: region(place) };
}

function artifact(file: SourceText, context: FormatContext): object {
  return { uri: nameAsUri(context.nameOf(file)), uriBaseId: SOURCE_ROOT };
}

/** Lines and columns from 1, the end exclusive, columns in UTF-16 units of the line as it is shown. */
function region({ file, start, end }: SourceRange): object {
  const [startLine, startColumn] = unicodePosition(file, start);
  const [endLine, endColumn] = unicodePosition(file, end);
  return { startLine, startColumn, endLine, endColumn };
}

function unicodePosition(file: SourceText, offset: number): [line: number, column: number] {
  const { line, column } = file.position(offset);
  return [line, asUnicode(file.text.slice(offset - column + 1, offset)).length + 1];
}

function fixRecord(fix: Fix, context: FormatContext): object {
  const byFile = new Map<SourceText, TextEdit[]>();
  for (const edit of fix.edits) {
    const edits = byFile.get(edit.file);
    if (edits === undefined) byFile.set(edit.file, [edit]);
    else edits.push(edit);
  }
  const files = [...byFile].sort(([a], [b]) => compareText(a.name, b.name));
  return {
    description: { text: asUnicode(fix.title) },
    artifactChanges: files.map(([file, edits]) => ({
      artifactLocation: artifact(file, context),
      replacements: edits.map((edit) => ({
        deletedRegion: region(edit),
        insertedContent: { text: asUnicode(edit.text) },
      })),
    })),
  };
}

/** `live-scratch` as `LiveScratch`, the spelling SARIF's rule names have. */
function pascalCase(name: string): string {
  return name.replace(/(?:^|-)([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}
