/**
 * Every configuration: which combinations of the conditions that the files test give different code. One run with
 * nothing decided shows which names matter; each of them splits the runs in two (or more), and a name that a run never
 * asks for, because its `#if` stands in a branch not taken, splits nothing.
 */
import type { TestedName } from './conditions.ts';

/** Names pinned for a run: a value, or null for "not defined". A name that is not here is as the headers leave it. */
export type Setting = ReadonlyMap<string, string | null>;

/** What one run of the preprocessor tells. */
export interface Run<Result> {
  /** The tested names that the run asked for, in any order. */
  readonly asked: ReadonlySet<string>;
  /** Equal for runs that give the same code. */
  readonly signature: string;
  readonly result: Result;
}

export interface Configuration<Result> {
  /** `CONFIG_SMP=1 !CONFIG_X`; empty where nothing is tested. */
  readonly name: string;
  readonly setting: Setting;
  readonly result: Result;
}

export interface Enumeration<Result> {
  readonly configurations: readonly Configuration<Result>[];
  /** Combinations that gave the code of one before. */
  readonly merged: number;
  /** True when `limit` was reached and some combinations were not run. */
  readonly limited: boolean;
}

/**
 * Runs every combination of the tested names that matters and keeps those with different code.
 *
 * @param run preprocesses with a setting
 * @param limit the most runs to make, against a file with so many independent conditions that nobody could wait
 */
export function enumerateConfigurations<Result>(
  names: readonly TestedName[],
  run: (setting: Setting) => Run<Result>,
  limit: number,
): Enumeration<Result> {
  const configurations = new Map<string, Configuration<Result>>();
  let runs = 0;
  let merged = 0;
  let limited = false;
  const visit = (setting: Setting): void => {
    if (runs === limit) {
      limited = true;
      return;
    }
    runs++;
    const { asked, signature, result } = run(setting);
    const open = names.find(({ name }) => asked.has(name) && !setting.has(name));
    if (open !== undefined) {
      for (const value of open.values) visit(new Map([...setting, [open.name, value]]));
    } else if (configurations.has(signature)) merged++;
    else configurations.set(signature, { name: settingName(setting), setting, result });
  };
  visit(new Map());
  return { configurations: [...configurations.values()], merged, limited };
}

/** A setting in the notation of messages: `CONFIG_SMP !CONFIG_PREEMPTION CONFIG_PGTABLE_LEVELS=4`. */
export function settingName(setting: Setting): string {
  return [...setting]
    .map(([name, value]) => (value === null ? `!${name}` : value === '1' ? name : `${name}=${value}`))
    .join(' ');
}

/**
 * The condition under which a finding holds, in words, from the configurations in which it was found and all that were
 * checked; null when it was found in all of them. It names what the finding's configurations have in common and the
 * others do not; where that does not separate them, it lists the configurations themselves.
 */
export function conditionInWords(found: readonly Setting[], all: readonly Setting[]): string | null {
  if (found.length === all.length) return null;
  const common = [...(found[0] ?? [])].filter(([name, value]) => found.every((setting) => setting.get(name) === value));
  const telling = common.filter(([name, value]) => all.some((setting) => setting.get(name) !== value));
  const holds = (setting: Setting): boolean => telling.every(([name, value]) => setting.get(name) === value);
  if (all.filter(holds).length === found.length) return telling.map(settingWords).join(' and ');
  return found.map((setting) => [...setting].map(settingWords).join(' and ')).join('; or ');
}

function settingWords([name, value]: readonly [string, string | null]): string {
  const verb = name.startsWith('CONFIG_') ? 'set' : 'defined';
  if (value === null) return `${name} is not ${verb}`;
  return value === '1' ? `${name} is ${verb}` : `${name} is ${value}`;
}
