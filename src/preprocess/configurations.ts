/** Configurations: settings of the names that a file's own conditions test. */
import type { SourceText } from '../syntax/source.ts';
import { segmentOf } from './settings.ts';
import { conditionOf } from './structure.ts';
import {
  type Configuration,
  type ConfiguredRun,
  type IsLocal,
  learn,
  nameOf,
  runUnder,
  type Study,
  studyFile,
  targetKey,
} from './study.ts';
import type { Preprocessed, PreprocessOptions } from './types.ts';

/** More combinations than this are not tried; `complete` is false then. */
const RUN_LIMIT = 4096;

/** A set of -D and -U flags as a setting. */
export function readSetting(flags: readonly string[]): Configuration['fixed'] {
  return new Map(
    flags.map((flag) => {
      const [name = '', ...value] = flag.slice(2).split('=');
      return [name, flag.startsWith('-U') ? null : value.length > 0 ? value.join('=') : '1'];
    }),
  );
}

/**
 * Every combination of the names that local conditions test, as far as it changes which local code is active: of
 * combinations that take the same branches only the first is kept, the base run first of all. A combination for which
 * the file has an #error is none.
 */
export function allConfigurations(
  file: SourceText,
  base: PreprocessOptions,
  isLocal?: IsLocal,
): { runs: ConfiguredRun[]; complete: boolean } {
  const study = studyFile(file, base, isLocal);
  const bySignature = new Map<string, ConfiguredRun>();
  let tried = 1;
  // A name is varied only where a condition on it is evaluated: conditions in skipped branches make no combinations.
  const explore = (run: ConfiguredRun): void => {
    learn(study, run.result);
    const { fixed } = run.configuration;
    const name = firstOpenName(study, run.result, fixed);
    if (name === null) {
      const key = signature(study, run.result);
      if (!bySignature.has(key)) bySignature.set(key, run);
      return;
    }
    const [asIs, ...others] = study.values.get(name)!;
    // Held at the value it has anyway, a name changes nothing: the run need not be repeated.
    explore({ configuration: settled(fixed, name, asIs as string | null), result: run.result });
    for (const value of others) {
      if (tried++ >= RUN_LIMIT) return;
      const next = runUnder(study, settled(fixed, name, value));
      if (!isRefused(study, next)) explore(next);
    }
  };
  explore(study.base);
  return { runs: [...bySignature.values()], complete: tried < RUN_LIMIT };
}

/** A configuration with one name more. */
function settled(fixed: ReadonlyMap<string, string | null>, name: string, value: string | null): Configuration {
  const more = new Map(fixed).set(name, value);
  return { name: nameOf(more, new Map()), fixed: more, forced: new Map() };
}

/** Whether a run met an #error of a local file that the base run did not meet. */
function isRefused(study: Study, { result }: ConfiguredRun): boolean {
  const errors = ({ diagnostics }: Preprocessed) =>
    diagnostics.filter(({ message, file }) => message.startsWith('#error') && study.isLocal(file)).length;
  return errors(result) > errors(study.base.result);
}

/** Which local branches a run took, as text to compare. */
function signature(study: Study, result: Preprocessed): string {
  return result.conditionals
    .filter(({ group }) => study.isLocal(group.file))
    .map(targetKey)
    .join();
}

/** The first name that a condition met in a run tests and that has no fixed value yet. */
function firstOpenName(study: Study, result: Preprocessed, fixed: ReadonlyMap<string, string | null>): string | null {
  for (const { group } of result.conditionals) {
    const structure = study.structures.find(({ file }) => file === group.file);
    if (structure === undefined) continue;
    for (const branch of group.branches) {
      if (branch.keyword === 'else') continue;
      const open = conditionOf(structure.file, segmentOf(structure, branch)).names.find(
        (name) => study.values.has(name) && !fixed.has(name),
      );
      if (open !== undefined) return open;
    }
  }
  return null;
}
