/**
 * V8 compiles anew what has run for a while, which takes more time than it saves where most code runs for one test: `check --configs all`
 * on five kernel files in one process takes 33 s of CPU with this setting and 43 s without, the first fifty faults of test/mutation
 * 7.5 s and 9 s. It is a setting of Node 20's V8; another one may not know it, and would say so on standard error.
 */
import { setFlagsFromString } from 'node:v8';

export function optimiseLater() {
  if (process.versions.v8.startsWith('11.')) setFlagsFromString('--interrupt-budget=400000');
}
