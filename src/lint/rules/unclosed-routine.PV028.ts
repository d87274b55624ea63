import type { Program } from '../../analysis/program/program.ts';
import type { Unit } from '../../project/units.ts';
import type { Fix, SourceRange } from '../finding.ts';
import { type FoundReport, reportsByPlace } from '../reports.ts';
import type { Rule } from '../rule.ts';

/** The unwinder, the symbol table and pvasm's own conventions take a routine for what stands between the two. */
export const PV028: Rule = {
  id: 'PV028',
  name: 'unclosed-routine',
  severity: 'warning',
  summary: 'A `.proc` has no `.endp`, or the `.endp` names another routine.',
  check: (context) => reportsByPlace(context, unclosed),
};

interface Open {
  readonly names: readonly string[];
  readonly place: SourceRange;
}

function* unclosed({ analysis: { program } }: Unit): Iterable<FoundReport> {
  let open: Open | null = null;
  for (const statement of program.statements) {
    if (statement.kind !== 'directive' || (statement.name !== '.proc' && statement.name !== '.endp')) continue;
    const names = statement.args.map((argument) => textOf(program, argument));
    const place = placeOf(program, statement.args[0] ?? statement);
    if (statement.name === '.proc') {
      if (open !== null) yield missing(open);
      open = { names, place };
      continue;
    }
    const wrong = open === null ? names : names.filter((name) => !open!.names.includes(name));
    const fix = names.length === 1 ? renamed(program, place, names[0]!, open) : {};
    for (const name of wrong)
      yield { report: { ...place, message: `.endp names ${name}: ${openWords(open)}`, ...fix }, key: name };
    open = null;
  }
  if (open !== null) yield missing(open);
}

/** Certain where one routine is open, nothing else has the wrong name, and it is spelled here and not by a macro. */
function renamed({ symbols }: Program, place: SourceRange, name: string, open: Open | null): { readonly fix?: Fix } {
  if (open?.names.length !== 1 || symbols.named.has(name)) return {};
  if (place.file.text.slice(place.start, place.end).replace(/#$/, '') !== name) return {};
  const [text] = open.names;
  return { fix: { title: `write .endp ${text}`, edits: [{ ...place, text: text! }] } };
}

function openWords(open: Open | null): string {
  return open === null ? 'no .proc is open' : `the open .proc is that of ${open.names.join(', ')}`;
}

function missing({ names, place }: Open): FoundReport {
  return { report: { ...place, message: `the .proc of ${names.join(', ')} has no .endp` }, key: 'open' };
}

function placeOf({ tokens }: Program, { first, last }: { readonly first: number; readonly last: number }): SourceRange {
  const head = tokens[first]!;
  const tail = tokens[last]!;
  return { file: head.file, start: head.start, end: tail.file === head.file ? Math.max(tail.end, head.end) : head.end };
}

function textOf({ tokens }: Program, { first, last }: { readonly first: number; readonly last: number }): string {
  return tokens
    .slice(first, last + 1)
    .map(({ text }) => text)
    .join('')
    .replace(/#$/, '');
}
