/** Makes a failing program small: leaves out one item after the other as long as the failure stays. */
import { childrenOf, type Item, type Program } from './program.ts';

/** @param fails whether a program still fails; called at most `most` times */
export function shrink(program: Program, fails: (program: Program) => boolean, most = 600): Program {
  let smallest = program;
  let tries = 0;
  for (let progress = true; progress; ) {
    progress = false;
    for (let at = 0; at < countOf(smallest.items); at++) {
      const candidate = { ...smallest, items: without(smallest.items, at) };
      if (++tries > most) return smallest;
      if (!fails(candidate)) continue;
      smallest = candidate;
      progress = true;
      at--;
    }
  }
  return withoutTables({ ...smallest, items: tidy(smallest.items) }, fails);
}

/** One stop behind the other is one. */
const tidy = (items: readonly Item[]): readonly Item[] =>
  items.filter(({ kind }, at) => kind !== 'stop' || (at > 0 && items[at - 1]!.kind !== 'stop'));

function withoutTables(program: Program, fails: (program: Program) => boolean): Program {
  const tables = program.tables.filter(({ name }) => JSON.stringify(program.items, plain).includes(`:${name}"`));
  const smaller = { ...program, tables };
  return fails(smaller) ? smaller : program;
}

const plain = (_: string, value: unknown): unknown => (typeof value === 'bigint' ? `${value}` : value);

/** Stops stay: without one, two instructions could meet in a group that may not. */
function countOf(items: readonly Item[]): number {
  return items.reduce((sum, item) => sum + (item.kind === 'stop' ? 0 : 1) + countOf(childrenOf(item)), 0);
}

/** Without the item of that number, counted with those inside of others. */
function without(items: readonly Item[], number: number): Item[] {
  let at = 0;
  const keep = (list: readonly Item[]): Item[] =>
    list.flatMap((item): Item[] => {
      if (item.kind === 'stop') return [item];
      if (at++ === number) return [];
      if (item.kind === 'if') return [{ ...item, yes: keep(item.yes), no: keep(item.no) }];
      if (item.kind === 'rept' || item.kind === 'irp' || item.kind === 'elsewhere')
        return [{ ...item, body: keep(item.body) }];
      return [item];
    });
  return keep(items);
}
