import type { Place as LinePlace } from '../../analysis/conventions.ts';
import type { RuleContext } from '../context.ts';
import type { Report } from '../finding.ts';
import type { Rule } from '../rule.ts';

/** Only the project's own files count: a shipped one speaks of a whole kernel, of which a call sees a part. */
export const PV017: Rule = {
  id: 'PV017',
  name: 'unused-convention',
  severity: 'warning',
  summary: 'A convention speaks of a routine, a macro or a table that the code does not have.',
  *check(context) {
    const own = entries(context).filter(({ place }) => context.ownConventions.has(place.file));
    const words = own.length === 0 ? new Set() : spelledWords(context);
    for (const { what, name, place } of own) {
      if (words.has(name)) continue;
      const start = place.file.lineStarts[place.line - 1] ?? 0;
      const end = start + place.file.line(place.line).length;
      yield {
        file: place.file,
        start,
        end,
        message: `no file that was checked has the ${what} ${name}`,
      } satisfies Report;
    }
  },
};

interface Entry {
  readonly what: string;
  readonly name: string;
  readonly place: LinePlace;
}

function entries({ conventions }: RuleContext): readonly Entry[] {
  const { symbols, exits, macros, breaks } = conventions;
  return [
    ...[...symbols.values()].map(({ name, place }) => ({ what: 'symbol', name, place })),
    ...exits.map(({ routine, place }) => ({ what: 'routine', name: routine, place })),
    ...macros.map(({ name, place }) => ({ what: 'macro', name, place })),
    ...breaks.flatMap(({ routine, place }) => (routine === null ? [] : [{ what: 'routine', name: routine, place }])),
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
