/** Target xen with its tables, as the tool loads them. */
import { chooseTargets } from '../../src/cli/options.ts';
import { shippedContracts } from '../../src/cli/shipped.ts';
import type { Target } from '../../src/expand/target.ts';
import { operations as shippedOperations } from '../../src/project/operations.data.ts';
import { indexOperations, type Operation } from '../../src/project/operations.ts';
import { formatDiagnostic } from '../../src/syntax/diagnostic.ts';
import { SourceText } from '../../src/syntax/source.ts';
import { type Contract, loadContract } from '../../src/verify/contract.ts';

export const operations = indexOperations(shippedOperations);

export const xen: Target = chooseTargets(['xen'], operations)[0]!.target;

export const served: readonly Operation[] = operations.all.filter(({ name }) => xen.macros.has(name));

/** The contract of xen, or that of a changed table; throws where it has an error. */
export function contractOf(text = shippedContracts.get('xen')!): Contract {
  const { contract, diagnostics } = loadContract(new SourceText('xen.contract.tsv', text), xen.hypercalls, operations);
  if (diagnostics.length > 0) throw new Error(diagnostics.map(formatDiagnostic).join('\n'));
  return contract;
}
