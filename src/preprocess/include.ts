/** Where headers are found, as gcc searches for them. */
import type { SourceRange, SourceText } from '../syntax/source.ts';
import { UnreadableFile } from './host.ts';
import { type OpenFile, type PreprocessorRun, report } from './run.ts';

export interface FoundHeader {
  readonly file: SourceText;
  /** Index in `includeDirs`; -1 when found beside the including file or under its own name. */
  readonly directory: number;
  /** Found beside a file that is the main file or found so itself. */
  readonly local: boolean;
  /** Found in the directory of the including file: it is looked for there first, whatever -I says. */
  readonly beside: boolean;
  /** Found in a directory that is searched for `"x"` only. */
  readonly quoteOnly: boolean;
}

/** The name between the quotes, which quotes, and whether the search goes on behind the including file's directory. */
export interface HeaderName {
  readonly path: string;
  readonly angled: boolean;
  readonly next: boolean;
}

/**
 * `"x"`: the directory of the including file, then those of -iquote and -I; `<x>`: those of -I; #include_next: those of -I behind the
 * one in which the including file was found. The search ends at a file that cannot be read, with an error at `place`.
 */
export function findHeader(
  run: PreprocessorRun,
  frame: OpenFile | null,
  name: HeaderName,
  place: SourceRange,
): FoundHeader | 'unreadable' | undefined {
  try {
    return searchHeader(run, frame, name);
  } catch (error) {
    if (!(error instanceof UnreadableFile)) throw error;
    report(run, 'error', error.message, place);
    return 'unreadable';
  }
}

function searchHeader(run: PreprocessorRun, frame: OpenFile | null, name: HeaderName): FoundHeader | undefined {
  const { cache, options } = run;
  const { path } = name;
  const next = name.next && run.frames.length > 1;
  if (/^(?:[A-Za-z]:)?\//.test(path)) {
    const file = cache.file(path, options.host);
    return file && { file, directory: -1, local: false, beside: false, quoteOnly: false };
  }
  if (!name.angled && !next) {
    const file = cache.file(directoryOf(frame) + path, options.host);
    if (file !== undefined)
      return {
        ...{ file, directory: frame?.directory ?? -1, local: frame?.local === true },
        ...{ beside: true, quoteOnly: false },
      };
  }
  const { includeDirs, quoteDirs = 0 } = options;
  const first = next ? (frame?.directory ?? -1) + 1 : name.angled ? quoteDirs : 0;
  for (let directory = first; directory < includeDirs.length; directory++) {
    const file = cache.file(`${includeDirs[directory]}/${path}`, options.host);
    if (file !== undefined) return { file, directory, local: false, beside: false, quoteOnly: directory < quoteDirs };
  }
  return undefined;
}

/** The directory of the file being read, with its slash; empty for one without, and for the command line. */
function directoryOf(frame: OpenFile | null): string {
  if (frame === null) return '';
  const { name } = frame.file;
  return name.slice(0, name.lastIndexOf('/') + 1);
}
