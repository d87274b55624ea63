/**
 * Partial configurations: one setting held at one value. The lifted graph alone forgets that a setting decides the same in
 * every place: a path may enter one segment that only CONFIG_SMP has and pass the next one by. So each setting that several
 * choices depend on is also held at each of its values; what is read under none of those that an instruction can be met in
 * is not read. Requires: the alignment.
 */
import type { Decision, PresenceConditions } from '../../preprocess/presence-conditions.ts';
import type { AlignedRuns } from './alignment.ts';

/** A setting held at a value. */
export interface PartialConfiguration {
  /** Whether a decision may come out so. */
  allows(decision: Decision, outcome: boolean): boolean;
}

/** The configuration in which nothing is held. */
export const anyConfiguration: PartialConfiguration = { allows: () => true };

/** Values beyond these are not held: time must not grow with their number times the code. Linux's ivt.S has 16, of eight settings. */
const MOST_HELD = 64;

/** For each setting that is worth holding, those with the most choices first: a configuration for each of its values. */
export function partialConfigurations(
  { positions }: AlignedRuns,
  presence: PresenceConditions,
): PartialConfiguration[][] {
  const choices = positions.filter(({ isChoice }) => isChoice);
  const dependents = new Map<string, number>();
  for (const { decisions } of choices)
    for (const setting of new Set(decisions.flatMap(({ settings }) => settings)))
      dependents.set(setting, (dependents.get(setting) ?? 0) + 1);
  const settings = [...dependents]
    .filter(([setting, count]) => count > 1 && presence.isComplete(setting))
    .sort(([, a], [, b]) => b - a);
  const held: PartialConfiguration[][] = [];
  let left = MOST_HELD;
  for (const [setting] of settings) {
    const values = new Set(presence.values(setting));
    left -= values.size;
    if (left < 0) break;
    held.push([...values].map((value) => holding(setting, value, presence)));
  }
  return held;
}

function holding(setting: string, value: string, presence: PresenceConditions): PartialConfiguration {
  const runs = presence.values(setting).flatMap((given, run) => (given === value ? [run] : []));
  const outcomes = new Map<Decision, ReadonlySet<boolean>>();
  return {
    allows: (decision, outcome) => {
      const known = outcomes.get(decision) ?? possibleOutcomes(decision, setting, runs, presence);
      outcomes.set(decision, known);
      return known.has(outcome);
    },
  };
}

const EITHER: ReadonlySet<boolean> = new Set([true, false]);

/**
 * How a decision may come out while a setting has the value that it has in some runs: as in them, if they have every
 * combination of what else it depends on.
 */
function possibleOutcomes(
  { settings, taken }: Decision,
  held: string,
  runs: readonly number[],
  presence: PresenceConditions,
): ReadonlySet<boolean> {
  if (!settings.includes(held) || !settings.every((setting) => presence.isComplete(setting))) return EITHER;
  const others = settings.filter((setting) => setting !== held).map((setting) => presence.values(setting));
  const combinations = others.reduce((count, values) => count * new Set(values).size, 1);
  const seen = runs.filter((run) => taken[run] !== undefined);
  if (new Set(seen.map((run) => others.map((values) => values[run]).join('\n'))).size < combinations) return EITHER;
  return new Set(seen.map((run) => taken[run] === true));
}
