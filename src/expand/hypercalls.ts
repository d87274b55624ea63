/**
 * Hypercalls: the effects on registers of instructions that call the hypervisor. They are defined by the hypervisor's interface, and
 * are in a table beside the target file (grammar/targets/xen.tsv, for one; its head explains the columns).
 */

import type { Effects } from '../machine/effects.ts';
import { GR, resourceNamed } from '../machine/resources.ts';
import { cellWords } from '../machine/tsv.ts';
import type { Diagnostic } from '../syntax/diagnostic.ts';
import { numberValue } from '../syntax/number.ts';
import type { SourceRange, SourceText } from '../syntax/source.ts';
import type { Instruction } from '../syntax/tree.ts';

export interface Hypercall {
  readonly name: string;
  /** Resource numbers. */
  readonly reads: readonly number[];
  readonly returns: readonly number[];
  readonly destroys: readonly number[];
  /** The only slot of a bundle that it works from; null: any. */
  readonly slot: number | null;
  /** Names of psr bits (`psr.dt`), and the value that each must have for a correct result. */
  readonly state: ReadonlyMap<string, 0 | 1>;
  /** What it does, in the notation of grammar/semantics.tsv; empty: the table does not say. */
  readonly does: string;
  /** The line of the table. */
  readonly place: SourceRange;
}

/** By instruction and number: `break 8`. */
export type Hypercalls = ReadonlyMap<string, Hypercall>;

export const NO_HYPERCALLS: Hypercalls = new Map();

const FIRST_COLUMNS = ['hypercall', 'name', 'reads', 'returns', 'destroys', 'demands'];
/** `does` may be left out: then `pvasm verify` cannot execute the hypercalls. */
const COLUMNS = [...FIRST_COLUMNS, 'source'];
const ALL_COLUMNS = [...FIRST_COLUMNS, 'does', 'source'];

/** Reads a table of hypercalls. What is wrong in it is an error with its place. */
export function loadHypercalls(file: SourceText): {
  hypercalls: Hypercalls;
  diagnostics: readonly Diagnostic[];
} {
  const hypercalls = new Map<string, Hypercall>();
  const diagnostics: Diagnostic[] = [];
  let start = 0;
  let heading = true;
  let columns = COLUMNS;
  for (const text of file.text.split('\n')) {
    const line = text.replace(/\r$/, '');
    if (line !== '' && !line.startsWith('#')) {
      const reader = new LineReader(file, start, line, diagnostics);
      if (heading) columns = reader.readHeading();
      else reader.readInto(hypercalls, columns);
      heading = false;
    }
    start += text.length + 1;
  }
  return { hypercalls, diagnostics };
}

/** One line of the table, with the places of its cells. */
class LineReader {
  private readonly cells: readonly string[];
  private readonly file: SourceText;
  private readonly start: number;
  private readonly diagnostics: Diagnostic[];

  constructor(file: SourceText, start: number, line: string, diagnostics: Diagnostic[]) {
    this.file = file;
    this.start = start;
    this.diagnostics = diagnostics;
    this.cells = line.split('\t');
  }

  /** The columns that the table has. */
  readHeading(): string[] {
    const heading = this.cells.join('\t');
    if (heading === ALL_COLUMNS.join('\t')) return ALL_COLUMNS;
    if (heading !== COLUMNS.join('\t'))
      this.fail(
        0,
        `the first line must name the columns, parted by tabs: ${COLUMNS.join(', ')}; 'does' may stand before 'source'`,
      );
    return COLUMNS;
  }

  readInto(hypercalls: Map<string, Hypercall>, columns: readonly string[]): void {
    if (this.cells.length !== columns.length) {
      this.fail(0, `a line has ${columns.length} cells, parted by tabs, not ${this.cells.length}; '-' is an empty one`);
      return;
    }
    const key = this.key();
    if (key === null) return;
    if (hypercalls.has(key)) this.fail(0, `'${this.cells[0]}' is described twice`);
    const does = columns.indexOf('does');
    hypercalls.set(key, {
      name: this.cells[1]!,
      reads: this.registers(2),
      returns: this.registers(3),
      destroys: this.registers(4),
      ...this.demands(5),
      does: does < 0 || this.cells[does] === '-' ? '' : this.cells[does]!,
      place: { file: this.file, start: this.start, end: this.start + this.cells.join('\t').length },
    });
  }

  private key(): string | null {
    const [mnemonic, number, ...rest] = this.cells[0]!.split(/ +/);
    const value = number === undefined || rest.length > 0 ? null : numberValue(number);
    if (value === null) {
      this.fail(0, `'${this.cells[0]}' is not an instruction and its number, as in 'break 0x8'`);
      return null;
    }
    return hypercallKey(mnemonic!, value);
  }

  private registers(column: number): number[] {
    return cellWords(this.cells[column]!).flatMap((word) => {
      const resource = resourceNamed(word);
      if (resource > GR(0)) return [resource];
      this.fail(column, `'${word}' is no register that a hypercall can use`);
      return [];
    });
  }

  private demands(column: number): Pick<Hypercall, 'slot' | 'state'> {
    const state = new Map<string, 0 | 1>();
    let slot: number | null = null;
    for (const word of cellWords(this.cells[column]!)) {
      const [, what, value] = /^(slot|psr\.[a-z]+)=([012])$/.exec(word) ?? [];
      if (what === 'slot') slot = Number(value);
      else if (what !== undefined && value !== '2' && resourceNamed(what) >= 0) state.set(what, value === '1' ? 1 : 0);
      else this.fail(column, `'${word}' is no demand; there are slot=N, and psr.X=N with a bit of psr`);
    }
    return { slot, state };
  }

  private fail(column: number, message: string): void {
    const from = this.start + this.cells.slice(0, column).reduce((sum, cell) => sum + cell.length + 1, 0);
    const end = from + (this.cells[column]?.length ?? 0);
    this.diagnostics.push({ severity: 'error', message, file: this.file, start: from, end });
  }
}

function hypercallKey(mnemonic: string, number: bigint): string {
  return `${mnemonic} ${number}`;
}

/** The hypercall that an instruction is; undefined when the table has none such. */
export function hypercallOf(instruction: Instruction, hypercalls: Hypercalls): Hypercall | undefined {
  const [operand] = instruction.inputs;
  if (hypercalls.size === 0 || operand?.kind !== 'number') return undefined;
  return hypercalls.get(hypercallKey(instruction.mnemonic.replace(/\.[a-z]$/, ''), operand.value));
}

/** The effects of an instruction together with those of its hypercall. */
export function withHypercall(effects: Effects, { reads, returns, destroys }: Hypercall): Effects {
  const written = [...returns, ...destroys.filter((resource) => !returns.includes(resource))];
  return {
    ...effects,
    reads: [...effects.reads, ...reads.filter((resource) => !effects.reads.includes(resource))],
    writes: [...effects.writes, ...written],
    results: [...effects.results, ...returns],
  };
}
