/** What is found in files that are open: as `pvasm check` finds it, and the analysis that hovers ask. */
import { basename, resolve } from 'node:path';
import { judge } from '../../lint/check.ts';
import type { Finding } from '../../lint/finding.ts';
import { isCalledWrong, wantChoices, withChoices } from '../../lint/repairs.ts';
import { inspectInputs } from '../../lint/schedule.ts';
import { rewrite } from '../../pipeline.ts';
import { fileKey } from '../../project/files.ts';
import { openProject } from '../../project/open.ts';
import type { Project } from '../../project/project.ts';
import type { Diagnostic } from '../../syntax/diagnostic.ts';
import type { SourceText } from '../../syntax/source.ts';
import { type CheckSettingArguments, type CheckSettings, readBaseline, readCheckSettings } from '../check-settings.ts';
import { readOptional, readSource } from '../files.ts';
import type { OpenDocument, OpenDocuments } from './documents.ts';
import { checkFolder, inFolder, nameFrom } from './folders.ts';
import { sourcesOf } from './sources.ts';

export interface CheckedFile {
  /** The folder that it was checked in. */
  readonly folder: string;
  readonly file: SourceText;
  /** The findings and messages in this file; only messages after errors in any file. */
  readonly findings: readonly Finding[];
  /** What could not be read, and headers that are not there; in any file. */
  readonly messages: readonly Diagnostic[];
  /** Paths of all that was read for it. */
  readonly read: ReadonlySet<string>;
  /** The findings with the repairs that take a choice of registers, which is made when it is asked for. */
  readonly repaired: () => readonly Finding[];
}

/** How many files' analyses are kept: one of a large source takes some hundred megabytes. */
const KEPT = 2;

export class Checks {
  readonly #documents: OpenDocuments;
  readonly #given: CheckSettingArguments;
  readonly #settings = new Map<string, CheckSettings>();
  readonly #projects = new Map<string, { readonly generation: number; readonly project: Project | null }>();
  /** The folders that the editor has open. */
  workspace: readonly string[] = [];

  constructor(documents: OpenDocuments, given: CheckSettingArguments) {
    this.#documents = documents;
    this.#given = given;
  }

  /** What pvasm.toml says is read again. */
  forgetSettings(): void {
    this.#settings.clear();
  }

  folderOf({ path }: OpenDocument): string {
    return checkFolder(path, this.workspace);
  }

  /** Throws a Failure when the settings are wrong, or the file is no text. */
  settings(folder: string): CheckSettings {
    const known = this.#settings.get(folder);
    if (known !== undefined) return known;
    const settings = inFolder(folder, () => readCheckSettings(this.#given));
    this.#settings.set(folder, settings);
    return settings;
  }

  /** Checks a file, a header with sources that include it. Throws as `settings`. */
  check(document: OpenDocument): CheckedFile {
    const folder = this.folderOf(document);
    const settings = this.settings(folder);
    const read = new Set<string>();
    const subject = {
      ...settings.subject,
      host: {
        read: (path: string) => {
          read.add(resolve(folder, path));
          return readOptional(path);
        },
      },
    };
    return inFolder(folder, () => {
      const { file, inputs, left } = this.#inputs(document, folder);
      for (const { name } of inputs) read.add(resolve(name));
      const inspections = inputs.length === 0 ? [] : inspectInputs({ ...subject, inputs });
      const partly = left === 0 ? [] : [partlyChecked(file, inputs, left)];
      const messages = [...partly, ...inspections.flatMap(({ diagnostics }) => diagnostics)];
      const checked = { folder, file, messages, read };
      if (messages.some(({ severity }) => severity === 'error'))
        return { ...checked, findings: [], repaired: () => [] };
      const { config, nameOf, suppressions } = settings;
      const { findings: all } = judge(inspections, {
        ...{ ...subject, config, nameOf, suppressions },
        baseline: readBaseline(config),
      });
      const findings = all.filter((finding) => fileKey(finding.file) === fileKey(file));
      const repaired = () =>
        wantChoices(findings)
          ? inFolder(folder, () =>
              withChoices(findings, rewrite({ ...subject, inputs, choosesAnew: isCalledWrong(findings) })),
            )
          : findings;
      return { ...checked, findings, repaired: once(repaired) };
    });
  }

  /** The file's code as `pvasm explain` sees it; null where it has errors, or is a header that nothing includes. */
  project(document: OpenDocument): Project | null {
    const { generation } = this.#documents;
    const known = this.#projects.get(document.path);
    this.#projects.delete(document.path);
    const kept = known?.generation === generation ? known : { generation, project: this.#open(document) };
    this.#projects.set(document.path, kept);
    for (const path of [...this.#projects.keys()].slice(0, -KEPT)) this.#projects.delete(path);
    return kept.project;
  }

  #open(document: OpenDocument): Project | null {
    const folder = this.folderOf(document);
    const { subject } = this.settings(folder);
    return inFolder(folder, () => {
      const { inputs } = this.#inputs(document, folder);
      if (inputs.length === 0) return null;
      const { project, diagnostics } = openProject({ ...subject, inputs, everySource: true });
      return diagnostics.some(({ severity }) => severity === 'error') ? null : project;
    });
  }

  /** What a call for the file would name: itself; of a header, itself and sources that include it. */
  #inputs(document: OpenDocument, folder: string): Inputs {
    const file = this.#documents.source(document, folder);
    if (!isHeader(file)) return { file, inputs: [file], left: 0 };
    const open = this.#documents.all();
    const { taken, all } = sourcesOf(
      file.name,
      open.map(({ path }) => nameFrom(folder, path)),
    );
    const sources = taken.map((name) => {
      const other = this.#documents.get(resolve(folder, name));
      return other === undefined ? readSource(name) : this.#documents.source(other, folder);
    });
    return { file, inputs: sources.length === 0 ? [] : [file, ...sources], left: all - taken.length };
  }
}

interface Inputs {
  readonly file: SourceText;
  readonly inputs: readonly SourceText[];
  /** How many sources that include the header are not among them. */
  readonly left: number;
}

/** Says at the head of a header that not all of its sources were looked at. */
function partlyChecked(file: SourceText, [, ...sources]: readonly SourceText[], left: number): Diagnostic {
  const names = sources.map(({ name }) => name).join(', ');
  const message = `checked with ${names}, and not with ${left} more that include it; open one to have it looked at, or run pvasm check --with-includers`;
  return { severity: 'note', message, file, start: 0, end: 0 };
}

function isHeader({ name }: SourceText): boolean {
  return basename(name).endsWith('.h');
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
