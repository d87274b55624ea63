/** `build --link-together`: the listings of all targets of a call made so that one image can hold them. */
import { basename, dirname, join, posix } from 'node:path';
import type { LinkRules } from '../config/link-rules.ts';
import type { Output } from '../expand/headers.ts';
import type { TargetChoice } from '../expand/plan.ts';
import { namesHeader, renamedText, wrongSymbols } from '../link/listings.ts';
import { variantsHeader, variantsTable } from '../link/table.ts';
import { linkedSymbols, namingErrors, variantsOf } from '../link/variant.ts';
import { type ReadRun, type SourceWords, wordsOf } from '../link/words.ts';
import { targetFolder } from '../output-places.ts';
import type { PipelineOptions } from '../pipeline.ts';
import { preprocess } from '../preprocess/preprocess.ts';
import { readCode } from '../project/code.ts';
import { readableByCpp } from '../project/files.ts';
import { isHeader } from '../project/reading.ts';
import type { SeparateBuild } from '../separate-builds.ts';
import type { Diagnostic } from '../syntax/diagnostic.ts';
import { SourceText } from '../syntax/source.ts';
import { Failure } from './failure.ts';
import { withSlashes } from './path-text.ts';
import { realFolder } from './places.ts';
import type { OutputFile } from './writing.ts';

/** A source of the call, with what must be known of it to rename symbols. */
export interface LinkedSource {
  readonly file: SourceText;
  readonly words: SourceWords;
}

/** Throws a Failure for a call that has nothing to link together. */
export function refuseUnlinkable(targets: readonly TargetChoice[], output: string | null): void {
  if (targets.length < 2) throw new Failure('--link-together needs several targets');
  if (output === null) throw new Failure('--link-together needs -o DIR: several listings are written');
}

export function linkedWords({ built, runs }: SeparateBuild): SourceWords {
  const { units } = built.rewritten.project;
  return wordsOf(
    runs.map((run): ReadRun => {
      const unit = units.find(({ preprocessed }) => preprocessed === run);
      return { run, code: unit?.analysis.program ?? readCode(run) };
    }),
  );
}

export class Linking {
  readonly #symbols;
  readonly #variants;
  readonly #headers;
  readonly #words: ReadonlyMap<SourceText, SourceWords>;

  constructor(
    sources: readonly LinkedSource[],
    private readonly targets: readonly TargetChoice[],
    rules: LinkRules,
    private readonly options: PipelineOptions,
    private readonly directory: string,
  ) {
    const words = sources.map((source) => source.words);
    this.#words = new Map(sources.map((source) => [source.file, source.words]));
    this.#symbols = linkedSymbols(words, rules);
    this.#variants = variantsOf(
      targets.map(({ label }) => label),
      this.#symbols,
      rules,
    );
    this.#headers = this.#variants.map(namesHeader);
    this.errors = namingErrors(this.#variants, this.#symbols, words);
  }

  /** Why symbols cannot be named so; empty: they can. */
  readonly errors: readonly Diagnostic[];

  /** What is written of a source for a target, its symbols renamed. */
  renamed(choice: TargetChoice, file: SourceText, place: string, outputs: readonly Output[]): Output[] {
    if (isHeader(file)) return [...outputs];
    const renaming = this.#renamingOf(choice, place);
    const words = this.#words.get(file)!;
    return outputs.map((output) =>
      output.place === place
        ? { place, text: renamedText({ text: output.text, dialect: file.dialect }, words, renaming) }
        : output,
    );
  }

  /** The headers of names, and what C needs of the image. */
  ownFiles(): OutputFile[] {
    const headers = this.#headers.flatMap((header, index) =>
      header === null ? [] : [{ path: join(this.#folder(index), header.place), text: header.text }],
    );
    const paths = this.#headers.map((header, index) =>
      header === null ? null : `${targetFolder(this.targets[index]!.label)}/${header.place}`,
    );
    return [
      ...headers,
      { path: join(this.directory, 'variants.h'), text: variantsHeader(this.#variants, this.#symbols, paths) },
      { path: join(this.directory, 'variants.S'), text: variantsTable(this.#variants, this.#symbols) },
    ];
  }

  /** Reads a listing again, as the assembler will, and says which symbols came out otherwise than they should. */
  wrong(choice: TargetChoice, file: SourceText, place: string, written: readonly OutputFile[]): readonly Diagnostic[] {
    if (isHeader(file)) return [];
    // Nothing is written yet: `..` in the name of a header must not lead through folders that are not there.
    const real = (path: string) => withSlashes(join(realFolder(dirname(path)), basename(path)));
    const texts = new Map(written.map(({ path, text }) => [real(path), text]));
    const path = real(join(this.#folder(this.targets.indexOf(choice)), place));
    const source = readableByCpp(new SourceText(path, texts.get(path)!));
    const { read } = this.options.host;
    const host = {
      read: (name: string) => {
        const plain = posix.normalize(name);
        return texts.get(plain) ?? read(plain);
      },
    };
    const { includeDirs, quoteDirs, commands, strict = true } = this.options;
    const run = preprocess(source, { includeDirs, quoteDirs, commands, strict, host });
    return wrongSymbols({ run, code: readCode(run) }, this.#words.get(file)!, this.#renamingOf(choice, place));
  }

  #renamingOf(choice: TargetChoice, place: string) {
    const index = this.targets.indexOf(choice);
    const header = this.#headers[index];
    return {
      variant: this.#variants[index]!,
      isFirst: index === 0,
      symbols: this.#symbols,
      header: header == null ? null : posix.relative(posix.dirname(place), header.place),
    };
  }

  #folder(index: number): string {
    return join(this.directory, targetFolder(this.targets[index]!.label));
  }
}
