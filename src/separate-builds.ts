/**
 * Builds each file of a call as if it were the only one: a source gets headers of its own, so that its listings do not depend on
 * what else is built with it. A header named in the call gets a listing that serves all sources which include it.
 */
import type { TargetChoice } from './expand/plan.ts';
import type { TableSlot } from './expand/table-calls.ts';
import { isNew } from './expand/target-errors.ts';
import { type Built, buildProject, type Listing, type PipelineOptions } from './pipeline.ts';
import { createCache } from './preprocess/cache.ts';
import type { Preprocessed } from './preprocess/types.ts';
import { fileKey } from './project/files.ts';
import { openProject } from './project/open.ts';
import { Project } from './project/project.ts';
import { isHeader } from './project/reading.ts';
import type { Refusal, Site } from './rewrite/site.ts';
import type { Diagnostic } from './syntax/diagnostic.ts';
import type { Edit } from './syntax/edits.ts';
import type { SourceText } from './syntax/source.ts';

/** Why a site stays native for a target. */
export interface SiteFailure {
  readonly site: Pick<Site, 'file' | 'start' | 'end' | 'operation'>;
  readonly reason: string;
  readonly fatal: boolean;
  /** The target's. */
  readonly label: string;
}

/** A listing without what it was made of. */
export interface FinishedListing extends Omit<Listing, 'edits'> {
  readonly edits: readonly Edit[];
}

/** What is built for one file of a call, and for the headers that it includes. Nothing of its analysis is kept. */
export interface FinishedFile {
  readonly file: SourceText;
  readonly listings: readonly FinishedListing[];
  readonly failures: readonly SiteFailure[];
  /** For each listing of alternative C: the slots of the table that its sites load from. */
  readonly slots: ReadonlyMap<TargetChoice, readonly TableSlot[]>;
  readonly refusals: readonly Refusal[];
  /** Why the listings are wrong, although every site could be expanded. */
  readonly errors: readonly Diagnostic[];
  /** What the preprocessor has read for them. */
  readonly runs: readonly Pick<Preprocessed, 'files' | 'includes'>[];
}

/** What is built for one file of a call, with its analysis. */
export interface SeparateBuild {
  readonly file: SourceText;
  readonly built: Built;
  /** What the preprocessor has read for it. */
  readonly runs: readonly Preprocessed[];
}

export interface SeparateBuilds<T> {
  readonly inputs: readonly SourceText[];
  readonly diagnostics: readonly Diagnostic[];
  /** For each file of the call. */
  readonly builds: readonly T[];
}

/** Hears which file of a call comes next, by its index. */
export type Progress = (file: SourceText, index: number) => void;

/**
 * @param take what is to be kept of a build
 * @param progress called with each file before it is built
 */
export function buildSeparately<T>(
  options: PipelineOptions,
  take: (build: SeparateBuild) => T,
  progress: Progress = () => undefined,
): SeparateBuilds<T> {
  return buildOneByOne(options, take, progress) ?? buildTogether(options, take, progress);
}

function buildOneByOne<T>(
  options: PipelineOptions,
  take: (build: SeparateBuild) => T,
  progress: Progress,
): SeparateBuilds<T> | null {
  const builder = aloneBuilder(options, take);
  if (builder === null) return null;
  const builds: BuiltAlone<T>[] = [];
  for (const [index, file] of options.inputs.entries()) {
    progress(file, index);
    const built = builder(file);
    if (built === null) return null;
    builds.push(built);
  }
  return withoutRepetitions(options.inputs, builds);
}

/** What is built for one source of a call without regard to the others. */
export interface BuiltAlone<T> {
  readonly build: T;
  /** What reading the source complains about. */
  readonly diagnostics: readonly Diagnostic[];
  /** The messages about unknown instructions and macros, each of which a call reports once. */
  readonly unknown: ReadonlySet<string>;
  /** Errors about targets and headers: each source has them, and a call reports them once. */
  readonly complaints: readonly Diagnostic[];
}

/** Null where another file of the call is read for the source, so that the files must be built together. */
export type AloneBuilder<T> = (file: SourceText) => BuiltAlone<T> | null;

/**
 * Opens, builds and forgets one source after the other: nearly all that a build holds are tokens and code of one source. What
 * is read of headers serves the next ones. Null where files of the call must be built together.
 */
export function aloneBuilder<T>(options: PipelineOptions, take: (build: SeparateBuild) => T): AloneBuilder<T> | null {
  const { inputs } = options;
  const keys = new Set(inputs.map(fileKey));
  if (keys.size < inputs.length || inputs.some(isHeader)) return null;
  const shared = { ...options, cache: options.cache ?? createCache(inputs) };
  const whole = new Project(inputs, []);
  return (file) => {
    const unknown = new Set<string>();
    const { project: opened, diagnostics } = openProject({ ...shared, inputs: [file], reported: unknown });
    const project = new Project([file], opened.units, opened.siteless, whole, opened.decided);
    const runs = runsFor(file, project);
    const others = runs.flatMap((run) => run.files).filter((each) => fileKey(each) !== fileKey(file));
    if (others.some((other) => keys.has(fileKey(other)))) return null;
    const built = buildProject({ project, diagnostics: [] }, options);
    const build = take({ file, built, runs });
    whole.forget(file);
    return { build, diagnostics, unknown, complaints: built.rewritten.diagnostics };
  };
}

/** Puts together what was built of each file of a call, in their order. What a call tells once is left with the first. */
export function withoutRepetitions<T>(
  inputs: readonly SourceText[],
  builds: readonly BuiltAlone<T>[],
): SeparateBuilds<T> {
  const reported = new Set<string>();
  const complaints = new Complaints();
  const diagnostics = builds.flatMap((each) => {
    complaints.add(each.complaints);
    const isFirst = ({ message }: Diagnostic) => !each.unknown.has(message) || !reported.has(message);
    const own = each.diagnostics.filter(isFirst);
    for (const message of each.unknown) reported.add(message);
    return own;
  });
  return { inputs, diagnostics: [...diagnostics, ...complaints.all], builds: builds.map(({ build }) => build) };
}

function buildTogether<T>(
  options: PipelineOptions,
  take: (build: SeparateBuild) => T,
  progress: Progress,
): SeparateBuilds<T> {
  const { project, diagnostics } = openProject(options);
  const complaints = new Complaints();
  const builds = [...new Set(project.editable())].map((file, index) => {
    progress(file, index);
    const part = project.part(file);
    const built = buildProject({ project: part, diagnostics: [] }, options);
    complaints.add(built.rewritten.diagnostics);
    return take({ file, built, runs: runsFor(file, part) });
  });
  return { inputs: project.inputs, diagnostics: [...diagnostics, ...complaints.all], builds };
}

/** What builds complain about: of a target, or a header, each says the same. */
class Complaints {
  readonly all: Diagnostic[] = [];
  readonly #reported = new Set<string>();

  add(diagnostics: readonly Diagnostic[]): void {
    for (const each of diagnostics) if (isNew(each, this.#reported)) this.all.push(each);
  }
}

function runsFor(file: SourceText, project: Project): readonly Preprocessed[] {
  return [...new Set([...project.runsOf(file), ...project.units.map(({ preprocessed }) => preprocessed)])];
}

/** What is written, and told, of a build. */
export function finished({ file, built, runs }: SeparateBuild): FinishedFile {
  return {
    file,
    listings: built.listings.map(({ edits, ...listing }) => ({
      ...listing,
      edits: edits.map(({ start, end, text }) => ({ start, end, text })),
    })),
    failures: built.plans.flatMap((plan) =>
      plan.failures.map(({ site, reason, fatal }) => ({
        site: { file: site.file, start: site.start, end: site.end, operation: site.operation },
        ...{ reason, fatal, label: plan.choice.label },
      })),
    ),
    slots: new Map(built.plans.map(({ choice, slots = new Map() }) => [choice, [...slots.values()]])),
    refusals: built.rewritten.refusals,
    errors: built.errors,
    runs: runs.map(({ files, includes }) => ({ files, includes })),
  };
}
