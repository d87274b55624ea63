/** The contracts of targets: what ships with the tool, or the table beside a target file. */
import { type TargetChoice, targetsOf } from '../expand/plan.ts';
import type { Target } from '../expand/target.ts';
import type { Operations } from '../project/operations.ts';
import type { Diagnostic } from '../syntax/diagnostic.ts';
import { SourceText } from '../syntax/source.ts';
import { type Contract, loadContract, unreadableHypercalls } from '../verify/contract.ts';
import { readOptional } from './files.ts';
import { failOnErrors } from './messages.ts';
import { shippedContracts } from './shipped.ts';

/** `acme.contract.tsv` beside `acme.S`. A target without one is for a processor. */
export function contractsOf(
  targets: readonly TargetChoice[],
  operations: Operations,
  consequence: string,
): ReadonlyMap<Target, Contract | null> {
  const found = new Map<Target, Contract | null>();
  const diagnostics: Diagnostic[] = [];
  for (const target of targets.flatMap(targetsOf)) {
    if (found.has(target)) continue;
    const file = contractFile(target);
    if (file === null) {
      found.set(target, null);
      continue;
    }
    const loaded = loadContract(file, target.hypercalls, operations);
    diagnostics.push(...loaded.diagnostics, ...unreadableHypercalls(target.hypercalls));
    found.set(target, loaded.contract);
  }
  failOnErrors(diagnostics, consequence);
  return found;
}

function contractFile({ name, file }: Target): SourceText | null {
  const shipped = file.name === `grammar/targets/${name}.S` ? shippedContracts.get(name) : undefined;
  if (shipped !== undefined) return new SourceText(`grammar/targets/${name}.contract.tsv`, shipped);
  const path = file.name.replace(/(\.[^./\\]*)?$/, '.contract.tsv');
  const text = readOptional(path);
  return text === undefined ? null : new SourceText(path, text);
}
