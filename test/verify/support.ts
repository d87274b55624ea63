/** Target xen with its tables, as the tool loads them. */
import { readFileSync } from 'node:fs';
import { chooseTargets } from '../../src/cli/options.ts';
import { shippedContracts } from '../../src/cli/shipped.ts';
import { linuxConventions } from '../../src/config/conventions.data.ts';
import { loadConventions } from '../../src/config/conventions.ts';
import type { Target } from '../../src/expand/target.ts';
import { operations as shippedOperations } from '../../src/project/operations.data.ts';
import { indexOperations, type Operation } from '../../src/project/operations.ts';
import { formatDiagnostic } from '../../src/syntax/diagnostic.ts';
import { SourceText } from '../../src/syntax/source.ts';
import { type Contract, loadContract } from '../../src/verify/contract.ts';
import type { Effort } from '../../src/verify/handlers.ts';
import { openForVerification, type VerifiedFile } from '../../src/verify/project.ts';

export const operations = indexOperations(shippedOperations);

export const xen: Target = chooseTargets(['xen'], operations)[0]!.target;

export const served: readonly Operation[] = operations.all.filter(({ name }) => xen.macros.has(name));

/** The contract of xen, or that of a changed table; throws where it has an error. */
export function contractOf(text = shippedContracts.get('xen')!): Contract {
  const { contract, diagnostics } = loadContract(new SourceText('xen.contract.tsv', text), xen.hypercalls, operations);
  if (diagnostics.length > 0) throw new Error(diagnostics.map(formatDiagnostic).join('\n'));
  return contract;
}

const { conventions } = loadConventions([], linuxConventions);

/** Files of the call by name, in memory; headers are read from them too. */
export interface Given {
  readonly files: Readonly<Record<string, string>>;
  /** The ones that are built; others are headers. */
  readonly sources: readonly string[];
  readonly targets: readonly string[];
  readonly flags?: readonly string[];
  /** Conventions besides Linux's. */
  readonly own?: string;
}

function conventionsWith(own: string) {
  return loadConventions([new SourceText('own.toml', own)], linuxConventions).conventions;
}

/** A source with its listings, ready to be executed. */
export function openedFile({ files, sources, targets, flags = [], own }: Given): VerifiedFile {
  const texts = new Map(Object.entries(files));
  const { files: found, diagnostics } = openForVerification(
    {
      inputs: sources.map((name) => new SourceText(name, texts.get(name)!)),
      includeDirs: [],
      commands: flags.map((text) => ({ kind: 'define', text })),
      strict: false,
      host: { read: (path) => texts.get(path) },
      operations,
      conventions: own === undefined ? conventions : conventionsWith(own),
      targets: chooseTargets(targets, operations),
      addressing: () => 'absolute',
    },
    (target) => (target.name === xen.name ? contractOf() : null),
    ({ name }) => name,
  );
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  if (errors.length > 0) throw new Error(errors.map(formatDiagnostic).join('\n'));
  return found[0]!;
}

/** A file of samples/ with its listings. */
export function sample(
  name: string,
  targets: readonly string[],
  flags: readonly string[] = ['CONFIG_SMP'],
): VerifiedFile {
  const read = (file: string): string => readFileSync(new URL(`../../samples/${file}`, import.meta.url), 'latin1');
  return openedFile({
    files: { [name]: read(name), 'minstate.h': read('minstate.h') },
    sources: [name],
    targets,
    flags,
  });
}

export const EFFORT: Effort = { states: 20, seed: 1, steps: 20000, exits: 4, entry: null, failures: 1 };
