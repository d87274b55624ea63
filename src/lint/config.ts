/** pvasm.toml: what a project tells the tool about itself. The fields are documented in grammar/schema/pvasm.schema.json. */
import type { Diagnostic, Severity } from '../syntax/diagnostic.ts';
import type { SourceText } from '../syntax/source.ts';
import type { SuppressionEntry } from './accept/suppressions.ts';
import { compareText } from './finding.ts';
import { nameMatcher } from './names.ts';
import { type Schema, suggestion, validate } from './schema.ts';
import { readToml, type TomlDocument } from './toml.ts';

export type Level = Severity | 'off';

/** A rule's level and where it was set. */
export interface SetLevel {
  readonly level: Level;
  /** `pvasm.toml:12`, or `default`. */
  readonly origin: string;
}

export interface Override {
  readonly files: readonly string[];
  readonly levels: ReadonlyMap<string, SetLevel>;
}

export interface Config {
  readonly include: readonly string[];
  readonly includeFiles: readonly string[];
  readonly define: readonly string[];
  readonly undefine: readonly string[];
  /** Sets of -D/-U flags by name, or every combination; empty: the flags of the command line only. */
  readonly configs: 'all' | ReadonlyMap<string, readonly string[]>;
  readonly targets: readonly string[];
  readonly conventions: readonly string[];
  readonly vocabularies: readonly string[];
  readonly levels: ReadonlyMap<string, SetLevel>;
  readonly overrides: readonly Override[];
  readonly suppressions: readonly SuppressionEntry[];
  /** Names of shipped convention files whose `[[suppress]]` entries hold for this project. */
  readonly suppressionSets: readonly string[];
  readonly baseline: string | null;
  /** Null: any warning fails the check. */
  readonly maxWarnings: number | null;
}

/** What holds where there is no pvasm.toml. */
export const DEFAULT_CONFIG: Config = {
  include: [],
  includeFiles: [],
  define: [],
  undefine: [],
  configs: new Map(),
  targets: ['native', 'xen'],
  conventions: ['linux-ia64'],
  vocabularies: ['linux-hand-macros'],
  levels: new Map(),
  overrides: [],
  suppressions: [],
  suppressionSets: [],
  baseline: null,
  maxWarnings: null,
};

/** The parts of a rule that a configuration can name or print. */
export interface RuleLevel {
  readonly id: string;
  readonly name: string;
  readonly severity: Severity;
}

/** What pvasm.toml holds once it is known to be valid. */
interface ConfigFile {
  readonly include?: readonly string[];
  readonly 'include-files'?: readonly string[];
  readonly define?: readonly string[];
  readonly undefine?: readonly string[];
  readonly configs?: 'all' | Readonly<Record<string, readonly string[]>>;
  readonly targets?: readonly string[];
  readonly conventions?: readonly string[];
  readonly vocabularies?: readonly string[];
  readonly rules?: Readonly<Record<string, Level>>;
  readonly overrides?: readonly {
    readonly files: readonly string[];
    readonly rules: Readonly<Record<string, Level>>;
  }[];
  readonly suppressions?: readonly string[];
  readonly suppress?: readonly SuppressionTable[];
  readonly baseline?: string;
  readonly 'max-warnings'?: number;
}

interface SuppressionTable {
  readonly rule: string | readonly string[];
  readonly file?: string;
  readonly line?: string;
  readonly converted?: boolean;
  readonly reason: string;
}

/**
 * Reads pvasm.toml. With any error the defaults are returned: a check under half a configuration would mislead.
 *
 * @param schemas grammar/schema/pvasm.schema.json and grammar/schema/conventions.schema.json, parsed
 */
export function parseConfig(
  file: SourceText,
  schemas: { readonly pvasm: Schema; readonly conventions: Schema },
  rules: readonly RuleLevel[],
): { readonly config: Config; readonly diagnostics: readonly Diagnostic[] } {
  const document = readToml(file);
  const diagnostics = checkDocument(document, schemas.pvasm, [schemas.conventions]);
  if (diagnostics.length > 0) return { config: DEFAULT_CONFIG, diagnostics };
  const value = document.value as ConfigFile;
  const unknown = unknownRules(document, value, rules);
  if (unknown.length > 0) return { config: DEFAULT_CONFIG, diagnostics: unknown };
  const { configs } = value;
  const config: Config = {
    ...DEFAULT_CONFIG,
    include: value.include ?? [],
    includeFiles: value['include-files'] ?? [],
    define: value.define ?? [],
    undefine: value.undefine ?? [],
    configs: configs === undefined || configs === 'all' ? (configs ?? new Map()) : new Map(Object.entries(configs)),
    targets: value.targets ?? DEFAULT_CONFIG.targets,
    conventions: value.conventions ?? DEFAULT_CONFIG.conventions,
    vocabularies: value.vocabularies ?? DEFAULT_CONFIG.vocabularies,
    levels: readLevels(document, ['rules'], value.rules),
    overrides: (value.overrides ?? []).map((override, index) => ({
      files: override.files,
      levels: readLevels(document, ['overrides', index, 'rules'], override.rules),
    })),
    suppressions: readSuppressions(document),
    suppressionSets: value.suppressions ?? [],
    baseline: value.baseline ?? null,
    maxWarnings: value['max-warnings'] ?? null,
  };
  return { config, diagnostics: [] };
}

/**
 * What is wrong with a convention file, but for what `loadConventions` finds: what its schema does not allow, and rules in
 * `[[suppress]]` that there are not.
 */
export function checkConventionFile(
  document: TomlDocument,
  schema: Schema,
  rules: readonly RuleLevel[],
): readonly Diagnostic[] {
  const diagnostics = checkDocument(document, schema, []);
  return diagnostics.length > 0 ? diagnostics : unknownRules(document, document.value as ConfigFile, rules);
}

/** Everything in a TOML document that its schema does not allow, each at its place; `others` are what it refers to. */
function checkDocument(document: TomlDocument, schema: Schema, others: readonly Schema[]): readonly Diagnostic[] {
  if (document.diagnostics.length > 0) return document.diagnostics;
  const errors = validate(schema, document.value, others).map(
    ({ path, message }): Diagnostic => ({ severity: 'error', message, ...document.placeOf(path) }),
  );
  return errors.sort((a, b) => a.start - b.start);
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

/** The level of a rule in a file: the last matching override, else `[rules]`, else the rule's own. */
export function levelOf(config: Config, rule: RuleLevel, fileName: string): SetLevel {
  for (let index = config.overrides.length - 1; index >= 0; index--) {
    const { files, levels } = config.overrides[index]!;
    const set = levels.get(rule.id);
    if (set !== undefined && files.some((pattern) => nameMatcher(pattern)(fileName))) return set;
  }
  return config.levels.get(rule.id) ?? { level: rule.severity, origin: 'default' };
}

/**
 * What holds for one file, as TOML, for `pvasm check --print-config FILE`: overrides applied, and each rule's level
 * with the place that set it.
 */
export function printConfig(config: Config, rules: readonly RuleLevel[], fileName: string): string {
  const lines = [`# The configuration of ${fileName}`];
  const list = (key: string, values: readonly string[]): void => void lines.push(`${key} = ${tomlList(values)}`);
  list('include', config.include);
  list('include-files', config.includeFiles);
  list('define', config.define);
  list('undefine', config.undefine);
  list('targets', config.targets);
  list('conventions', config.conventions);
  list('suppressions', config.suppressionSets);
  list('vocabularies', config.vocabularies);
  if (config.configs === 'all') lines.push('configs = "all"');
  if (config.baseline !== null) lines.push(`baseline = ${tomlText(config.baseline)}`);
  if (config.maxWarnings !== null) lines.push(`max-warnings = ${config.maxWarnings}`);
  if (config.configs !== 'all' && config.configs.size > 0) {
    lines.push('', '[configs]');
    for (const [name, flags] of config.configs) lines.push(`${tomlKey(name)} = ${tomlList(flags)}`);
  }
  lines.push('', '[rules]');
  for (const rule of rules) {
    const { level, origin } = levelOf(config, rule, fileName);
    lines.push(`${rule.id} = "${level}" # ${rule.name}; ${origin}`);
  }
  for (const entry of config.suppressions) {
    if (entry.file !== null && !nameMatcher(entry.file)(fileName)) continue;
    lines.push(
      '',
      '[[suppress]]',
      `rule = ${entry.rules.length === 1 ? tomlText(entry.rules[0]!) : tomlList(entry.rules)}`,
    );
    if (entry.file !== null) lines.push(`file = ${tomlText(entry.file)}`);
    if (entry.line !== null) lines.push(`line = ${tomlText(entry.line)}`);
    if (entry.converted) lines.push('converted = true');
    lines.push(`reason = ${tomlText(entry.reason)}`);
  }
  return `${lines.join('\n')}\n`;
}

function readLevels(
  document: TomlDocument,
  path: readonly (string | number)[],
  levels: Readonly<Record<string, Level>> = {},
): ReadonlyMap<string, SetLevel> {
  return new Map(
    Object.entries(levels).map(([rule, level]) => {
      const { file, start } = document.placeOf([...path, rule]);
      return [rule, { level, origin: `${file.name}:${file.position(start).line}` }];
    }),
  );
}

function unknownRules(document: TomlDocument, value: ConfigFile, rules: readonly RuleLevel[]): readonly Diagnostic[] {
  const known = rules.map((rule) => rule.id);
  const named: (readonly [id: string, path: readonly (string | number)[]])[] = [];
  for (const id of Object.keys(value.rules ?? {})) named.push([id, ['rules', id]]);
  (value.overrides ?? []).forEach((override, index) => {
    for (const id of Object.keys(override.rules)) named.push([id, ['overrides', index, 'rules', id]]);
  });
  (value.suppress ?? []).forEach(({ rule }, index) => {
    for (const id of typeof rule === 'string' ? [rule] : rule) named.push([id, ['suppress', index, 'rule']]);
  });
  return named
    .filter(([id]) => !known.includes(id))
    .map(([id, path]): Diagnostic => {
      const message = `there is no rule ${id}${suggestion(id, known)}`;
      return { severity: 'error', message, ...document.placeOf(path) };
    })
    .sort((a, b) => a.start - b.start || compareText(a.message, b.message));
}

function tomlList(values: readonly string[]): string {
  return `[${values.map(tomlText).join(', ')}]`;
}

function tomlKey(key: string): string {
  return /^[A-Za-z0-9_-]+$/.test(key) ? key : tomlText(key);
}

/** A TOML basic string: JSON's, but DEL must be escaped too. */
function tomlText(text: string): string {
  return JSON.stringify(text).replace(/\x7f/g, '\\u007F');
}
