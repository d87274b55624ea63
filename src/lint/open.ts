/** Opens the files of a check: every source under every configuration asked for, with every vocabulary's macros. */
import type { Conventions } from '../analysis/index.ts';
import {
  allConfigurations,
  type Command,
  type ConfiguredRun,
  configured,
  createCache,
  type Host,
  type PreprocessCache,
  type PreprocessOptions,
  preprocess,
} from '../preprocess/index.ts';
import { analyseTokens, makeUnit } from '../rewrite/open.ts';
import { fileKey, Project } from '../rewrite/project.ts';
import type { Unit } from '../rewrite/units.ts';
import type { Diagnostic } from '../syntax/diagnostic.ts';
import { SourceText } from '../syntax/source.ts';
import type { Config } from './config.ts';
import { readSetting, type Setting, settingsOf } from './configurations.ts';
import type { Vocabulary } from './vocabulary.ts';

export interface CheckOptions {
  /** Sources, and headers that sources of the call include. */
  readonly inputs: readonly SourceText[];
  readonly includeDirs: readonly string[];
  readonly commands: readonly Command[];
  /** A missing header is an error. */
  readonly strict: boolean;
  readonly host: Host;
  /** What earlier checks of the same headers have read; left out: nothing. It must know the inputs. */
  readonly cache?: PreprocessCache;
  readonly conventions: Conventions;
  readonly vocabularies: readonly Vocabulary[];
  readonly configs: Config['configs'];
}

export interface OpenedCheck {
  readonly project: Project;
  readonly settings: ReadonlyMap<Unit, Setting>;
  /** Of the first configuration of each source. */
  readonly diagnostics: readonly Diagnostic[];
  /** False when a source has more combinations than were tried. */
  readonly complete: boolean;
}

export function openCheck(options: CheckOptions): OpenedCheck {
  const base = preprocessOptions(options);
  const units: Unit[] = [];
  const settings = new Map<Unit, Setting>();
  const diagnostics: Diagnostic[] = [];
  let complete = true;
  const headers = includedInputs(options, base);
  for (const source of options.inputs) {
    if (headers.has(fileKey(source))) continue;
    const runs = runsOf(source, base, options.configs);
    complete &&= runs.complete;
    const all = settingsOf(runs.runs);
    for (const [index, { configuration, result }] of runs.runs.entries()) {
      const name = configuration.name === '' ? 'as given' : configuration.name;
      const { analysis, errors } = analyseTokens(result, options.conventions);
      const unit = makeUnit(units.length, source, name, result, analysis);
      if (index === 0) diagnostics.push(...result.diagnostics, ...errors);
      units.push(unit);
      settings.set(unit, all[index]!);
    }
  }
  return { project: new Project(options.inputs, units), settings, diagnostics, complete };
}

function preprocessOptions({
  includeDirs,
  commands,
  strict,
  host,
  inputs,
  vocabularies,
  cache = createCache(inputs),
}: CheckOptions): PreprocessOptions {
  const [first] = vocabularies;
  const defines = vocabularies.map((vocabulary) => vocabulary.defines.text).join('');
  // Tokens of pvasm's own macros are known by the name of the text that defines them.
  const macros = new SourceText(first?.defines.name ?? '<macros>', defines);
  return { includeDirs, commands, strict, host, macros, cache };
}

/** Headers of the call are checked where they are included; alone they have no context. */
function includedInputs({ inputs }: CheckOptions, base: PreprocessOptions): ReadonlySet<string> {
  if (inputs.length === 1) return new Set();
  const included = new Set<string>();
  for (const input of inputs) {
    for (const { resolved } of preprocess(input, base).includes)
      if (resolved !== undefined && fileKey(resolved) !== fileKey(input)) included.add(fileKey(resolved));
  }
  return included;
}

function runsOf(
  source: SourceText,
  base: PreprocessOptions,
  configs: Config['configs'],
): { readonly runs: readonly ConfiguredRun[]; readonly complete: boolean } {
  if (configs === 'all') return allConfigurations(source, base);
  const named = [...configs].map(([name, flags]) => ({ name, fixed: readSetting(flags), forced: new Map() }));
  const configurations = named.length > 0 ? named : [{ name: '', fixed: new Map(), forced: new Map() }];
  const runs = configurations.map((configuration) => ({
    configuration,
    result: preprocess(source, configured(base, configuration)),
  }));
  return { runs, complete: true };
}
