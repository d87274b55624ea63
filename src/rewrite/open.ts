/**
 * Opens a project: every source is preprocessed, freed of assembler macros, parsed and analysed, under the configuration
 * as given and under those that reach what it leaves out.
 */
import { type Analysis, analyse, type Conventions } from '../analysis/index.ts';
import { expandAssemblerMacros } from '../macros/index.ts';
import { type Command, createCache, type Host, type PreprocessCache, type Preprocessed, preprocess } from '../preprocess/index.ts';
import { type Diagnostic, parseTokens, type SourceText, type Token } from '../syntax/index.ts';
import { nativeMacros } from './native.ts';
import type { Operations } from './operations.ts';
import { fileKey, Project } from './project.ts';
import type { Unit } from './units.ts';

export interface ProjectOptions {
  /** The files named in the call: sources, and headers that sources of the call include. */
  readonly inputs: readonly SourceText[];
  readonly includeDirs: readonly string[];
  readonly commands: readonly Command[];
  /** A missing header is an error. */
  readonly strict: boolean;
  /** Reads headers; the texts of `inputs` take precedence. */
  readonly host: Host;
  readonly operations: Operations;
  readonly conventions: Conventions;
}

export interface OpenedProject {
  readonly project: Project;
  /** Of the configuration as given: what other configurations complain about is theirs. */
  readonly diagnostics: readonly Diagnostic[];
}

export function openProject(options: ProjectOptions): OpenedProject {
  const run = preprocessor(options);
  const words = siteWords(options.operations);
  const given = new Map(options.inputs.map((input) => [input, run(input, undefined)]));
  const diagnostics: Diagnostic[] = [];
  const units: Unit[] = [];
  for (const [source, preprocessed] of given) {
    if (isIncludedBy(source, given)) continue;
    for (const configured of [{ name: 'as given', preprocessed }, ...coveringRuns(source, preprocessed, run)]) {
      if (!mentionsSite(configured.preprocessed.tokens, words)) {
        if (configured.name === 'as given') diagnostics.push(...preprocessed.diagnostics);
        continue;
      }
      const { analysis, errors } = analyseTokens(configured.preprocessed, options.conventions);
      if (configured.name === 'as given') diagnostics.push(...preprocessed.diagnostics, ...errors);
      units.push(makeUnit(units.length, source, configured.name, configured.preprocessed, analysis));
    }
  }
  return { project: new Project(options.inputs, units), diagnostics };
}

type Run = (source: SourceText, decide: Parameters<typeof preprocess>[1]['decide']) => Preprocessed;

function preprocessor(options: ProjectOptions): Run {
  const cache: PreprocessCache = createCache();
  const macros = nativeMacros(options.operations);
  const texts = new Map(options.inputs.map((input) => [fileKey(input), input.text]));
  const host: Host = { read: (path) => texts.get(path) ?? options.host.read(path) };
  const { includeDirs, commands, strict } = options;
  return (source, decide) => preprocess(source, { includeDirs, commands, strict, host, macros, cache, ...(decide === undefined ? {} : { decide }) });
}

/** A header of the call is analysed where it is included; alone it has no context. */
function isIncludedBy(source: SourceText, given: ReadonlyMap<SourceText, Preprocessed>): boolean {
  for (const [other, { includes }] of given)
    if (other !== source && includes.some(({ resolved }) => resolved !== undefined && fileKey(resolved) === fileKey(source))) return true;
  return false;
}

function coveringRuns(_source: SourceText, _given: Preprocessed, _run: Run): { name: string; preprocessed: Preprocessed }[] {
  return [];
}

function analyseTokens(preprocessed: Preprocessed, conventions: Conventions): { analysis: Analysis; errors: readonly Diagnostic[] } {
  const expanded = expandAssemblerMacros(preprocessed.tokens);
  const { statements, errors } = parseTokens(expanded.tokens);
  const analysis = analyse(statements, expanded.tokens, { conventions });
  return { analysis, errors: [...expanded.diagnostics, ...errors] };
}

function makeUnit(id: number, source: SourceText, configuration: string, preprocessed: Preprocessed, analysis: Analysis): Unit {
  const { aliases } = analysis.program.symbols;
  const frame = { inputs: 32, locals: 32, outputs: 32, rotating: 0 };
  return { id, source, configuration, preprocessed, analysis, scope: { alias: (name) => aliases.get(name), frame } };
}

/** Words without which there is no site: mnemonics other than mov, and the registers that a mov must name. */
function siteWords(operations: Operations): ReadonlySet<string> {
  const words = new Set(['k0', 'k1', 'k2', 'k3', 'k4', 'k5', 'k6', 'k7']);
  for (const { native, macro } of operations.all) {
    words.add(macro).add(`${macro}_P`);
    for (const word of native.replace(/\{\w+\}/g, ' ').match(/[a-z]\w+/g) ?? []) if (word !== 'mov' && word !== 'ar') words.add(word);
  }
  return words;
}

function mentionsSite(tokens: readonly Token[], words: ReadonlySet<string>): boolean {
  for (const token of tokens) if (words.has(token.text)) return true;
  return false;
}
