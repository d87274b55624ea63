/** The settings of a check, besides those of every command: levels, vocabularies, accepted findings. */
import type { SuppressionEntry } from '../config/accepted.ts';
import type { Config } from '../config/config.ts';
import { type Baseline, parseBaseline } from '../lint/accept/baseline.ts';
import { asmVocabulary } from '../lint/asm-vocabulary.ts';
import type { SubjectOptions } from '../lint/subject.ts';
import { loadVocabulary, type Vocabulary } from '../lint/vocabulary.ts';
import { SourceText } from '../syntax/source.ts';
import { readText } from './files.ts';
import { failOnErrors } from './messages.ts';
import { readSettings, type SettingArguments, type Settings } from './settings.ts';
import { SHIPPED_VOCABULARIES } from './shipped-conventions.ts';

/** What the command line says; null: it says nothing, and pvasm.toml decides. */
export interface CheckSettingArguments extends SettingArguments {
  readonly baseline: string | null;
  readonly maxWarnings: number | null;
}

export interface CheckSettings extends Pick<Settings, 'config' | 'nameOf' | 'unmetNatives'> {
  readonly suppressions: readonly SuppressionEntry[];
  readonly subject: Omit<SubjectOptions, 'inputs'>;
}

export const NOTHING_CHECKED = 'nothing was checked';

/** Reads pvasm.toml and all that it and the command line name. Throws a Failure, after the messages, when any is wrong. */
export function readCheckSettings(given: CheckSettingArguments): CheckSettings {
  const { config, nameOf, options, own, suppressions, unmetNatives } = readSettings(given, NOTHING_CHECKED);
  return {
    config: {
      ...config,
      baseline: given.baseline ?? config.baseline,
      maxWarnings: given.maxWarnings ?? config.maxWarnings,
    },
    nameOf,
    unmetNatives,
    suppressions: suppressions(),
    subject: {
      ...options,
      ownConventions: own,
      vocabularies: [asmVocabulary(options.operations), ...config.vocabularies.map(readVocabulary)],
      configs: config.configs,
    },
  };
}

/** The baseline that the configuration names; empty when it names none. */
export function readBaseline({ baseline: path }: Config): Baseline {
  if (path === null) return new Map();
  const { baseline, diagnostics } = parseBaseline(new SourceText(path, readText(path)));
  failOnErrors(diagnostics, NOTHING_CHECKED);
  return baseline;
}

function readVocabulary(name: string): Vocabulary {
  const shipped = Object.hasOwn(SHIPPED_VOCABULARIES, name) ? SHIPPED_VOCABULARIES[name] : undefined;
  const file = new SourceText(`${name}${shipped === undefined ? '' : '.tsv'}`, shipped ?? readText(name));
  const { vocabulary, diagnostics } = loadVocabulary(file);
  failOnErrors(diagnostics, NOTHING_CHECKED);
  return vocabulary;
}
