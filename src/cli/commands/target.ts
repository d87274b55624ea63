/** `pvasm target`: tries a target file by itself. */
import { type OperationTrial, tryTarget } from '../../expand/trial.ts';
import { operations as shippedOperations } from '../../project/operations.data.ts';
import { indexOperations } from '../../project/operations.ts';
import { columns, type DocumentBlock, formatNumber, heading, paragraph } from '../../report/document.ts';
import { documentText } from '../../report/text.ts';
import { contractsOf } from '../contracts.ts';
import { ExitCode } from '../failure.ts';
import { failOnErrors } from '../messages.ts';
import { chooseTargets } from '../options.ts';
import { writeOut } from '../output.ts';

const CONSEQUENCE = 'the target cannot be used';

export interface TargetArguments {
  /** Names of shipped targets, and paths of target files. */
  readonly targets: readonly string[];
}

export function targetCommand({ targets }: TargetArguments): ExitCode {
  const operations = indexOperations(shippedOperations);
  const choices = chooseTargets(targets, operations);
  contractsOf(choices, operations, CONSEQUENCE);
  const trials = choices.map(({ label, target }) => ({
    label,
    ...tryTarget(target, operations.all),
  }));
  for (const { label, operations: tried } of trials) writeOut(documentText(trialDocument(label, tried)));
  const diagnostics = trials.flatMap((trial) => trial.diagnostics);
  failOnErrors(diagnostics, CONSEQUENCE);
  return diagnostics.length > 0 ? ExitCode.findings : ExitCode.clean;
}

/** One line for each operation: in how many shapes of its assignment it was tried, and what became of them. */
function trialDocument(label: string, tried: readonly OperationTrial[]): DocumentBlock[] {
  const rows = tried.map(({ operation, instructions, ...counts }) => [
    operation.name,
    ...[counts.tried, counts.bodies, counts.refused, counts.left, counts.wrong].map(formatNumber),
    instructions === null ? '' : lengths(instructions),
  ]);
  return [
    heading(1, `Target ${label}`),
    paragraph(
      'Every operation that it has a macro for, in every shape of its assignment. Refused: the macro says so with `.error`. Native: it leaves the instruction as it is.',
    ),
    {
      kind: 'table',
      columns: columns('operation', '>tried', '>bodies', '>refused', '>native', '>wrong', '>instructions'),
      groups: [{ title: '', rows }],
    },
  ];
}

function lengths([least, most]: readonly [number, number]): string {
  return least === most ? String(least) : `${least}-${most}`;
}
