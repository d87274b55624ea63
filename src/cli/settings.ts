/** The settings of a call: pvasm.toml, overridden by the command line, and the files that the two name, read. */
import { basename, dirname, posix, resolve } from 'node:path';
import {
  type NativeEntry,
  nativeEntriesFor,
  readNatives,
  readSuppressions,
  type SuppressionEntry,
} from '../config/accepted.ts';
import { type Config, checkConventionFile, DEFAULT_CONFIG, parseConfig } from '../config/config.ts';
import { linuxConventions, softwareConventions } from '../config/conventions.data.ts';
import { type Conventions, loadConventions, matches } from '../config/conventions.ts';
import { suggestion } from '../config/suggestion.ts';
import { readToml } from '../config/toml.ts';
import { type Accepts, acceptedSites } from '../lint/accept/accepted-sites.ts';
import { isAbsolute, relativeNames } from '../lint/names.ts';
import { RULES } from '../lint/registry.ts';
import type { PipelineOptions } from '../pipeline.ts';
import type { Command } from '../preprocess/types.ts';
import { operations as shippedOperations } from '../project/operations.data.ts';
import { indexOperations, type Operations } from '../project/operations.ts';
import type { Diagnostic } from '../syntax/diagnostic.ts';
import { SourceText } from '../syntax/source.ts';
import type { CompilerFlags } from './arguments.ts';
import { Failure } from './failure.ts';
import { peek, readOptional, readSources, readText, refuseAsFolders, STANDARD_INPUT } from './files.ts';
import { findConfig } from './find-config.ts';
import { withPaths } from './joint-targets.ts';
import { failOnErrors } from './messages.ts';
import { chooseTargets } from './options.ts';
import { withSlashes } from './path-text.ts';
import { LINUX, SHIPPED_CONVENTIONS, SHIPPED_VOCABULARIES, withConventions } from './shipped-conventions.ts';

/** What the command line says. */
export interface SettingArguments extends CompilerFlags {
  readonly strict: boolean;
  /** The configuration file; null: the nearest pvasm.toml, from the working directory upward; false: none. */
  readonly config: string | false | null;
  /** Null: those of pvasm.toml, or else the command's own. */
  readonly targets: readonly string[] | null;
  /** Where neither the command line nor pvasm.toml names a target. */
  readonly defaultTargets: readonly string[];
  /** Further convention files, behind those of pvasm.toml. */
  readonly conventions: readonly string[];
  /** `all`, or sets of flags (`-DCONFIG_SMP -UCONFIG_NUMA`); none: those of pvasm.toml. */
  readonly configs: readonly string[];
}

/** The sources of a call. */
export interface GivenFiles {
  readonly files: readonly string[];
  /** Their texts, where they were read already: a pipe cannot be read twice. */
  readonly read?: readonly SourceText[] | undefined;
}

export interface Settings {
  /** With the command line in it; paths are relative to the working directory. */
  readonly config: Config;
  /** A file's name as findings show it: relative to the folder of pvasm.toml, or to the working directory. */
  readonly nameOf: (file: SourceText) => string;
  readonly options: Omit<PipelineOptions, 'inputs'>;
  /** Those convention files that are the project's own. */
  readonly own: ReadonlySet<SourceText>;
  /** `[[suppress]]` entries of the convention files, and of what ships and pvasm.toml asks for; these are read when asked for. */
  readonly suppressions: () => readonly SuppressionEntry[];
  /** Whether a finding that a site stays native is accepted. */
  readonly acceptsNative: Accepts;
  /** The `[[native]]` entries that no site of the sources that were opened so far has needed. */
  readonly unmetNatives: () => readonly NativeEntry[];
}

/**
 * Reads pvasm.toml and all that it and the command line name.
 *
 * @param consequence what did not happen when any of it is wrong: a Failure ends with it, after the messages
 */
export function readSettings(given: SettingArguments, consequence: string): Settings {
  const path = given.config === false ? null : (given.config ?? findConfig());
  const file = path === null ? null : new SourceText(path, readText(path));
  const fileConfig = file === null ? DEFAULT_CONFIG : readConfig(file, consequence);
  const config = withCommandLine(fileConfig, given);
  refuseAsFolders(config.include);
  const operations = indexOperations(shippedOperations);
  const read = readConventions(config, file, consequence);
  const { conventions } = read;
  const natives = [...config.natives, ...read.natives];
  failOnErrors(unknownOperations(natives, operations), consequence);
  const nameOf = fileNames(path === null ? '.' : dirname(path));
  const met = new Set<NativeEntry>();
  const suppressions = () => [...read.suppressions, ...config.suppressionSets.flatMap(shippedSuppressions)];
  return {
    config,
    nameOf,
    own: new Set(read.own),
    suppressions,
    acceptsNative: acceptedSites(() => [...config.suppressions, ...suppressions()], nameOf),
    unmetNatives: () => natives.filter((entry) => !met.has(entry)),
    options: {
      includeDirs: config.include,
      quoteDirs: given.quoteDirs,
      commands: commandsOf(fileConfig, given.commands),
      strict: given.strict,
      lineMarkers: given.lineMarkers,
      everyConfiguration: config.configs === 'all',
      configurations: config.configs === 'all' ? new Map() : config.configs,
      host: { read: readOptional },
      operations,
      conventions,
      targets: chooseTargets(config.targets ?? given.defaultTargets, operations),
      addressing: ({ name }) => (matches(conventions.linkedAddresses, basename(name)) ? 'absolute' : 'relative'),
      staysNative: (place, { name }) => {
        const entries = nativeEntriesFor(natives, place, name, nameOf);
        for (const entry of entries) met.add(entry);
        return entries.length > 0;
      },
    },
  };
}

/** What `rewrite`, `build` and the like work with: the settings, and the files of the call, read. */
export function pipelineOptions(
  given: SettingArguments & GivenFiles,
  consequence = 'nothing was written',
): PipelineOptions {
  return pipelineSettings(given, consequence).options;
}

/** The same, with what else pvasm.toml says. */
export function pipelineSettings(
  given: SettingArguments & GivenFiles,
  consequence = 'nothing was written',
): { readonly options: PipelineOptions } & Pick<Settings, 'config' | 'acceptsNative'> {
  const { options, config, acceptsNative } = readSettings(given, consequence);
  return { options: { ...options, inputs: given.read ?? readSources(given.files) }, config, acceptsNative };
}

/** pvasm.toml, with its paths as seen from the working directory. */
function readConfig(file: SourceText, consequence: string): Config {
  const { config, diagnostics } = parseConfig(file, RULES);
  failOnErrors(diagnostics, consequence);
  const folder = dirname(file.name);
  const at = (path: string): string => (isAbsolute(withSlashes(path)) ? path : posix.join(withSlashes(folder), path));
  const unlessShipped = (shipped: Readonly<Record<string, string>>) => (name: string) =>
    Object.hasOwn(shipped, name) ? name : at(name);
  return {
    ...config,
    include: config.include.map(at),
    includeFiles: config.includeFiles.map(at),
    targets: config.targets?.map((target) => withPaths(target, at)) ?? null,
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

/** All -D and -U precede any -include. The command line overrides what pvasm.toml says about a name. */
function commandsOf({ define, undefine, includeFiles }: Config, given: readonly Command[]): readonly Command[] {
  const redefined = new Set(given.map(macroOf));
  const own = [
    ...define.map((text): Command => ({ kind: 'define', text })),
    ...undefine.map((name): Command => ({ kind: 'undef', name })),
  ];
  return [
    ...own.filter((each) => !redefined.has(macroOf(each))),
    ...given.filter(({ kind }) => kind !== 'include'),
    ...includeFiles.map((path): Command => ({ kind: 'include', path })),
    ...given.filter(({ kind }) => kind === 'include'),
  ];
}

/** The name that a -D or -U is about; null for another command. */
function macroOf(command: Command): string | null {
  if (command.kind === 'undef') return command.name;
  return command.kind === 'define' ? (/^\w+/.exec(command.text)?.[0] ?? null) : null;
}

interface ReadConventions {
  readonly conventions: Conventions;
  /** The files that are the project's own. */
  readonly own: readonly SourceText[];
  readonly suppressions: readonly SuppressionEntry[];
  readonly natives: Config['natives'];
}

/** The software conventions, those that the configuration names, and pvasm.toml itself, which may hold the same tables. */
function readConventions(config: Config, configFile: SourceText | null, consequence: string): ReadConventions {
  const named = config.conventions.map((name) =>
    Object.hasOwn(SHIPPED_CONVENTIONS, name) ? shippedFile(name) : new SourceText(name, readConventionFile(name)),
  );
  const own = named.filter((_, index) => !Object.hasOwn(SHIPPED_CONVENTIONS, config.conventions[index]!));
  const documents = own.map(readToml);
  for (const document of documents) failOnErrors(checkConventionFile(document, RULES), consequence);
  const files = configFile === null ? named : [...named, configFile];
  // Linux's own conventions are read already, where nothing else came before them.
  const isLinuxFirst = config.conventions[0] === LINUX;
  const { conventions, diagnostics } = isLinuxFirst
    ? loadConventions(files.slice(1), linuxConventions)
    : loadConventions(files, softwareConventions);
  failOnErrors(diagnostics, consequence);
  return {
    conventions,
    own: configFile === null ? own : [...own, configFile],
    suppressions: documents.flatMap((document) => readSuppressions(document)),
    natives: documents.flatMap(readNatives),
  };
}

/** A path has a dot or a slash in it; another word that is no file was meant to be a shipped name. */
function readConventionFile(name: string): string {
  const shipped = Object.keys(SHIPPED_CONVENTIONS);
  if (!/[./]/.test(name) && peek(name) === undefined)
    throw new Failure(
      `unknown conventions '${name}'; shipped are ${shipped.join(', ')}, or give the path of a file${suggestion(name, shipped)}`,
    );
  return readText(name);
}

/** The accepted findings of a shipped convention file: of a kernel as its authors left it. */
function shippedSuppressions(name: string): readonly SuppressionEntry[] {
  if (!Object.hasOwn(SHIPPED_CONVENTIONS, name))
    throw new Failure(
      `suppressions: there are none called '${name}'; shipped are ${Object.keys(SHIPPED_CONVENTIONS).join(', ')}`,
    );
  return readSuppressions(readToml(shippedFile(name)), { shipped: true });
}

function shippedFile(name: string): SourceText {
  return new SourceText(`grammar/conventions/${name}.toml`, SHIPPED_CONVENTIONS[name]!);
}

function unknownOperations(natives: Config['natives'], operations: Operations): Diagnostic[] {
  const known = operations.all.map(({ name }) => name);
  return natives.flatMap(({ operation, place }): Diagnostic[] => {
    if (operation === null || known.includes(operation)) return [];
    const message = `there is no operation ${operation}${suggestion(operation, known)}`;
    return [{ severity: 'error', message, ...place }];
  });
}

/** Names relative to a folder. Standard input, and what ships with the tool, has a name of its own. */
function fileNames(folder: string): Settings['nameOf'] {
  const name = relativeNames(resolve(folder), process.cwd());
  return ({ name: given }) =>
    given === STANDARD_INPUT || given.startsWith('grammar/conventions/') ? given : name(given);
}
