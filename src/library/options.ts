/** Converts the options of a library call to those of the pipeline. */

import { basename, posix } from 'node:path';
import { shippedHypercalls, shippedTargetNames, shippedTargets } from '../cli/shipped.ts';
import { linuxConventions } from '../config/conventions.data.ts';
import { loadConventions, matches } from '../config/conventions.ts';
import { suggestion } from '../config/suggestion.ts';
import { loadHypercalls, NO_HYPERCALLS } from '../expand/hypercalls.ts';
import type { TargetChoice } from '../expand/plan.ts';
import { DEFAULT_TARGETS } from '../expand/shipped-targets.ts';
import { loadTarget } from '../expand/target.ts';
import type { PipelineOptions } from '../pipeline.ts';
import type { Command } from '../preprocess/types.ts';
import { operations as shippedOperations } from '../project/operations.data.ts';
import { indexOperations, type Operations } from '../project/operations.ts';
import { SourceText } from '../syntax/source.ts';
import { failOn } from './places.ts';
import type { Options, Source } from './types.ts';

/** @throws Error for an unknown target, and for malformed macros and conventions */
export function pipelineOptions(sources: readonly Source[], options: Options): PipelineOptions {
  const operations = indexOperations(shippedOperations);
  const { define = [], undefine = [], read = () => undefined } = options;
  const wrong = [...define, ...undefine].find((text) => !/^[A-Za-z_]\w*(?:[(=].*)?$/s.test(text));
  if (wrong !== undefined) throw new Error(`'${wrong}' is no macro: NAME or NAME=VALUE`);
  const { conventions, diagnostics } = loadConventions((options.conventions ?? []).map(sourceText), linuxConventions);
  failOn(diagnostics);
  const texts = new Map(sources.map(({ name, text }) => [posix.normalize(name), text]));
  return {
    inputs: sources.map(sourceText),
    includeDirs: options.include ?? [],
    commands: [
      ...define.map((text): Command => ({ kind: 'define', text })),
      ...undefine.map((name): Command => ({ kind: 'undef', name })),
    ],
    strict: options.strict ?? true,
    everyConfiguration: false,
    configurations: new Map(),
    host: { read: (path) => texts.get(posix.normalize(path)) ?? read(path) },
    operations,
    conventions,
    targets: targetsOf(options.targets ?? DEFAULT_TARGETS, operations),
    addressing: ({ name }) => (matches(conventions.linkedAddresses, basename(name)) ? 'absolute' : 'relative'),
  };
}

export function sourceText({ name, text }: Source): SourceText {
  return new SourceText(name, text);
}

function targetsOf(labels: readonly string[], operations: Operations): TargetChoice[] {
  return [...new Set(labels)].map((label) => {
    const [, name, letter] = /^(.*?)(?::([ab]))?$/s.exec(label)!;
    const text = Object.hasOwn(shippedTargets, name!) ? shippedTargets[name!] : undefined;
    if (text === undefined) throw new Error(`unknown target '${label}'${suggestion(name!, shippedTargetNames())}`);
    const calls = shippedHypercalls.get(name!);
    const { hypercalls } =
      calls === undefined ? { hypercalls: NO_HYPERCALLS } : loadHypercalls(new SourceText(`${name}.tsv`, calls));
    const { target } = loadTarget(new SourceText(`${name}.S`, text), operations.all, hypercalls);
    return { label, target, alternative: letter === undefined ? null : (letter.toUpperCase() as 'A' | 'B') };
  });
}
