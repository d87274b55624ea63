/** What a call that fails prints for programs: a document of the format that was asked for, with the error in it. */
import { asciiJson, asUnicode } from '../lint/formats/format.ts';
import { escapeData, escapeProperty } from '../lint/formats/github.ts';
import { SARIF_SCHEMA, SOURCE_ROOT } from '../lint/formats/sarif.ts';
import { nameAsUri } from '../lint/names.ts';
import { HOME } from '../lint/registry.ts';
import type { Diagnostic } from '../syntax/diagnostic.ts';
import type { Failure } from './failure.ts';
import { VERSION } from './version.ts';

/** The document for a failure; null when the call asks for none of `json`, `sarif` and `github`. */
export function errorDocument(
  argv: readonly string[],
  failure: Pick<Failure, 'message' | 'diagnostics'>,
): string | null {
  const problems =
    failure.diagnostics.length > 0 ? failure.diagnostics.map(problemOf) : [withoutPlace(failure.message)];
  switch (formatOf(argv)) {
    case 'json':
      return asciiJson({ error: { message: asUnicode(failure.message), problems } });
    case 'sarif':
      return sarifOf(problems);
    case 'github':
      return problems.map(annotation).join('');
    default:
      return null;
  }
}

interface Problem {
  readonly message: string;
  /** Null for a problem of the call, not of a file. */
  readonly file: string | null;
  /** From 1. */
  readonly line: number | null;
  readonly column: number | null;
}

function problemOf({ message, file, start }: Diagnostic): Problem {
  return { message: asUnicode(message), file: asUnicode(file.name), ...file.position(start) };
}

function withoutPlace(message: string): Problem {
  return { message: asUnicode(message), file: null, line: null, column: null };
}

/** The last `--format` of a call, which may be one that no command could read. */
function formatOf(argv: readonly string[]): string | null {
  const last = argv.findLastIndex((word) => word === '--format' || word.startsWith('--format='));
  if (last < 0) return null;
  return argv[last] === '--format' ? (argv[last + 1] ?? null) : argv[last]!.slice('--format='.length);
}

/** A run that did not succeed, with a notification for each problem (SARIF 2.1.0, 3.20.21 and 3.58). */
function sarifOf(problems: readonly Problem[]): string {
  const toolExecutionNotifications = problems.map(({ message, file, line, column }) => ({
    level: 'error',
    message: { text: message },
    ...(file !== null && {
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: nameAsUri(file.replace(/\\/g, '/')), uriBaseId: SOURCE_ROOT },
            region: { startLine: line, startColumn: column },
          },
        },
      ],
    }),
  }));
  return asciiJson({
    $schema: SARIF_SCHEMA,
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'pvasm', semanticVersion: VERSION, informationUri: HOME } },
        invocations: [{ executionSuccessful: false, toolExecutionNotifications }],
        results: [],
      },
    ],
  });
}

function annotation({ message, file, line, column }: Problem): string {
  const place = file === null ? '' : ` file=${escapeProperty(file)},line=${line},col=${column}`;
  return `::error${place}::${escapeData(message)}\n`;
}
