/**
 * Conventions: facts about code that its instructions do not show, such as which registers a routine of another file reads and
 * destroys. They are read from TOML: grammar/conventions/*.toml and a project's own files.
 */

import { type Bank, inBank } from '../machine/register-numbers.ts';
import type { Diagnostic } from '../syntax/diagnostic.ts';
import type { SourceRange, SourceText } from '../syntax/source.ts';
import { type ConventionEntry, type ConventionTables, type RegisterSet, readConventions } from './convention-reader.ts';
import { checkDocument } from './document.ts';
import { readToml } from './toml.ts';

/** Convention of a routine of another file, or of the callers in other files of a routine of this one. */
export interface SymbolConvention {
  readonly name: string;
  /** Other names of the routine. */
  readonly aliases: readonly string[];
  /** Registers that it reads when it is called or branched to. */
  readonly reads: RegisterSet;
  readonly clobbers: RegisterSet;
  /** Registers that callers in other files may read when it returns; null: unknown. */
  readonly returns: RegisterSet | null;
  /** Number of the branch register that it returns through. */
  readonly link: number;
  /** Register bank that is current when other files enter it; null: the default of its kind. */
  readonly bank: Bank | null;
  readonly place: SourceRange;
}

/** What is read after an exit of the file whose destination the code does not show. */
export interface ExitConvention {
  readonly routine: string;
  readonly kind: 'jump' | 'return' | 'rfi';
  readonly bank: Bank | null;
  /** Registers that are read after the exit; null: all. */
  readonly reads: RegisterSet | null;
  /** Registers that are not read, even if `reads` has them. */
  readonly dead: RegisterSet;
  readonly place: SourceRange;
}

/** A macro that changes registers which its arguments do not name. */
export interface MacroConvention {
  readonly name: string;
  readonly hides: RegisterSet;
  readonly reason: string;
  readonly place: SourceRange;
}

/** A register that has the same value in all ordinary code (ar.rsc, for one): writing that value restores it. */
export interface ConstantConvention {
  readonly registers: RegisterSet;
  readonly value: bigint;
  readonly reason: string;
  readonly place: SourceRange;
}

/** What the handler of a `break` does: that of a debugger, a system call or a hypervisor. */
export interface BreakConvention {
  /** The range of immediates that it applies to, both ends inclusive. */
  readonly first: bigint;
  readonly last: bigint;
  /** The routine that it applies to; null: all. */
  readonly routine: string | null;
  /** Whether it returns to the instruction after the `break`. */
  readonly comesBack: boolean;
  /** Registers that it reads; null: all. */
  readonly reads: RegisterSet | null;
  /** Registers that it destroys, and registers that it returns results in. */
  readonly clobbers: RegisterSet;
  readonly returns: RegisterSet;
  readonly place: SourceRange;
}

/** Code that is copied and runs elsewhere, so that no branch relative to ip may leave it. */
export interface RelocatedRange {
  /** Labels in one section: at its first instruction, and after its last one. */
  readonly from: string;
  readonly to: string;
  readonly place: SourceRange;
}

export interface Conventions {
  readonly call: { readonly reads: RegisterSet; readonly clobbers: RegisterSet };
  readonly jump: { readonly reads: RegisterSet };
  readonly return: { readonly reads: RegisterSet };
  readonly vectors: {
    readonly tables: readonly string[];
    readonly sections: readonly string[];
    /** Registers of bank 0 that hold values from an earlier handler, or from the kernel, when a handler is entered. */
    readonly holds: readonly number[];
  };
  /** Registers that the nested-miss handler reads after a fault in an interruption handler; null: there is no such handler. */
  readonly nestedMiss: NestedMiss | null;
  /** Files whose code runs only at the addresses that it was linked at: not in physical mode, not mapped elsewhere. */
  readonly linkedAddresses: readonly string[];
  /** Whether the image's data is mapped for that code even while psr.ic is 0. */
  readonly pinnedData: boolean;
  /** Code that runs with translation off. */
  readonly physicalMode: PhysicalMode;
  readonly exceptionTables: readonly string[];
  /** The register frame with which code outside, or an interruption, comes to labels: names, * for any characters. */
  readonly frames: {
    readonly complete: readonly string[];
    /** As the interruption left it. */
    readonly interrupted: readonly string[];
  };
  readonly constants: readonly ConstantConvention[];
  /** Lists of predicates of which at most one is true, unless code in sight has written them. */
  readonly exclusive: readonly (readonly number[])[];
  /** Conventions of `break` immediates; of several that match the last one applies. A `break` without one may do anything. */
  readonly breaks: readonly BreakConvention[];
  readonly relocated: readonly RelocatedRange[];
  readonly exits: readonly ExitConvention[];
  /** Conventions of symbols, by each of their names. */
  readonly symbols: ReadonlyMap<string, SymbolConvention>;
  readonly macros: readonly MacroConvention[];
}

export interface PhysicalMode {
  /** Labels that are entered in physical mode. */
  readonly entries: readonly string[];
  /** Routines that return in virtual mode. */
  readonly virtual: readonly string[];
  /** Macros that convert an address to its physical form; their bodies are not looked at. */
  readonly converting: readonly string[];
}

export interface NestedMiss {
  readonly sections: readonly string[];
  /** Number of the register of bank 0 that holds the address at which the nested-miss handler continues. */
  readonly continuation: number;
  readonly reads: readonly number[];
  readonly clobbers: readonly number[];
  /** The registers of `clobbers` that hold results. */
  readonly returns: readonly number[];
}

const EMPTY: RegisterSet = [[], []];

/**
 * Reads convention files in order (pvasm.toml may hold the same tables), after those that `before` was read from. A file with
 * errors is left out, and its errors are returned.
 */
export function loadConventions(
  files: readonly SourceText[],
  before?: ConventionTables,
): { conventions: Conventions; diagnostics: readonly Diagnostic[] } {
  const documents = files.map(readToml);
  const invalid = documents.map((document) => checkDocument(document, 'pvasm'));
  const { tables, diagnostics } = readConventions(
    documents.filter((_, index) => invalid[index]!.length === 0),
    before,
  );
  return { conventions: conventionsOf(tables), diagnostics: [...invalid.flat(), ...diagnostics] };
}

function conventionsOf({ tables, elements }: ConventionTables): Conventions {
  const of = <T>(table: string, read: (entry: ConventionEntry, place: SourceRange) => T): T[] =>
    elements.filter((each) => each.table === table).map((each) => read(each.entry, each.place));
  const strings = (table: string, key: string): readonly string[] => (tables.get(table)?.[key] ?? []) as string[];
  const registers = (table: string, key: string): RegisterSet => registersIn(tables.get(table), key) ?? EMPTY;
  const nested = tables.get('nested_miss');
  return {
    call: { reads: registers('call', 'reads'), clobbers: registers('call', 'clobbers') },
    jump: { reads: registers('jump', 'reads') },
    return: { reads: registers('return', 'reads') },
    vectors: {
      tables: strings('vectors', 'tables'),
      sections: strings('vectors', 'sections'),
      holds: registers('vectors', 'holds')[0],
    },
    nestedMiss: nested === undefined ? null : nestedMiss(nested),
    linkedAddresses: strings('linked_addresses', 'files'),
    pinnedData: tables.get('linked_addresses')?.pinned_data === true,
    physicalMode: {
      entries: strings('physical_mode', 'entries'),
      virtual: strings('physical_mode', 'virtual'),
      converting: strings('physical_mode', 'converting'),
    },
    exceptionTables: strings('exception_table', 'sections'),
    frames: { complete: strings('frames', 'complete'), interrupted: strings('frames', 'interrupted') },
    constants: of('constant', constantConvention),
    exclusive: of('exclusive', (entry) => (registersIn(entry, 'registers') ?? EMPTY)[1]),
    breaks: of('break', breakConvention),
    relocated: of('relocated', ({ from, to }, place) => ({ from: from as string, to: to as string, place })),
    exits: of('exit', exitConvention),
    symbols: new Map(
      of('symbol', symbolConvention).flatMap((symbol) =>
        [symbol.name, ...symbol.aliases].map((name) => [name, symbol]),
      ),
    ),
    macros: of('macro', macroConvention),
  };
}

function registersIn(entry: ConventionEntry | undefined, key: string): RegisterSet | null {
  return (entry?.[key] as RegisterSet | undefined) ?? null;
}

function nestedMiss(entry: ConventionEntry): NestedMiss {
  const inHandler = (key: string): readonly number[] => (registersIn(entry, key) ?? EMPTY)[0];
  return {
    sections: entry.sections as string[],
    continuation: inBank(entry.continuation as number, 0),
    reads: inHandler('reads'),
    clobbers: inHandler('clobbers'),
    returns: inHandler('returns'),
  };
}

function breakConvention(entry: ConventionEntry, place: SourceRange): BreakConvention {
  const first = BigInt(entry.immediate as number | bigint);
  return {
    first,
    last: entry.to === undefined ? first : BigInt(entry.to as number | bigint),
    routine: (entry.routine as string | undefined) ?? null,
    comesBack: entry.returns !== false,
    reads: registersIn(entry, 'reads'),
    clobbers: registersIn(entry, 'clobbers') ?? EMPTY,
    returns: typeof entry.returns === 'object' ? (entry.returns as RegisterSet) : EMPTY,
    place,
  };
}

function constantConvention(entry: ConventionEntry, place: SourceRange): ConstantConvention {
  return {
    registers: registersIn(entry, 'registers') ?? EMPTY,
    value: BigInt(entry.value as number | bigint),
    reason: entry.reason as string,
    place,
  };
}

function exitConvention(entry: ConventionEntry, place: SourceRange): ExitConvention {
  return {
    routine: entry.routine as string,
    kind: entry.kind as ExitConvention['kind'],
    bank: (entry.bank as Bank | undefined) ?? null,
    reads: registersIn(entry, 'reads'),
    dead: registersIn(entry, 'dead') ?? EMPTY,
    place,
  };
}

function macroConvention(entry: ConventionEntry, place: SourceRange): MacroConvention {
  return {
    name: entry.name as string,
    hides: registersIn(entry, 'hides') ?? EMPTY,
    reason: entry.reason as string,
    place,
  };
}

function symbolConvention(entry: ConventionEntry, place: SourceRange): SymbolConvention {
  return {
    name: entry.name as string,
    aliases: (entry.aliases ?? []) as string[],
    reads: registersIn(entry, 'reads') ?? EMPTY,
    clobbers: registersIn(entry, 'clobbers') ?? EMPTY,
    returns: registersIn(entry, 'returns'),
    link: (entry.link as number | undefined) ?? 0,
    bank: (entry.bank as Bank | undefined) ?? null,
    place,
  };
}

/** The name that the conventions use for a routine: its own, or the one that it is an alias of. */
export function conventionName({ symbols }: Conventions, routine: string): string {
  return symbols.get(routine)?.name ?? routine;
}

/** The convention of a `break` in a routine; null when there is none. `immediate` is null when its value is unknown. */
export function breakConventionOf(
  { breaks }: Conventions,
  immediate: bigint | null,
  routine: string,
): BreakConvention | null {
  if (immediate === null) return null;
  return (
    breaks.findLast(
      ({ first, last, ...tables }) =>
        first <= immediate && immediate <= last && (tables.routine ?? routine) === routine,
    ) ?? null
  );
}

/** Whether a name matches a pattern, in which `*` stands for any characters. */
export function matches(patterns: readonly string[], name: string): boolean {
  return patterns.some((pattern) => {
    const parts = pattern.split('*');
    if (parts.length === 1) return pattern === name;
    const first = parts[0]!;
    const last = parts.at(-1)!;
    if (name.length < first.length + last.length || !name.startsWith(first) || !name.endsWith(last)) return false;
    let at = first.length;
    for (const part of parts.slice(1, -1)) {
      const found = name.indexOf(part, at);
      if (found < 0) return false;
      at = found + part.length;
    }
    return at <= name.length - last.length;
  });
}
