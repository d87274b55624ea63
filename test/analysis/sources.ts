/** Runs the analysis as the tool does, on real kernel sources. */
import { readFileSync } from 'node:fs';
import { type Analysis, analyse } from '../../src/analysis/analysis.ts';
import { expandAssemblerMacros } from '../../src/macros/expand.ts';
import { preprocess } from '../../src/preprocess/preprocess.ts';
import type { Command } from '../../src/preprocess/types.ts';
import { parseTokens } from '../../src/syntax/parse.ts';
import { SourceText } from '../../src/syntax/source.ts';
import { type Configuration, kernel } from '../support/kernel.ts';
import { conventionsWith } from './support.ts';

/** Analyses a kernel source by its path, preprocessed in one configuration. */
export function analyseSource(path: string, configuration: Configuration): Analysis {
  const includeDirs: string[] = [];
  const commands: Command[] = [];
  const flags = kernel().flags(configuration);
  for (let at = 0; at < flags.length; at++) {
    const flag = flags[at]!;
    if (flag.startsWith('-I')) includeDirs.push(flag.slice(2));
    else if (flag.startsWith('-D')) commands.push({ kind: 'define', text: flag.slice(2) });
    else if (flag === '-include') commands.push({ kind: 'include', path: flags[++at]! });
  }
  const host = { read: readIfThere };
  const { tokens } = preprocess(new SourceText(path, readFileSync(path, 'latin1')), {
    includeDirs,
    commands,
    strict: false,
    host,
  });
  const expanded = expandAssemblerMacros(tokens);
  const { statements } = parseTokens(expanded.tokens);
  return analyse(statements, expanded.tokens, { conventions: conventionsWith() });
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return undefined;
  }
}
