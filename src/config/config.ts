/** pvasm.toml, the configuration of a project. grammar/configuration.tsv describes each key. */
import type { Diagnostic, Severity } from '../syntax/diagnostic.ts';
import type { SourceText } from '../syntax/source.ts';
import {
  type NativeEntry,
  readNatives,
  readSuppressions,
  type SuppressionEntry,
  type SuppressionTable,
} from './accepted.ts';
import { checkDocument } from './document.ts';
import { type LinkRules, NO_RULES } from './link-rules.ts';
import { nameMatcher } from './patterns.ts';
import { suggestion } from './suggestion.ts';
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
  /** Named sets of -D/-U flags, or 'all' for every combination; an empty map: the flags of the command line only. */
  readonly configs: 'all' | ReadonlyMap<string, readonly string[]>;
  /** Target labels; null: the command's own default. */
  readonly targets: readonly string[] | null;
  readonly conventions: readonly string[];
  readonly vocabularies: readonly string[];
  readonly levels: ReadonlyMap<string, SetLevel>;
  readonly overrides: readonly Override[];
  readonly suppressions: readonly SuppressionEntry[];
  readonly natives: readonly NativeEntry[];
  /** Names of symbols where the listings of several targets are linked into one image. */
  readonly linkRules: LinkRules;
  /** Names of shipped convention files whose `[[suppress]]` entries apply to this project. */
  readonly suppressionSets: readonly string[];
  readonly baseline: string | null;
  /** Null: any warning fails the check. */
  readonly maxWarnings: number | null;
}

/** The configuration of a project without a pvasm.toml. */
export const DEFAULT_CONFIG: Config = {
  include: [],
  includeFiles: [],
  define: [],
  undefine: [],
  configs: new Map(),
  targets: null,
  conventions: ['linux-ia64'],
  vocabularies: ['linux-hand-macros'],
  levels: new Map(),
  overrides: [],
  suppressions: [],
  natives: [],
  linkRules: NO_RULES,
  suppressionSets: [],
  baseline: null,
  maxWarnings: null,
};

/** The parts of a lint rule that a configuration refers to. */
export interface RuleLevel {
  readonly id: string;
  readonly name: string;
  readonly severity: Severity;
}

/** The content of a valid pvasm.toml. */
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
  readonly shared?: readonly string[];
  readonly rename?: readonly { readonly target?: string; readonly symbol: string; readonly as: string }[];
}

/**
 * Reads pvasm.toml. After any error the defaults are returned, so that no result depends on half a configuration.
 *
 * @param rules every rule of the lint, to check the names in `[rules]`
 */
export function parseConfig(
  file: SourceText,
  rules: readonly RuleLevel[],
): { readonly config: Config; readonly diagnostics: readonly Diagnostic[] } {
  const document = readToml(file);
  const diagnostics = checkDocument(document, 'pvasm');
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
    targets: value.targets ?? null,
    conventions: value.conventions ?? DEFAULT_CONFIG.conventions,
    vocabularies: value.vocabularies ?? DEFAULT_CONFIG.vocabularies,
    levels: readLevels(document, ['rules'], value.rules),
    overrides: (value.overrides ?? []).map((override, index) => ({
      files: override.files,
      levels: readLevels(document, ['overrides', index, 'rules'], override.rules),
    })),
    suppressions: readSuppressions(document),
    natives: readNatives(document),
    linkRules: readLinkRules(value),
    suppressionSets: value.suppressions ?? [],
    baseline: value.baseline ?? null,
    maxWarnings: value['max-warnings'] ?? null,
  };
  return { config, diagnostics: [] };
}

/**
 * Errors in a convention file that `loadConventions` does not look for: keys and values that its schema does not allow, and
 * unknown rules in `[[suppress]]`.
 */
export function checkConventionFile(document: TomlDocument, rules: readonly RuleLevel[]): readonly Diagnostic[] {
  const diagnostics = checkDocument(document, 'conventions');
  return diagnostics.length > 0 ? diagnostics : unknownRules(document, document.value as ConfigFile, rules);
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

function readLinkRules({ shared = [], rename = [] }: ConfigFile): LinkRules {
  return { shared, renames: rename.map(({ target = null, symbol, as }) => ({ target, symbol, as })) };
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
    if (typeof rule === 'string') named.push([rule, ['suppress', index, 'rule']]);
    else for (const [at, id] of rule.entries()) named.push([id, ['suppress', index, 'rule', at]]);
  });
  return named
    .filter(([id]) => !known.includes(id))
    .map(([id, path]): Diagnostic => {
      const message = `there is no rule ${id}${suggestion(id, known)}`;
      return { severity: 'error', message, ...document.placeOf(path) };
    })
    .sort((a, b) => a.start - b.start);
}
