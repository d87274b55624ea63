/**
 * The contract of a target: what a guest finds otherwise than on a processor. A table beside the target file
 * (grammar/targets/xen.contract.tsv is one; its head explains the columns), with the hypercalls of the target.
 */

import { compileSteps, compileTerm, type Operands } from '../execution/compile.ts';
import type { Meaning, Platform } from '../execution/instruction.ts';
import type { Range } from '../execution/memory-access.ts';
import { NotationError, parseTerm } from '../execution/notation.ts';
import { INTERRUPT_BIT } from '../execution/psr.ts';
import { type StateField, stateNamed } from '../execution/state.ts';
import type { Place } from '../execution/system-state.ts';
import { type Hypercall, type Hypercalls, hypercallOf } from '../expand/hypercalls.ts';
import { allForms, formIds } from '../machine/forms.ts';
import { registerByName, resourceRegister } from '../machine/register-table.ts';
import { resourceName } from '../machine/resources.ts';
import type { Operations } from '../project/operations.ts';
import type { Diagnostic } from '../syntax/diagnostic.ts';
import type { SourceText } from '../syntax/source.ts';

export interface Contract {
  readonly platform: Platform;
  readonly places: ReadonlyMap<string, Place>;
  readonly pinned: readonly Range[];
  /** Words that hold something from the start. */
  readonly words: ReadonlyMap<bigint, bigint>;
  /** Events are delivered whenever interrupts are on, also while interruptions collect no state. */
  readonly deliversAlways: boolean;
  /** By operation, `*` for all others: what holds where a kernel executes it, in the notation. */
  readonly assumes: ReadonlyMap<string, string>;
}

const COLUMNS = ['kind', 'what', 'means', 'source'];
/** Places that are no state by a name: a hypervisor's own ways to keep something. */
const OTHER_PLACES = new Set(['bank1', 'bank1.nat']);

interface Draft {
  deliversAlways: boolean;
  readonly places: Map<string, Place>;
  readonly pinned: Range[];
  readonly words: Map<bigint, bigint>;
  readonly instead: Map<string, string>;
  readonly refused: Map<string, string>;
  readonly assumes: Map<string, string>;
}

/** Reads a contract. What is wrong in it is an error with its place; so is a hypercall whose `does` cannot be read. */
export function loadContract(
  file: SourceText,
  hypercalls: Hypercalls,
  operations: Operations,
): { contract: Contract; diagnostics: readonly Diagnostic[] } {
  const draft: Draft = {
    deliversAlways: false,
    places: new Map(),
    pinned: [],
    words: new Map(),
    instead: new Map(),
    refused: new Map(),
    assumes: new Map(),
  };
  const diagnostics: Diagnostic[] = [];
  let start = 0;
  let heading = true;
  for (const text of file.text.split('\n')) {
    const line = text.replace(/\r$/, '');
    if (line !== '' && !line.startsWith('#')) {
      const message = heading ? headingError(line) : readLine(line, draft, operations);
      if (message !== null) diagnostics.push({ severity: 'error', message, file, start, end: start + line.length });
      heading = false;
    }
    start += text.length + 1;
  }
  const platform: Platform = {
    isGuest: true,
    instead: draft.instead,
    refused: draft.refused,
    hypercall: (instruction, slot) => {
      const call = hypercallOf(instruction, hypercalls);
      return call === undefined ? null : meaningOf(call, slot);
    },
  };
  return { contract: { ...draft, platform }, diagnostics };
}

function headingError(line: string): string | null {
  return line === COLUMNS.join('\t')
    ? null
    : `the first line must name the columns, parted by tabs: ${COLUMNS.join(', ')}`;
}

function readLine(line: string, draft: Draft, operations: Operations): string | null {
  const cells = line.split('\t');
  if (cells.length !== COLUMNS.length)
    return `a line has ${COLUMNS.length} cells, parted by tabs, not ${cells.length}; '-' is an empty one`;
  const [kind, what, means] = cells as [string, string, string];
  try {
    switch (kind) {
      case 'pinned':
        return readPinned(means, draft);
      case 'word':
        return readWord(means, draft);
      case 'place':
        return readPlace(what, means, draft);
      case 'instead':
      case 'refused':
        return readForm(kind, what, means, draft);
      case 'assumes':
        return readAssumption(what, means, draft, operations);
      case 'delivers':
        if (means !== INTERRUPT_BIT) return `'${means}' is not what events can go by: ${INTERRUPT_BIT}`;
        draft.deliversAlways = true;
        return null;
      case 'note':
        return null;
      default:
        return `'${kind}' is no kind of line; there are pinned, word, place, instead, refused, delivers, note, assumes`;
    }
  } catch (error) {
    if (error instanceof NotationError) return `'${means}': ${error.message}`;
    throw error;
  }
}

function readPinned(means: string, { pinned }: Draft): string | null {
  const match = /^(0x[0-9a-f]+) (0x[0-9a-f]+|\d+)$/i.exec(means);
  if (match === null) return `'${means}' is no range: an address and a number of bytes`;
  const first = BigInt(match[1]!);
  pinned.push({ first, behind: first + BigInt(match[2]!) });
  return null;
}

function readWord(means: string, { words }: Draft): string | null {
  const match = /^(0x[0-9a-f]+) = (0x[0-9a-f]+|\d+)$/i.exec(means);
  if (match === null || BigInt(match[1]!) % 8n !== 0n) return `'${means}' is no word: address = value`;
  words.set(BigInt(match[1]!), BigInt(match[2]!));
  return null;
}

function readPlace(what: string, means: string, { places }: Draft): string | null {
  const match = /^(.*) (1|2|4|8|128)( inverted)?$/.exec(means);
  if (match === null) return `'${means}' is no place: an address, the bytes (1, 2, 4, 8), perhaps 'inverted'`;
  if (stateNamed(what) === undefined && !OTHER_PLACES.has(what)) return `'${what}' is no state of a machine`;
  if (places.has(what)) return `'${what}' has two places`;
  const address = compileTerm(parseTerm(match[1]!));
  places.set(what, { address, size: Number(match[2]), inverted: match[3] !== undefined });
  return null;
}

/** `mov-from-cr`, or `mov-from-cr cr.itm`. */
function readForm(kind: 'instead' | 'refused', what: string, means: string, draft: Draft): string | null {
  const [form, register, ...more] = what.split(' ');
  if (!formIds.includes(form!)) return `'${form}' is no form of grammar/instructions.tsv`;
  if (register !== undefined && (registerByName(register) === undefined || more.length > 0))
    return `'${[register, ...more].join(' ')}' is no register`;
  if (draft.instead.has(what) || draft.refused.has(what)) return `'${what}' stands twice`;
  if (kind === 'instead') compileSteps(means, operandsOf(form!));
  draft[kind].set(what, means);
  return null;
}

/** Operands that a form can have, each with some value: to see whether a text about them can be read. */
function operandsOf(form: string): Operands {
  const words = allForms()
    .filter(({ id }) => id === form)
    .flatMap(({ outputs, inputs }) => [...outputs, ...inputs].map(({ name }) => name));
  return new Map(words.map((word) => [word, ANYTHING]));
}

const ANYTHING: StateField = { read: () => 0n, write: () => undefined };

function readAssumption(operation: string, means: string, { assumes }: Draft, { byName }: Operations): string | null {
  if (operation !== '*' && !byName.has(operation)) return `there is no operation ${operation}`;
  if (assumes.has(operation)) return `'${operation}' stands twice`;
  // Operands have their values only at a site: any will do to see whether it can be read.
  compileTerm(parseTerm(means), new Map((byName.get(operation)?.slots ?? []).map(({ name }) => [name, 0n])));
  assumes.set(operation, means);
  return null;
}

/** The semantics of a hypercall in a slot. The registers that it destroys have undefined values afterwards. */
function meaningOf(call: Hypercall, slot: number): Meaning | string {
  const { name, does, reads, returns, destroys, state } = call;
  if (call.slot !== null && call.slot !== slot)
    return { does: '', wrong: `${name} stands in slot ${slot}, and works from slot ${call.slot} only`, checks: [] };
  if (does === '') return `the table of hypercalls does not say what ${name} does`;
  const demands = [...state].map(([bit, value]) => `demand(${bit} == ${value})`);
  const destroyed = destroys
    .filter((register) => !returns.includes(register))
    .map((each) => `${resourceName(each)} = unknown()`);
  return {
    does: [...demands, does, ...destroyed].join('; '),
    wrong: '',
    checks: reads.map((each) => resourceRegister(each).number),
  };
}

/** What cannot be read in the `does` of hypercalls, by name. */
export function unreadableHypercalls(hypercalls: Hypercalls): Diagnostic[] {
  return [...hypercalls.values()].flatMap(({ name, does, place }): Diagnostic[] => {
    if (does === '') return [];
    try {
      compileSteps(does);
      return [];
    } catch (error) {
      if (!(error instanceof NotationError)) throw error;
      return [{ severity: 'error', message: `hypercall ${name}, '${does}': ${error.message}`, ...place }];
    }
  });
}
