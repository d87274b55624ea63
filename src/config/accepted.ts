/** Decisions of a person about single places of the code: the entries of `[[suppress]]` and `[[native]]`. */
import type { SourceRange, SourceText } from '../syntax/source.ts';
import { lineHolds, nameMatcher } from './patterns.ts';
import type { TomlDocument } from './toml.ts';

/** An entry of `[[suppress]]`. */
export interface SuppressionEntry {
  readonly rules: readonly string[];
  /** Pattern of the files that it applies to (see `nameMatcher`); null: all files. */
  readonly file: string | null;
  /** Pattern that the finding's source line must contain (see `lineHolds`); null: any line. */
  readonly line: string | null;
  /** True for an entry about code that was converted to macros: it applies only to files that call such a macro. */
  readonly converted: boolean;
  readonly reason: string;
  readonly place: SourceRange;
  /** True for an entry shipped with the tool. It is written for one kernel version, so it is never reported as unused. */
  readonly shipped: boolean;
}

/** An entry of `[[native]]`: sites that are not rewritten. */
export interface NativeEntry {
  /** Name of an operation in grammar/operations.tsv; null: every operation. */
  readonly operation: string | null;
  /** Pattern for `nameMatcher`; null: every file. */
  readonly file: string | null;
  /** Pattern for `lineHolds`; null: every line. */
  readonly line: string | null;
  readonly reason: string;
  readonly place: SourceRange;
}

export interface SuppressionTable {
  readonly rule: string | readonly string[];
  readonly file?: string;
  readonly line?: string;
  readonly converted?: boolean;
  readonly reason: string;
}

/** The `[[suppress]]` entries of a valid pvasm.toml or convention file; `shipped`: one that comes with the tool. */
export function readSuppressions(
  document: TomlDocument,
  { shipped }: { readonly shipped: boolean } = { shipped: false },
): readonly SuppressionEntry[] {
  const tables = (document.value.suppress ?? []) as readonly SuppressionTable[];
  return tables.map((table, index) => ({
    rules: typeof table.rule === 'string' ? [table.rule] : table.rule,
    file: table.file ?? null,
    line: table.line ?? null,
    converted: table.converted ?? false,
    reason: table.reason,
    place: document.placeOf(['suppress', index]),
    shipped,
  }));
}

/** The `[[native]]` entries of a valid pvasm.toml or convention file. */
export function readNatives(document: TomlDocument): readonly NativeEntry[] {
  const tables = (document.value.native ?? []) as readonly Partial<
    Record<'operation' | 'file' | 'line' | 'reason', string>
  >[];
  return tables.map(({ operation = null, file = null, line = null, reason = '' }, index) => ({
    ...{ operation, file, line, reason },
    place: document.placeOf(['native', index]),
  }));
}

/**
 * The entries that keep an operation native at a place; an empty list when it may be rewritten.
 *
 * @param nameOf a file's name relative to the project
 */
export function nativeEntriesFor(
  entries: readonly NativeEntry[],
  { file, start }: Pick<SourceRange, 'file' | 'start'>,
  operation: string,
  nameOf: (file: SourceText) => string,
): readonly NativeEntry[] {
  return entries.filter(
    (entry) =>
      (entry.operation ?? operation) === operation &&
      (entry.file === null || nameMatcher(entry.file)(nameOf(file))) &&
      (entry.line === null || lineHolds(file.line(file.position(start).line), entry.line)),
  );
}

/** Whether an entry applies to one of these files (names relative to the project): only then can it be reported as unused. */
export function isAbout({ file }: Pick<NativeEntry, 'file'>, names: readonly string[]): boolean {
  return file !== null && !file.includes('*') && names.some(nameMatcher(file));
}
