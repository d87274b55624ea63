/** What a check goes by: pvasm.toml, the command line over it, and every file that the two name, read. */
import { basename, dirname, posix, relative, resolve } from 'node:path';
import linuxHandMacros from '../../grammar/vocabularies/linux-hand-macros.tsv';
import { readSuppressions, type SuppressionEntry } from '../config/accepted.ts';
import { type Config, checkConventionFile, DEFAULT_CONFIG, parseConfig } from '../config/config.ts';
import { linuxConventions, softwareConventions } from '../config/conventions.data.ts';
import { type Conventions, loadConventions, matches } from '../config/conventions.ts';
import { readToml } from '../config/toml.ts';
import { type Baseline, parseBaseline } from '../lint/accept/baseline.ts';
import { asmVocabulary } from '../lint/asm-vocabulary.ts';
import { relativeNames } from '../lint/names.ts';
import { RULES } from '../lint/registry.ts';
import type { SubjectOptions } from '../lint/subject.ts';
import { loadVocabulary, type Vocabulary } from '../lint/vocabulary.ts';
import type { Command } from '../preprocess/types.ts';
import { operations as shippedOperations } from '../project/operations.data.ts';
import { indexOperations } from '../project/operations.ts';
import { SourceText } from '../syntax/source.ts';
import type { CompilerFlags } from './arguments.ts';
import { Failure } from './failure.ts';
import { readOptional, readText, STANDARD_INPUT } from './files.ts';
import { chooseTargets, failOnErrors } from './options.ts';
import { LINUX, SHIPPED_CONVENTIONS, withConventions } from './shipped-conventions.ts';

const CONFIG_NAME = 'pvasm.toml';

/** What the command line says; null: it says nothing, and pvasm.toml decides. */
export interface SettingArguments extends CompilerFlags {
  readonly strict: boolean;
  /** The configuration file; null: the nearest pvasm.toml, from the working directory upward, if there is one. */
  readonly config: string | null;
  readonly targets: readonly string[] | null;
  /** Further convention files, behind those of pvasm.toml. */
  readonly conventions: readonly string[];
  /** `all`, or sets of flags (`-DCONFIG_SMP -UCONFIG_NUMA`). */
  readonly configs: readonly string[];
  readonly baseline: string | null;
  readonly maxWarnings: number | null;
}

export interface Settings {
  /** With the command line in it; paths are relative to the working directory. */
  readonly config: Config;
  /** A file's name as findings show it: relative to the folder of pvasm.toml, or to the working directory. */
  readonly nameOf: (file: SourceText) => string;
  readonly subject: Omit<SubjectOptions, 'inputs'>;
  /** `[[suppress]]` entries of the convention files. */
  readonly suppressions: readonly SuppressionEntry[];
}

/** Reads pvasm.toml and all that it and the command line name. Throws a Failure, after the messages, when any is wrong. */
export function readSettings(given: SettingArguments): Settings {
  const path = given.config ?? findConfig();
  const file = path === null ? null : new SourceText(path, readText(path));
  const fileConfig = file === null ? DEFAULT_CONFIG : readConfig(file);
  const config = withCommandLine(fileConfig, given);
  const operations = indexOperations(shippedOperations);
  const { conventions, own, suppressions } = readConventions(config, file);
  const linked = ({ name }: SourceText) => matches(conventions.linkedAddresses, basename(name));
  return {
    config,
    nameOf: fileNames(path === null ? '.' : dirname(path)),
    suppressions,
    subject: {
      includeDirs: config.include,
      commands: commandsOf(fileConfig, given.commands),
      strict: given.strict,
      host: { read: readOptional },
      conventions,
      ownConventions: new Set(own),
      vocabularies: [asmVocabulary(operations), ...config.vocabularies.map(readVocabulary)],
      configs: config.configs,
      operations,
      targets: chooseTargets(config.targets, operations),
      addressing: (source) => (linked(source) ? 'absolute' : 'relative'),
    },
  };
}

/** The baseline that the configuration names; empty when it names none. */
export function readBaseline({ baseline: path }: Config): Baseline {
  if (path === null) return new Map();
  const { baseline, diagnostics } = parseBaseline(new SourceText(path, readText(path)));
  failOnErrors(diagnostics, NOTHING_CHECKED);
  return baseline;
}

export const NOTHING_CHECKED = 'nothing was checked';

function findConfig(): string | null {
  for (let folder = process.cwd(); ; folder = dirname(folder)) {
    const path = relative('', resolve(folder, CONFIG_NAME));
    if (readOptional(path) !== undefined) return path;
    if (dirname(folder) === folder) return null;
  }
}

/** pvasm.toml, with its paths as seen from the working directory. */
function readConfig(file: SourceText): Config {
  const { config, diagnostics } = parseConfig(file, RULES);
  failOnErrors(diagnostics, NOTHING_CHECKED);
  const folder = dirname(file.name);
  const at = (path: string): string => (posix.isAbsolute(path) ? path : posix.join(folder, path));
  const unlessShipped = (shipped: Shipped) => (name: string) => (name in shipped ? name : at(name));
  return {
    ...config,
    include: config.include.map(at),
    includeFiles: config.includeFiles.map(at),
    // A target's name has neither a dot nor a slash; a path to one has.
    targets: config.targets.map((target) => (/[./]/.test(target) ? at(target) : target)),
    conventions: config.conventions.map(unlessShipped(SHIPPED_CONVENTIONS)),
    vocabularies: config.vocabularies.map(unlessShipped(SHIPPED_VOCABULARIES)),
    baseline: config.baseline === null ? null : at(config.baseline),
  };
}

function withCommandLine(config: Config, given: SettingArguments): Config {
  const { commands } = given;
  return {
    ...config,
    include: [...given.includeDirs, ...config.include],
    includeFiles: [...config.includeFiles, ...commands.flatMap((each) => (each.kind === 'include' ? [each.path] : []))],
    define: [...config.define, ...commands.flatMap((each) => (each.kind === 'define' ? [each.text] : []))],
    undefine: [...config.undefine, ...commands.flatMap((each) => (each.kind === 'undef' ? [each.name] : []))],
    targets: given.targets ?? config.targets,
    conventions: withConventions(config.conventions, given.conventions),
    configs: given.configs.length === 0 ? config.configs : readConfigurations(given.configs),
    baseline: given.baseline ?? config.baseline,
    maxWarnings: given.maxWarnings ?? config.maxWarnings,
  };
}

/** `all`, or sets of flags, each by its own text as its name. */
function readConfigurations(sets: readonly string[]): Config['configs'] {
  if (sets.includes('all')) {
    if (sets.length > 1) throw new Failure('--configs all leaves nothing to add');
    return 'all';
  }
  return new Map(
    sets.map((set) => {
      const flags = set.split(/\s+/).filter((flag) => flag !== '');
      const wrong = flags.find((flag) => !/^(-D[A-Za-z_]\w*(=.*)?|-U[A-Za-z_]\w*)$/.test(flag));
      if (wrong !== undefined) throw new Failure(`--configs: '${wrong}' is not all, -DNAME, -DNAME=VALUE or -UNAME`);
      return [flags.join(' '), flags];
    }),
  );
}

/** What the file says comes first: of several -D and -U of one name the last decides. */
function commandsOf({ define, undefine, includeFiles }: Config, later: readonly Command[]): readonly Command[] {
  return [
    ...define.map((text): Command => ({ kind: 'define', text })),
    ...undefine.map((name): Command => ({ kind: 'undef', name })),
    ...includeFiles.map((path): Command => ({ kind: 'include', path })),
    ...later,
  ];
}

type Shipped = Readonly<Record<string, string>>;

const SHIPPED_VOCABULARIES: Shipped = { 'linux-hand-macros': linuxHandMacros };

interface ReadConventions {
  readonly conventions: Conventions;
  /** The files that are the project's own. */
  readonly own: readonly SourceText[];
  readonly suppressions: readonly SuppressionEntry[];
}

/** The software conventions, those that the configuration names, and pvasm.toml itself, which may hold the same tables. */
function readConventions(config: Config, configFile: SourceText | null): ReadConventions {
  const named = config.conventions.map((name) => ({ name, text: SHIPPED_CONVENTIONS[name] }));
  const files = named.map(({ name, text }) =>
    text === undefined
      ? new SourceText(name, readText(name))
      : new SourceText(`grammar/conventions/${name}.toml`, text),
  );
  const isOwn = (_: SourceText, index: number) => named[index]!.text === undefined;
  const own = files.filter(isOwn);
  const documents = files.map(readToml);
  for (const document of documents.filter(({ file }) => own.includes(file)))
    failOnErrors(checkConventionFile(document, RULES), NOTHING_CHECKED);
  if (configFile !== null) own.push(configFile);
  const all = configFile === null ? files : [...files, configFile];
  // Linux's own conventions are read already, where nothing else came before them.
  const { conventions, diagnostics } =
    named[0]?.name === LINUX
      ? loadConventions(all.slice(1), linuxConventions)
      : loadConventions(all, softwareConventions);
  failOnErrors(diagnostics, NOTHING_CHECKED);
  const suppressions = [
    ...documents.filter(({ file }) => own.includes(file)).flatMap((document) => readSuppressions(document)),
    ...config.suppressionSets.flatMap(shippedSuppressions),
  ];
  return { conventions, own, suppressions };
}

/** The accepted findings of a shipped convention file: of a kernel as its authors left it. */
function shippedSuppressions(name: string): readonly SuppressionEntry[] {
  if (!Object.hasOwn(SHIPPED_CONVENTIONS, name))
    throw new Failure(
      `suppressions: there are none called '${name}'; shipped are ${Object.keys(SHIPPED_CONVENTIONS).join(', ')}`,
    );
  const file = new SourceText(`grammar/conventions/${name}.toml`, SHIPPED_CONVENTIONS[name]!);
  return readSuppressions(readToml(file), { shipped: true });
}

function readVocabulary(name: string): Vocabulary {
  const shipped = SHIPPED_VOCABULARIES[name];
  const file = new SourceText(`${name}${shipped === undefined ? '' : '.tsv'}`, shipped ?? readText(name));
  const { vocabulary, diagnostics } = loadVocabulary(file);
  failOnErrors(diagnostics, NOTHING_CHECKED);
  return vocabulary;
}

/** Names relative to a folder. Standard input, and what ships with the tool, has a name of its own. */
function fileNames(folder: string): Settings['nameOf'] {
  const name = relativeNames(resolve(folder), process.cwd());
  return ({ name: given }) =>
    given === STANDARD_INPUT || given.startsWith('grammar/conventions/') ? given : name(given);
}
