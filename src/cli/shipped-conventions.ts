/** The convention files and vocabularies that ship with the tool, by the names that options and pvasm.toml call them. */
import freebsdConventions from '../../grammar/conventions/freebsd-ia64.toml';
import linuxConventions from '../../grammar/conventions/linux-ia64.toml';
import linuxHandMacros from '../../grammar/vocabularies/linux-hand-macros.tsv';

export const LINUX = 'linux-ia64';

export const SHIPPED_CONVENTIONS: Readonly<Record<string, string>> = {
  [LINUX]: linuxConventions,
  'freebsd-ia64': freebsdConventions,
};

export const SHIPPED_VOCABULARIES: Readonly<Record<string, string>> = { 'linux-hand-macros': linuxHandMacros };

/** `--conventions none`: not those that hold by default, either. */
const NONE = 'none';

/** What holds: the names of the command line behind those that are given already, or alone behind `none`. */
export function withConventions(given: readonly string[], more: readonly string[]): readonly string[] {
  const named = more.filter((name) => name !== NONE);
  return more.includes(NONE) ? named : [...given, ...named.filter((name) => !given.includes(name))];
}
