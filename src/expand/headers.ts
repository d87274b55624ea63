/**
 * Makes each output include its own variants of headers. A changed header is written under a name made from its contents, and every
 * #include of it gets that name. So an output finds its variant whatever the order of -I, and no call overwrites what another has
 * written. An unchanged header beside the file that includes it is included by its path from the output.
 */
import { posix } from 'node:path';
import type { Include, Preprocessed } from '../preprocess/types.ts';
import { fileKey } from '../project/files.ts';
import type { Diagnostic } from '../syntax/diagnostic.ts';
import { applyEdits, type Edit } from '../syntax/edits.ts';
import { lineMarker } from '../syntax/line-markers.ts';
import type { SourceText } from '../syntax/source.ts';

/** A file to be written, before its #include lines are changed. */
export interface FileDraft {
  readonly file: SourceText;
  /** In order. */
  readonly edits: readonly Edit[];
  /** Text after the file's own. */
  readonly tail: string;
}

/** A file of the call, which has a place of its own among the outputs. */
export interface PlacedDraft extends FileDraft {
  /** Relative to the folder of the outputs, with slashes. */
  readonly place: string;
}

export interface Output {
  readonly place: string;
  readonly text: string;
}

export interface LinkRequest {
  readonly root: PlacedDraft;
  /** The headers that change, or that must be written although they do not. */
  readonly headers: readonly FileDraft[];
  /** Every preprocessor run with an #include in these files. */
  readonly runs: readonly Pick<Preprocessed, 'includes'>[];
  /** Whether a text begins with a line marker of its origin. */
  readonly marked: boolean;
  /** The path, with slashes, from the folder of an output to a file. */
  readonly pathTo: (place: string, file: SourceText) => string;
}

/** An output, with the edits that make its text from its file's. */
export interface LinkedOutput extends Output {
  readonly file: SourceText;
  /** In order. */
  readonly edits: readonly Edit[];
}

export interface Linked {
  /** The root last. */
  readonly outputs: readonly LinkedOutput[];
  /** Errors for each #include that cannot be made to include the right file. */
  readonly diagnostics: readonly Diagnostic[];
}

/** The folder, beside the outputs, of the headers that come along. */
const HEADER_FOLDER = 'include';
/** Hexadecimal digits of a header's contents in its name. */
const DIGITS = 12;

/** An #include line, with every file that it was resolved to. */
interface Directive {
  readonly include: Include;
  readonly targets: Map<string, SourceText>;
}

/** The #include lines of each file, by `fileKey` and offset. */
type Directives = ReadonlyMap<string, ReadonlyMap<number, Directive>>;

/** The output of a file, and of all headers that it relies on. */
export function linkHeaders(request: LinkRequest): Linked {
  const directives = directivesOf(request.runs);
  const variants = variantsOf(request, directives);
  const diagnostics = [...unreachable(request, variants)];
  const names = headerNames(request, directives, variants);
  const outputs: LinkedOutput[] = [];
  const write = (draft: FileDraft, place: string) => {
    const target = (file: SourceText) => {
      const name = names.get(fileKey(file));
      return name === undefined ? undefined : posix.relative(posix.dirname(place), name);
    };
    const own = [...(directives.get(fileKey(draft.file))?.values() ?? [])];
    const isVariant = variants.has(fileKey(draft.file)) && place !== request.root.place;
    const edits = own.flatMap((directive) => {
      if (isAmbiguous(directive, names)) {
        diagnostics.push(ambiguous(directive));
        return [];
      }
      return directiveEdits(directive, { target, pathTo: (file) => request.pathTo(place, file), isVariant });
    });
    outputs.push({ place, file: draft.file, ...written(draft, edits, request.marked) });
  };
  for (const [key, draft] of variants) write(draft, names.get(key)!);
  write(request.root, request.root.place);
  return { outputs, diagnostics };
}

function directivesOf(runs: LinkRequest['runs']): Directives {
  const directives = new Map<string, Map<number, Directive>>();
  for (const { includes } of runs)
    for (const include of includes) {
      if (include.resolved === undefined) continue;
      const key = fileKey(include.file);
      const own = directives.get(key) ?? new Map<number, Directive>();
      directives.set(key, own);
      const directive = own.get(include.start) ?? { include, targets: new Map<string, SourceText>() };
      own.set(include.start, directive);
      directive.targets.set(fileKey(include.resolved), include.resolved);
    }
  return directives;
}

/** By `fileKey`, the headers to be written: those that change, and those that lead to one of them. */
function variantsOf({ root, headers }: LinkRequest, directives: Directives): Map<string, FileDraft> {
  const includers = new Map<string, SourceText[]>();
  for (const own of directives.values())
    for (const { include, targets } of own.values())
      for (const key of targets.keys()) includers.set(key, [...(includers.get(key) ?? []), include.file]);
  const included = headers.filter(({ file }) => includers.has(fileKey(file)));
  // A source may include itself.
  if (root.edits.length > 0 && includers.has(fileKey(root.file))) included.push({ ...root, tail: '' });
  const variants = new Map(included.map((draft) => [fileKey(draft.file), draft]));
  for (const [key] of variants)
    for (const file of includers.get(key) ?? []) {
      const isIncluded = includers.has(fileKey(file)); // not by the command line (-include), and not the source itself
      if (isIncluded && !variants.has(fileKey(file))) variants.set(fileKey(file), { file, edits: [], tail: '' });
    }
  return variants;
}

/** Errors for changed headers given by -include: these are read before the output, which cannot replace them. */
function* unreachable({ runs }: LinkRequest, variants: ReadonlyMap<string, FileDraft>): Iterable<Diagnostic> {
  const reported = new Set<string>();
  for (const { includes } of runs)
    for (const { file, start, end, path, resolved } of includes) {
      if (file.name !== '<command-line>' || resolved === undefined || !variants.has(fileKey(resolved))) continue;
      if (reported.has(path)) continue;
      reported.add(path);
      const message = `"${path}" has sites, and is given by -include: a listing cannot bring its own variant of it; #include it in the source`;
      yield { severity: 'error', message, file, start, end };
    }
}

/** The place of each variant: made from its name, and a hash of its contents and those of the variants that it includes. */
function headerNames(
  request: LinkRequest,
  directives: Directives,
  variants: ReadonlyMap<string, FileDraft>,
): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const [key, { file }] of variants) {
    const { name, ext } = posix.parse(plainName(file));
    const contents = contentsBelow(key, request, directives, variants);
    // Not imported at the top: loading it takes longer than processing a file without sites.
    const { createHash } = process.getBuiltinModule('node:crypto');
    const hash = createHash('sha256').update(contents, 'latin1').digest('hex').slice(0, DIGITS);
    names.set(key, `${HEADER_FOLDER}/${name}-${hash}${ext}`);
  }
  return names;
}

/** The base name of a header; for one written by an earlier call that of its original, so that a second call changes nothing. */
function plainName({ name }: SourceText): string {
  return posix.basename(name).replace(new RegExp(`-[0-9a-f]{${DIGITS}}(?=(?:\\.[^.]*)?$)`), '');
}

/**
 * Everything that the texts of a variant and of those it includes depend on. Headers may include each other in a cycle, so headers
 * are identified by the order in which they are reached, not by their names, which are made from this.
 */
function contentsBelow(
  top: string,
  request: LinkRequest,
  directives: Directives,
  variants: ReadonlyMap<string, FileDraft>,
): string {
  const order = new Map([[top, 0]]);
  const parts: string[] = [];
  for (const key of order.keys()) {
    const draft = variants.get(key)!;
    const edits = [...(directives.get(key)?.values() ?? [])].flatMap((directive) =>
      directiveEdits(directive, {
        target: (file) => {
          const target = fileKey(file);
          if (!variants.has(target)) return undefined;
          if (!order.has(target)) order.set(target, order.size);
          return `${order.get(target)}`;
        },
        pathTo: (file) => request.pathTo(`${HEADER_FOLDER}/-`, file),
        isVariant: true,
      }),
    );
    parts.push(plainName(draft.file), written(draft, edits, request.marked).text);
  }
  return parts.join('\0');
}

function written({ file, edits, tail }: FileDraft, includes: readonly Edit[], marked: boolean) {
  const all = [...edits, ...includes].sort((a, b) => a.start - b.start);
  if (marked && edits.length === 0) all.unshift({ start: 0, end: 0, text: firstMarker(file) });
  const end = file.text.length;
  if (tail !== '') all.push({ start: end, end, text: tail });
  return { edits: all, text: applyEdits(file.text, all) };
}

/** The line marker at the start of a listing: the file that it was made from. */
export function firstMarker(file: SourceText): string {
  return `${lineMarker({ name: fileKey(file), line: 1 }, file.dialect)}\n`;
}

/** Whether an #include line was resolved to different files, one of which has got another name. */
function isAmbiguous({ include, targets }: Directive, names: ReadonlyMap<string, string>): boolean {
  return targets.size > 1 && (include.beside || [...targets.keys()].some((key) => names.has(key)));
}

function ambiguous({ include: { file, start, end }, targets }: Directive): Diagnostic {
  const names = [...targets.values()].map(({ name }) => name).join(' and ');
  const message = `this line leads to ${names}, as macros or conditions decide, and a header with sites is among them or beside them: give each a line of its own`;
  return { severity: 'error', message, file, start, end };
}

interface Leading {
  /** The path of a file's variant from the output; undefined when it has none. */
  readonly target: (file: SourceText) => string | undefined;
  readonly pathTo: (file: SourceText) => string;
  /** Whether the output is a header in another folder than its original. */
  readonly isVariant: boolean;
}

/** The edit that makes an #include line include the same file as before, or its variant. */
function directiveEdits({ include, targets }: Directive, { target, pathTo, isVariant }: Leading): Edit[] {
  const [file] = targets.values();
  const variant = target(file!);
  if (variant !== undefined) return [named(include, `"${variant}"`)];
  if (include.beside || include.quoteOnly || (include.next && isVariant)) return [named(include, `"${pathTo(file!)}"`)];
  // The header was not found beside the source, so it must not be found beside the output: angle brackets skip that folder.
  if (!include.angled && !posix.isAbsolute(include.path)) return [named(include, `<${include.path}>`)];
  return [];
}

/** Replaces the name in an #include line; the line's end stays, so that no line numbers change. */
function named({ file, start, end, path, angled }: Include, name: string): Edit {
  const text = file.text.slice(start, end);
  const spelled = angled ? `<${path}>` : `"${path}"`;
  const plain = /^#[ \t]*(?:include|import)[ \t]*/.exec(text);
  if (plain !== null && text.startsWith(spelled, plain[0].length)) {
    const from = start + plain[0].length;
    return { start: from, end: from + spelled.length, text: name };
  }
  const keyword = /^#\s*import\b/.test(text) ? 'import' : 'include';
  return { start, end, text: `#${keyword} ${name}${'\n'.repeat(text.split('\n').length - 1)}` };
}
