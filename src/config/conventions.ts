/**
 * Conventions: what code may assume and must keep that no instruction says. Read from TOML: grammar/conventions/*.toml and a
 * project's own.
 */

import { type Bank, inBank } from '../machine/register-numbers.ts';
import type { Diagnostic } from '../syntax/diagnostic.ts';
import type { SourceRange, SourceText } from '../syntax/source.ts';
import { type ConventionEntry, type ConventionTables, type RegisterSet, readConventions } from './convention-reader.ts';
import { checkDocument } from './document.ts';
import { readToml } from './toml.ts';

/** A routine of another file, or the outside callers of one of ours. */
export interface SymbolConvention {
  readonly name: string;
  /** Other names of the routine. */
  readonly aliases: readonly string[];
  /** What it reads when it is called or branched to. */
  readonly reads: RegisterSet;
  readonly clobbers: RegisterSet;
  /** What callers in other files may read when it returns; null: unknown. */
  readonly returns: RegisterSet | null;
  /** Branch register it returns through. */
  readonly link: number;
  /** Bank on which other files enter it; null: what is usual there. */
  readonly bank: Bank | null;
  readonly place: SourceRange;
}

/** How control leaves a routine where the code does not say to whom. */
export interface ExitConvention {
  readonly routine: string;
  readonly kind: 'jump' | 'return' | 'rfi';
  readonly bank: Bank | null;
  /** All that is read behind it; null: everything. */
  readonly reads: RegisterSet | null;
  /** What is not read, whatever `reads` says. */
  readonly dead: RegisterSet;
  readonly place: SourceRange;
}

/** A macro that changes registers which its arguments do not name: the exception, not the rule. */
export interface MacroConvention {
  readonly name: string;
  readonly hides: RegisterSet;
  readonly reason: string;
  readonly place: SourceRange;
}

/** A register that has one value in all ordinary code: to write that value gives it back. */
export interface ConstantConvention {
  readonly registers: RegisterSet;
  readonly value: bigint;
  readonly reason: string;
  readonly place: SourceRange;
}

/** What the handler of a `break` does: a debugger, a system call, a hypervisor. */
export interface BreakConvention {
  /** The immediates that it is for, both inclusive. */
  readonly first: bigint;
  readonly last: bigint;
  /** Only there; null: everywhere. */
  readonly routine: string | null;
  /** Does it come back to the instruction behind? */
  readonly comesBack: boolean;
  /** What it reads; null: everything. */
  readonly reads: RegisterSet | null;
  /** What it destroys, and what it leaves results in. */
  readonly clobbers: RegisterSet;
  readonly returns: RegisterSet;
  readonly place: SourceRange;
}

/** Code that is copied and run elsewhere: nothing in it may branch out of it relative to ip. */
export interface RelocatedRange {
  /** Labels of one section: of its first instruction, and behind its last one. */
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
    /** Registers of bank 0 in which the handlers find what an earlier one, or the kernel, left for them. */
    readonly holds: readonly number[];
  };
  /** What a fault in an interruption handler hands to the nested handler; null: no such handler. */
  readonly nestedMiss: NestedMiss | null;
  /** Files whose code only runs at the addresses it was linked to: never in physical mode, never mapped elsewhere. */
  readonly linkedAddresses: readonly string[];
  /** Whether data of the image is mapped for that code whatever psr.ic is. */
  readonly pinnedData: boolean;
  /** Where translation is off. */
  readonly physicalMode: PhysicalMode;
  readonly exceptionTables: readonly string[];
  readonly constants: readonly ConstantConvention[];
  /** What handlers of `break` do; of several that match the last decides. Of others nothing is known. */
  readonly breaks: readonly BreakConvention[];
  readonly relocated: readonly RelocatedRange[];
  readonly exits: readonly ExitConvention[];
  /** By each of their names. */
  readonly symbols: ReadonlyMap<string, SymbolConvention>;
  readonly macros: readonly MacroConvention[];
}

export interface PhysicalMode {
  /** Labels at which code begins to run in physical mode. */
  readonly entries: readonly string[];
  /** Routines that come back in virtual mode. */
  readonly virtual: readonly string[];
  /** Macros that give an address in physical form, whatever their body looks like. */
  readonly converting: readonly string[];
}

export interface NestedMiss {
  readonly sections: readonly string[];
  /** The register that holds the address to go on at, bank 0. */
  readonly continuation: number;
  readonly reads: readonly number[];
  readonly clobbers: readonly number[];
  /** Those of `clobbers` that hold its results. */
  readonly returns: readonly number[];
}

const EMPTY: RegisterSet = [[], []];

/**
 * Reads convention files in order, or pvasm.toml, which may hold the same tables, behind those that `before` is of. A file with
 * errors is left out, and they are reported.
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
    constants: of('constant', constantConvention),
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

/** The name that conventions call a routine by. */
export function conventionName({ symbols }: Conventions, routine: string): string {
  return symbols.get(routine)?.name ?? routine;
}

/** What is said of a break in a routine; null: nothing. The immediate is null where it cannot be told. */
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

/** Does a name match a pattern with `*`? */
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
