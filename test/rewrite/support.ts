/** The pipeline on small sources in memory, with the tables that ship. */
import linuxConventions from '../../grammar/conventions/linux-ia64.toml';
import softwareConventions from '../../grammar/conventions/software.toml';
import nativeTarget from '../../grammar/targets/native.S';
import xenTarget from '../../grammar/targets/xen.S';
import xenHypercalls from '../../grammar/targets/xen.tsv';
import { loadConventions } from '../../src/config/conventions.ts';
import type { Addressing } from '../../src/expand/call-templates.ts';
import { loadHypercalls } from '../../src/expand/hypercalls.ts';
import type { TargetChoice } from '../../src/expand/plan.ts';
import { loadTarget } from '../../src/expand/target.ts';
import { type Built, build, type PipelineOptions, type Rewritten, rewrite } from '../../src/pipeline.ts';
import type { Command } from '../../src/preprocess/types.ts';
import { operations as shippedOperations } from '../../src/project/operations.data.ts';
import { indexOperations } from '../../src/project/operations.ts';
import { SourceText } from '../../src/syntax/source.ts';

export const operations = indexOperations(shippedOperations);

const load = (name: string, text: string, table = '') =>
  loadTarget(
    new SourceText(`${name}.S`, text),
    operations.all,
    loadHypercalls(new SourceText(`${name}.tsv`, table)).hypercalls,
  ).target;
const native = load('native', nativeTarget);
const xen = load('xen', xenTarget, xenHypercalls);

export const choices: Readonly<Record<string, TargetChoice>> = {
  native: { label: 'native', target: native, alternative: null },
  'xen:a': { label: 'xen:a', target: xen, alternative: 'A' },
  'xen:b': { label: 'xen:b', target: xen, alternative: 'B' },
  xen: { label: 'xen', target: xen, alternative: null },
};

function withConventions(own: string) {
  return loadConventions([
    new SourceText('software.toml', softwareConventions),
    new SourceText('linux-ia64.toml', linuxConventions),
    new SourceText('own.toml', own),
  ]).conventions;
}

const conventions = withConventions('');

export interface Given {
  /** File names and texts; the first is the one looked at. Names ending in .h are headers. */
  readonly files: Readonly<Record<string, string>>;
  readonly targets?: readonly string[];
  /** Other targets than those that ship; in place of `targets`. */
  readonly choices?: readonly TargetChoice[];
  readonly commands?: readonly Command[];
  readonly everyConfiguration?: boolean;
  /** How code is addressed; left out: by the addresses that it was linked to. */
  readonly addressing?: Addressing;
  /** More conventions. */
  readonly own?: string;
  /** Files that are only found by #include. */
  readonly headers?: Readonly<Record<string, string>>;
}

function options({
  files,
  targets = ['native', 'xen:b'],
  choices: ownChoices,
  commands = [],
  headers = {},
  everyConfiguration = false,
  addressing = 'absolute',
  own: said = '',
}: Given): PipelineOptions {
  return {
    inputs: Object.entries(files).map(([name, text]) => new SourceText(name, text)),
    includeDirs: [],
    commands,
    strict: false,
    everyConfiguration,
    host: { read: (path) => headers[path] },
    operations,
    conventions: said === '' ? conventions : withConventions(said),
    targets: ownChoices ?? targets.map((name) => choices[name]!),
    addressing: () => addressing,
  };
}

export function rewritten(given: Given | string): Rewritten {
  return rewrite(options(typeof given === 'string' ? { files: { 'a.S': given } } : given));
}

/** The macro-ised text of the first file. */
export function macroised(given: Given | string): string {
  return rewritten(given).files[0]!.text;
}

export function built(given: Given): Built {
  return build(options(given));
}

/** The listing of the first file for one target, without its line markers. */
export function listing(given: Given | string, target: string): string {
  const { listings } = built({
    ...(typeof given === 'string' ? { files: { 'a.S': given } } : given),
    targets: [target],
  });
  return listings[0]!.text.replace(/^#(?:line)? \d+ ".*"\n/gm, '');
}
