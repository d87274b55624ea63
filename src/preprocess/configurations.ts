/**
 * Configurations: settings of the names that a file's own conditions test, so that code in every #if branch is seen.
 * "Own" are the main file and the headers that the caller calls local; what other headers test is given.
 */
import type { SourceText } from '../syntax/source.ts';
import { type Token, TokenKind } from '../syntax/token.ts';
import { createCache } from './cache.ts';
import { conditionOf } from './condition.ts';
import { macroTokens } from './definition.ts';
import { preprocess } from './preprocess.ts';
import {
  type ConditionalBranch,
  type ConditionalGroup,
  type DirectiveSegment,
  directiveTokens,
  type FileStructure,
  isGuard,
} from './structure.ts';
import type { Preprocessed, PreprocessOptions } from './types.ts';

/** What a run changes over the base run. */
export interface Configuration {
  /** `CONFIG_SMP=1, CONFIG_NUMA not set`; empty for the base run. */
  readonly name: string;
  readonly fixed: ReadonlyMap<string, string | null>;
  /** Branches decided against their condition (`#if 0`), where no name can do it. */
  readonly forced: ReadonlyMap<ConditionalBranch, boolean>;
}

export interface ConfiguredRun {
  readonly configuration: Configuration;
  readonly result: Preprocessed;
}

/** Whether a file is one whose conditions count; by default: found beside the main file, not through -I. */
export type IsLocal = (file: SourceText) => boolean;

/** More combinations than this are not tried; `complete` is false then. */
const RUN_LIMIT = 4096;

/** The options of a run under a configuration. */
export function configured(options: PreprocessOptions, { fixed, forced }: Configuration): PreprocessOptions {
  if (fixed.size === 0 && forced.size === 0) return options;
  const merged = new Map([...(options.fixed ?? []), ...fixed]);
  if (forced.size === 0) return { ...options, fixed: merged };
  return { ...options, fixed: merged, decide: (branch) => forced.get(branch) ?? options.decide?.(branch) };
}

/**
 * A few runs, the base run first, that together make every branch of every local #if active, and each #if without #else
 * once inactive. Names are set where a condition asks for a name, so that all its uses agree; other conditions are forced.
 */
export function coveringRuns(file: SourceText, base: PreprocessOptions, isLocal?: IsLocal): ConfiguredRun[] {
  const study = studyFile(file, base, isLocal);
  const runs = [study.base];
  const covered = new Set<string>();
  const cover = ({ result }: ConfiguredRun) => {
    learn(study, result);
    for (const { group, taken } of result.conditionals) covered.add(targetKey(group, taken));
  };
  cover(study.base);
  for (const force of [false, true]) {
    let waiting = targets(study).filter(({ group, taken }) => !covered.has(targetKey(group, taken)));
    while (waiting.length > 0) {
      const draft = { fixed: new Map<string, string | null>(), forced: new Map<ConditionalBranch, boolean>() };
      const later = waiting.filter((target) => !addTarget(study, draft, target, force));
      if (later.length === waiting.length) break;
      const run = runUnder(study, { name: nameOf(draft.fixed, draft.forced), ...draft });
      const before = covered.size;
      cover(run);
      if (covered.size > before) runs.push(run);
      waiting = later.filter(({ group, taken }) => !covered.has(targetKey(group, taken)));
    }
  }
  return runs;
}

/**
 * Every combination of the names that local conditions test, as far as it changes which local code is active: of
 * combinations that take the same branches only the first is kept, the base run first of all. A combination for which
 * the file has an #error is none.
 */
export function allConfigurations(
  file: SourceText,
  base: PreprocessOptions,
  isLocal?: IsLocal,
): { runs: ConfiguredRun[]; complete: boolean } {
  const study = studyFile(file, base, isLocal);
  const bySignature = new Map<string, ConfiguredRun>();
  let tried = 1;
  // A name is varied only where a condition on it is met: what stands in a skipped branch makes no combinations.
  const explore = (run: ConfiguredRun): void => {
    learn(study, run.result);
    const { fixed } = run.configuration;
    const name = firstOpenName(study, run.result, fixed);
    if (name === null) {
      const key = signature(study, run.result);
      if (!bySignature.has(key)) bySignature.set(key, run);
      return;
    }
    const [asIs, ...others] = study.values.get(name)!;
    // Held at the value it has anyway, a name changes nothing: the run need not be repeated.
    explore({ configuration: settled(fixed, name, asIs as string | null), result: run.result });
    for (const value of others) {
      if (tried++ >= RUN_LIMIT) return;
      const next = runUnder(study, settled(fixed, name, value));
      if (!isRefused(study, next)) explore(next);
    }
  };
  explore(study.base);
  return { runs: [...bySignature.values()], complete: tried < RUN_LIMIT };
}

/** A configuration with one name more. */
function settled(fixed: ReadonlyMap<string, string | null>, name: string, value: string | null): Configuration {
  const more = new Map(fixed).set(name, value);
  return { name: nameOf(more, new Map()), fixed: more, forced: new Map() };
}

/** What is known of a file's local conditions after the base run. */
interface Study {
  readonly file: SourceText;
  readonly options: PreprocessOptions;
  readonly base: ConfiguredRun;
  readonly isLocal: IsLocal;
  readonly structures: FileStructure[];
  /** The names that may be varied, with the values that matter, that of the base run first. */
  readonly values: Map<string, readonly (string | null)[]>;
}

/** A branch to be seen; `taken` is -1 for the absence of all branches of a group without #else. */
interface Target {
  readonly group: ConditionalGroup;
  readonly taken: number;
}

function studyFile(file: SourceText, base: PreprocessOptions, isLocal?: IsLocal): Study {
  const options = base.cache === undefined ? { ...base, cache: createCache([file]) } : base;
  const result = preprocess(file, options);
  const local = isLocal ?? besideMain(file, options.includeDirs);
  const configuration: Configuration = { name: '', fixed: new Map(), forced: new Map() };
  const study: Study = {
    file,
    options,
    base: { configuration, result },
    isLocal: local,
    structures: [],
    values: new Map(),
  };
  learn(study, result);
  return study;
}

/** Takes in the local files that a run has entered and no run before it. */
function learn(study: Study, result: Preprocessed): void {
  const known = new Set(study.structures.map(({ file }) => file));
  const fresh = result.files.filter((file) => !known.has(file) && study.isLocal(file));
  if (fresh.length === 0) return;
  study.structures.push(...fresh.map((file) => study.options.cache!.structure(file)));
  for (const [name, values] of variedNames(study.structures, study.base.result)) study.values.set(name, values);
}

/** Files found without -I: the main file, and what it and its like include by "name" from their own folders. */
function besideMain(main: SourceText, includeDirs: readonly string[]): IsLocal {
  return (file) => file === main || !includeDirs.some((directory) => file.name.startsWith(`${directory}/`));
}

function runUnder(study: Study, configuration: Configuration): ConfiguredRun {
  return { configuration, result: preprocess(study.file, configured(study.options, configuration)) };
}

function segmentOf(structure: FileStructure, branch: ConditionalBranch): DirectiveSegment {
  return structure.segments[branch.segment] as DirectiveSegment;
}

function localGroups(structure: FileStructure): ConditionalGroup[] {
  return structure.groups.filter((group) => !isGuard(structure, group));
}

/**
 * The names that conditions test and that no local file defines itself. Names with two underscores say which compiler
 * or language reads the text, and function-like macros are tools of conditions, no settings.
 */
function variedNames(structures: readonly FileStructure[], base: Preprocessed): Map<string, (string | null)[]> {
  const own = new Set(structures.flatMap(definedNames));
  const values = new Map<string, (string | null)[]>();
  for (const structure of structures) {
    for (const branch of localGroups(structure).flatMap(({ branches }) => branches)) {
      if (branch.keyword === 'else') continue;
      const segment = segmentOf(structure, branch);
      const tokens = directiveTokens(structure.file, segment);
      for (const name of conditionOf(structure.file, segment).names) {
        const macro = base.macros.get(name);
        if (own.has(name) || name.startsWith('__') || (macro !== undefined && macro.parameters !== null)) continue;
        const known = values.get(name) ?? [macro === undefined ? null : textOf(macroTokens(macro))];
        for (const value of testedValues(tokens, name, known[0]!)) if (!known.includes(value)) known.push(value);
        values.set(name, known);
      }
    }
  }
  return values;
}

function definedNames(structure: FileStructure): string[] {
  return structure.segments
    .filter((segment) => segment.kind === 'directive')
    .filter(({ keyword }) => keyword === 'define' || keyword === 'undef')
    .map((segment) => directiveTokens(structure.file, segment)[0]?.text ?? '');
}

function textOf(tokens: readonly Token[]): string {
  return tokens.map(({ text, spaceBefore }, index) => (spaceBefore && index > 0 ? ' ' : '') + text).join('');
}

const MIRRORED: Readonly<Record<string, string>> = {
  '<': '>',
  '>': '<',
  '<=': '>=',
  '>=': '<=',
  '==': '==',
  '!=': '!=',
};

/** The comparison `name op number` (or the other way round) that stands around the token at `index`. */
function comparison(tokens: readonly Token[], index: number): { operator: string; number: number } | null {
  for (const [side, mirrored] of [
    [1, false],
    [-1, true],
  ] as const) {
    const operator = tokens[index + side]?.text ?? '';
    const number = tokens[index + 2 * side];
    if (
      MIRRORED[operator] === undefined ||
      number?.kind !== TokenKind.Number ||
      !/^(0x[\da-f]+|\d+)$/i.test(number.text)
    )
      continue;
    return { operator: mirrored ? MIRRORED[operator]! : operator, number: Number(number.text) };
  }
  return null;
}

/** The values of a name between which a condition can tell: those it compares with, else set and not set. */
function testedValues(tokens: readonly Token[], name: string, base: string | null): (string | null)[] {
  const values: (string | null)[] = [];
  tokens.forEach((token, index) => {
    if (token.text !== name) return;
    const compared = comparison(tokens, index);
    if (compared === null) values.push(base === null ? '1' : null);
    else values.push(...[satisfying(compared, true), satisfying(compared, false)].filter((value) => value !== null));
  });
  return values;
}

/** A value for which a comparison comes out as desired. */
function satisfying({ operator, number }: { operator: string; number: number }, desired: boolean): string {
  const up = operator === '>' || operator === '!=' ? 1 : operator === '<' ? -1 : 0;
  const down = operator === '>=' ? -1 : operator === '<=' || operator === '==' ? 1 : 0;
  return String(number + (desired ? up : down));
}

/** All that should be seen. A branch with an #error in it is one that its author has ruled out. */
function targets({ structures }: Study): Target[] {
  return structures.flatMap((structure) =>
    localGroups(structure).flatMap((group) => {
      const all = group.branches
        .map((_, taken) => ({ group, taken }))
        .filter(({ taken }) => !refuses(structure, group.branches[taken]!));
      return group.branches.at(-1)!.keyword === 'else' ? all : [...all, { group, taken: -1 }];
    }),
  );
}

/** Whether an #error stands in a branch, not only in some branch within it. */
function refuses({ segments }: FileStructure, branch: ConditionalBranch): boolean {
  for (let index = branch.segment + 1; index < segments.length; index++) {
    const segment = segments[index]!;
    if (segment.kind === 'text') continue;
    if (segment.keyword === 'error') return true;
    if (segment.group === branch.group) return false;
    if (segment.group !== null && segment.branch === 0) index = segment.group.endSegment;
  }
  return false;
}

/** Whether a run met an #error of a local file that the base run did not meet. */
function isRefused(study: Study, { result }: ConfiguredRun): boolean {
  const errors = ({ diagnostics }: Preprocessed) =>
    diagnostics.filter(({ message, file }) => message.startsWith('#error') && study.isLocal(file)).length;
  return errors(result) > errors(study.base.result);
}

function targetKey({ file, branches }: ConditionalGroup, taken: number): string {
  return `${file.name}:${branches[0]!.start}:${taken}`;
}

interface Draft {
  readonly fixed: Map<string, string | null>;
  readonly forced: Map<ConditionalBranch, boolean>;
}

/** Adds what makes a target active to a draft; false, and the draft unchanged, when it contradicts what is there. */
function addTarget(study: Study, draft: Draft, target: Target, force: boolean): boolean {
  const fixed = new Map(draft.fixed);
  const forced = new Map(draft.forced);
  for (let at: Target | null = target; at !== null; at = outer(at.group)) {
    const { group, taken } = at;
    const structure = study.structures.find(({ file }) => file === group.file)!;
    const last = taken === -1 ? group.branches.length - 1 : taken;
    for (let index = 0; index <= last; index++) {
      const branch = group.branches[index]!;
      if (branch.keyword === 'else') continue;
      const desired = index === taken;
      const given = givenOutcome(study, structure, branch);
      if (given !== null) {
        if (given !== desired) return false;
        continue;
      }
      const settings = force ? null : solve(study, structure, branch, desired);
      if (settings === null) {
        if ((forced.get(branch) ?? desired) !== desired) return false;
        forced.set(branch, desired);
        continue;
      }
      for (const [name, value] of settings) {
        if (fixed.has(name) && fixed.get(name) !== value) return false;
        fixed.set(name, value);
      }
    }
  }
  for (const [name, value] of fixed) draft.fixed.set(name, value);
  for (const [branch, desired] of forced) draft.forced.set(branch, desired);
  return true;
}

function outer({ parent }: ConditionalGroup): Target | null {
  return parent === null ? null : { group: parent.group, taken: parent.group.branches.indexOf(parent) };
}

/**
 * The outcome of a condition on nothing but names with two underscores (`__ASSEMBLY__`), which say who reads the text and
 * cannot be set otherwise for an assembler; null for any other condition.
 */
function givenOutcome(study: Study, structure: FileStructure, branch: ConditionalBranch): boolean | null {
  const { terms, any } = conditionOf(structure.file, segmentOf(structure, branch));
  if (terms?.every(({ name }) => name.startsWith('__')) !== true) return null;
  const holds = ({ name, negated }: { name: string; negated: boolean }) =>
    study.base.result.macros.has(name) !== negated;
  return any ? terms.some(holds) : terms.every(holds);
}

/** Settings of names that make a branch's condition come out as desired; null when no setting is sure to. */
function solve(
  study: Study,
  structure: FileStructure,
  branch: ConditionalBranch,
  desired: boolean,
): Map<string, string | null> | null {
  const segment = segmentOf(structure, branch);
  const { terms, any } = conditionOf(structure.file, segment);
  const settings = new Map<string, string | null>();
  const set = (name: string, wanted: boolean) => {
    const values = study.values.get(name);
    const value = wanted ? values?.find((each) => each !== null) : values?.includes(null) ? null : undefined;
    if (value === undefined || (settings.has(name) && settings.get(name) !== value)) return false;
    settings.set(name, value);
    return true;
  };
  if (terms !== null) {
    // One term decides a conjunction that is to fail or a disjunction that is to hold; else all terms are needed.
    const make = ({ name, negated }: { name: string; negated: boolean }) => set(name, desired !== negated);
    return (any === desired ? terms.some(make) : terms.every(make)) ? settings : null;
  }
  const tokens = directiveTokens(structure.file, segment);
  const [first, second] = tokens;
  if (tokens.length === 1 && first!.kind === TokenKind.Identifier) return setTruth(study, first!.text, desired);
  if (tokens.length === 2 && first!.text === '!' && second!.kind === TokenKind.Identifier)
    return setTruth(study, second!.text, !desired);
  if (tokens.length !== 3) return null;
  const index = tokens.findIndex(({ kind }) => kind === TokenKind.Identifier);
  const compared = index === -1 ? null : comparison(tokens, index);
  if (compared === null || !study.values.has(tokens[index]!.text)) return null;
  return new Map([[tokens[index]!.text, satisfying(compared, desired)]]);
}

/** `#if NAME`: true for a value other than 0. */
function setTruth({ values }: Study, name: string, desired: boolean): Map<string, string | null> | null {
  const known = values.get(name);
  if (known === undefined) return null;
  return new Map([[name, desired ? (known.find((value) => value !== null && value !== '0') ?? '1') : null]]);
}

/** `A=1, B not set`, and the conditions forced. */
function nameOf(fixed: ReadonlyMap<string, string | null>, forced: ReadonlyMap<ConditionalBranch, boolean>): string {
  const names = [...fixed].map(([name, value]) =>
    value === null ? `${name} not set` : value === '' ? `${name} set` : `${name}=${value}`,
  );
  const places = [...forced].map(([{ group, keyword, start, expression }, value]) => {
    const { line } = group.file.position(start);
    return `#${keyword} ${expression} at ${group.file.name}:${line} taken as ${value}`;
  });
  return [...names, ...places].join(', ');
}

/** Which local branches a run took, as text to compare. */
function signature(study: Study, result: Preprocessed): string {
  return result.conditionals
    .filter(({ group }) => study.isLocal(group.file))
    .map(({ group, taken }) => targetKey(group, taken))
    .join();
}

/** The first name that a condition met in a run tests and that has no fixed value yet. */
function firstOpenName(study: Study, result: Preprocessed, fixed: ReadonlyMap<string, string | null>): string | null {
  for (const { group } of result.conditionals) {
    const structure = study.structures.find(({ file }) => file === group.file);
    if (structure === undefined) continue;
    for (const branch of group.branches) {
      if (branch.keyword === 'else') continue;
      const open = conditionOf(structure.file, segmentOf(structure, branch)).names.find(
        (name) => study.values.has(name) && !fixed.has(name),
      );
      if (open !== undefined) return open;
    }
  }
  return null;
}
