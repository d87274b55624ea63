/** Configurations in words: under which of those that were checked a finding holds. */
import type { ConfiguredRun } from '../preprocess/study.ts';

/** What a configuration sets: by name its value, or null for "not defined". */
export type Setting = ReadonlyMap<string, string | null>;

/** The settings of runs, each with every name that any of them sets: what a run leaves alone is as its headers have it. */
export function settingsOf(runs: readonly ConfiguredRun[]): readonly Setting[] {
  const names = [...new Set(runs.flatMap(({ configuration }) => [...configuration.fixed.keys()]))].sort();
  return runs.map(
    ({ configuration, result }) =>
      new Map(
        names.map((name) => {
          const fixed = configuration.fixed.get(name);
          if (fixed !== undefined) return [name, fixed];
          const definition = result.macros.get(name);
          const text = definition?.file.text.slice(definition.bodyStart, definition.bodyEnd).trim();
          return [name, text ?? null];
        }),
      ),
  );
}

/**
 * The condition under which a finding holds, in words, from the configurations in which it was found and all that were
 * checked; null when it was found in all of them. It names what the finding's configurations have in common and the
 * others do not; where that does not separate them, it lists the configurations themselves.
 */
export function conditionInWords(found: readonly Setting[], all: readonly Setting[]): string | null {
  if (found.length === all.length) return null;
  const common = [...(found[0] ?? [])].filter(([name, value]) => found.every((setting) => setting.get(name) === value));
  const separates = (parts: typeof common): boolean => {
    const holds = (setting: Setting): boolean => parts.every(([name, value]) => setting.get(name) === value);
    return all.filter(holds).length === found.length;
  };
  if (separates(common)) {
    let needed = common;
    // What follows from the rest (a name tested only where another is set) need not be said.
    for (const part of common.toReversed()) {
      const fewer = needed.filter((each) => each !== part);
      if (separates(fewer)) needed = fewer;
    }
    return shortened(needed);
  }
  return examples(found, all);
}

function shortened(parts: readonly (readonly [string, string | null])[]): string {
  return asManyAsFit(parts.map(settingWords), ' and ', MOST_LETTERS);
}

/** Most characters of a condition in a message: one line. */
const MOST_LETTERS = 100;

/** Joins alternative conditions. */
export const OR = '; or ';

/** A condition in one short line: what is left out is counted. */
export function shortCondition(condition: string): string {
  if (condition.length <= MOST_LETTERS) return condition;
  const [first, ...others] = condition.split(OR);
  const rest = others.length === 0 ? '' : `${OR}in ${others.length} other cases`;
  const room = MOST_LETTERS - rest.length;
  const shown = asManyAsFit(first!.split(' and '), ' and ', room);
  return `${shown.length <= room ? shown : `${shown.slice(0, room - 3).trimEnd()}...`}${rest}`;
}

/** The first parts, at least one, that fit with the number of the others behind them. */
function asManyAsFit(parts: readonly string[], between: string, room: number): string {
  // Each part takes a letter at least, so no more than this many can fit: a condition may have thousands.
  for (let count = Math.min(parts.length, Math.max(room, 1)); ; count--) {
    const shown = parts.slice(0, count).join(between);
    const text = count === parts.length ? shown : `${shown}${between}${parts.length - count} more`;
    if (text.length <= room || count === 1) return text;
  }
}

/** Where nothing in common separates them: the first of them by what differs between configurations, and how many there are. */
function examples(found: readonly Setting[], all: readonly Setting[]): string {
  const differs = (name: string, value: string | null): boolean => all.some((setting) => setting.get(name) !== value);
  const shown = found
    .slice(0, 2)
    .map((setting) => shortened([...setting].filter(([name, value]) => differs(name, value))));
  const rest = found.length - shown.length;
  return rest === 0
    ? shown.join(OR)
    : `${shown[0]}${OR}in ${found.length - 1} of ${all.length - 1} other configurations`;
}

function settingWords([name, value]: readonly [string, string | null]): string {
  // A kernel's configuration options are "set"; of other macros C says "defined".
  const verb = name.startsWith('CONFIG_') ? 'set' : 'defined';
  if (value === null) return `${name} is not ${verb}`;
  return value === '1' ? `${name} is ${verb}` : `${name} is ${value}`;
}
