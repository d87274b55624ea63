/** The conventions of external code that control goes to: `[[symbol]]`, `[[exit]]`, `[[break]]`. Requires: the graph. */
import { conventionName, type ExitConvention } from '../../config/conventions.ts';
import type { Node } from '../flow/graph.ts';
import type { Solution } from './program-points.ts';

/** Ways out of a routine, as `[[exit]]` calls them. */
const DEPARTURES: Readonly<Record<string, ExitConvention['kind']>> = {
  jump: 'jump',
  indirect: 'jump',
  return: 'return',
};

/** The registers that are read by a convention when control leaves the node for external code; empty without a convention. */
export function readByConvention({ conventions, program }: Solution, { block, exit, bank }: Node): readonly number[] {
  const { kind, target, symbol, handler } = block.terminator;
  if (target >= 0) return [];
  if (kind === 'break') return handler?.reads?.[bank] ?? [];
  const convention = symbol === null ? undefined : conventions.symbols.get(symbol);
  if (kind === 'call' || convention !== undefined)
    return kind === 'call' || kind === 'jump' ? (convention?.reads[bank] ?? []) : [];
  const departure = DEPARTURES[kind];
  const { routine } = program.instructions[block.first]!;
  // Where it goes to code of this file, that code speaks for itself.
  if (departure === undefined || routine < 0 || exit.taken.some((to) => to >= 0)) return [];
  const name = conventionName(conventions, program.routines[routine]!.name);
  const listed = conventions.exits.find(
    (each) => each.routine === name && each.kind === departure && (each.bank ?? bank) === bank,
  );
  return listed?.reads?.[bank] ?? [];
}
