/**
 * The progress of a call of many files, on a terminal: one line that is written over, and erased before anything else is
 * printed.
 */
import type { SourceText } from '../syntax/source.ts';

/** A terminal: standard error, in the tool. */
export interface Screen {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  write(text: string): unknown;
}

const CLEAR = '\r\u001b[K';

export interface ProgressLine {
  readonly show: (file: Pick<SourceText, 'name'>, index: number) => void;
  readonly clear: () => void;
}

/** Shows nothing in a pipe, on a terminal that cannot write over its lines, and where there is only one file. */
export function progressLine(screen: Screen, total: number, terminal = process.env.TERM): ProgressLine {
  if (screen.isTTY !== true || total < 2 || terminal === 'dumb')
    return { show: () => undefined, clear: () => undefined };
  return {
    show: ({ name }, index) => {
      const text = `${index + 1}/${total} ${name}`;
      // A terminal that does not know its width says 0.
      screen.write(`${CLEAR}${text.slice(0, Math.max(1, (screen.columns || 80) - 1))}`);
    },
    clear: () => screen.write(CLEAR),
  };
}

/** Does something that reads sources one by one, and shows on a terminal which one is next. */
export function withProgress<T>(total: number, action: (onRead: (source: SourceText) => void) => T): T {
  const line = progressLine(process.stderr, total);
  let count = 0;
  try {
    return action((source) => line.show(source, Math.min(count++, total - 1)));
  } finally {
    line.clear();
  }
}
