import type { Conventions } from '../../config/conventions.ts';
import type { RuleContext } from '../context.ts';
import type { DraftFinding, SourceRange } from '../finding.ts';
import type { Rule } from '../rule.ts';

/** Only the project's own files count: a shipped one speaks of a whole kernel, of which a call sees a part. */
export const PV017: Rule = {
  id: 'PV017',
  name: 'unused-convention',
  severity: 'warning',
  summary: 'A convention speaks of a routine, a macro or a table that the code does not have.',
  check: null,
};

/** The reports for entries of the project's own convention files that no file of the call has a use for. */
export function unusedConventions(own: OwnConventions, mentioned: ReadonlySet<string>): readonly DraftFinding[] {
  return ownEntries(own).flatMap(({ what, name, aliases, place }) =>
    [name, ...aliases].some((each) => mentioned.has(each))
      ? []
      : [{ ...place, message: `no file that was checked has the ${what} ${name}` }],
  );
}

/** The names in the project's own convention files that this code has. */
export function mentionedNames(context: RuleContext): readonly string[] {
  const own = ownEntries(context);
  const words = own.length === 0 ? new Set() : spelledWords(context);
  return [...new Set(own.flatMap(({ name, aliases }) => [name, ...aliases]))].filter((name) => words.has(name));
}

export type OwnConventions = Pick<RuleContext, 'conventions' | 'ownConventions'>;

function ownEntries({ conventions, ownConventions }: OwnConventions): readonly Entry[] {
  return ownConventions.size === 0 ? [] : entries(conventions).filter(({ place }) => ownConventions.has(place.file));
}

interface Entry {
  readonly what: string;
  readonly name: string;
  readonly aliases: readonly string[];
  readonly place: SourceRange;
}

function entries({ symbols, exits, macros, breaks, relocated }: Conventions): readonly Entry[] {
  const plain = (what: string, name: string, place: SourceRange): Entry => ({ what, name, aliases: [], place });
  const routine = (name: string, place: SourceRange): Entry => {
    const aliases = symbols.get(name)?.aliases ?? [];
    return { what: 'routine', name, aliases, place };
  };
  return [
    ...[...new Set(symbols.values())].map(({ name, aliases, place }) => ({ what: 'symbol', name, aliases, place })),
    ...exits.map((exit) => routine(exit.routine, exit.place)),
    ...relocated.flatMap(({ from, to, place }) => [from, to].map((name) => plain('label', name, place))),
    ...macros.map(({ name, place }) => plain('macro', name, place)),
    ...breaks.flatMap((each) => (each.routine === null ? [] : [routine(each.routine, each.place)])),
  ];
}

/** Every word of the code, as it is after preprocessing, with the names of the macros that made it. */
function spelledWords({ project }: RuleContext): ReadonlySet<string> {
  const words = new Set<string>();
  for (const { analysis, preprocessed } of project.units) {
    for (const { text } of analysis.program.tokens) words.add(text);
    for (const name of preprocessed.macros.keys()) words.add(name);
  }
  return words;
}
