/** What a person has decided about single places of the code: entries of `[[suppress]]` and `[[native]]`. */
import type { SourceRange, SourceText } from '../syntax/source.ts';
import { lineHolds, nameMatcher } from './patterns.ts';
import type { TomlDocument } from './toml.ts';

/** An entry of `[[suppress]]`. */
export interface SuppressionEntry {
  readonly rules: readonly string[];
  /** Files it is for, as `nameMatcher` reads it; null: all. */
  readonly file: string | null;
  /** Text that the finding's source line must hold, blanks squeezed, `*` for any characters; null: any line. */
  readonly line: string | null;
  /** It speaks of code that was converted to macros: it holds in files that call one, not in plain ones. */
  readonly converted: boolean;
  readonly reason: string;
  readonly place: SourceRange;
  /** It comes with the tool and speaks of a kernel that the user's may have left behind: never reported as unused. */
  readonly shipped: boolean;
}

/** An entry of `[[native]]`: sites that stay as they are. */
export interface NativeEntry {
  /** As grammar/operations.tsv names it; null: every operation. */
  readonly operation: string | null;
  /** As `nameMatcher` reads it; null: every file. */
  readonly file: string | null;
  /** As `lineHolds` reads it; null: every line. */
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
 * The entries that keep an operation native at a place; none: it may be rewritten.
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

/** Whether an entry is for files, relative to the project, that it names one by one: only then can it be missed. */
export function isAbout({ file }: Pick<NativeEntry, 'file'>, names: readonly string[]): boolean {
  return file !== null && !file.includes('*') && names.some(nameMatcher(file));
}
