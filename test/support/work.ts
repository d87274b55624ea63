/** Work as a count that is the same on every machine: how often functions of src/ are called. */
import { type Profiler, Session } from 'node:inspector';

const COVERED = /\/src\/.*\.ts$/;

/**
 * For each of `runs`, how often functions of src/, callbacks among them, are called while it runs. A loop that calls nothing
 * does not count, nor what the engine does by itself, as in one call of a regular expression or of `slice`.
 */
export function workOf(...runs: readonly (() => void)[]): number[] {
  const session = new Session();
  session.connect();
  try {
    session.post('Profiler.enable');
    session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: false });
    return runs.map((run) => {
      callsCounted(session); // and forgotten
      run();
      return callsCounted(session);
    });
  } finally {
    session.disconnect();
  }
}

function callsCounted(session: Session): number {
  let calls = 0;
  const add = ({ url, functions }: Profiler.ScriptCoverage): void => {
    if (!COVERED.test(url)) return;
    for (const { ranges } of functions) for (const { count } of ranges) calls += count;
  };
  // In the thread of the session the answer comes before the call returns.
  session.post('Profiler.takePreciseCoverage', (error, { result }) => {
    if (error !== null) throw error;
    for (const script of result) add(script);
  });
  return calls;
}

/** How many times the work of a text of `small` pieces it takes to do `factor` times as many: about `factor` where it is linear. */
export function growth(work: (pieces: number) => void, small: number, factor: number): number {
  work(1); // tables that are made at the first call
  const [once, more] = workOf(
    () => work(small),
    () => work(small * factor),
  );
  return more! / once!;
}
