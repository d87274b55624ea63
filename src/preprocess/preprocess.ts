import { SourceText } from '../syntax/source.ts';
import { TokenKind } from '../syntax/token.ts';
import { tokenize } from '../syntax/tokenize.ts';
import { firstMacros, readLines } from './builtin.ts';
import { createCache } from './cache.ts';
import { parseDefinition } from './definition.ts';
import { define, directive, enterFile, INCLUDE_LIMIT, reportMissing, undefine } from './directives.ts';
import { EXPANSION_BUDGET, expandName } from './expand.ts';
import { findHeader } from './include.ts';
import { emitNewline, emitToken, type OpenFile, type PreprocessorRun, readSegment } from './run.ts';
import { isPainted } from './tokens.ts';
import type { Preprocessed, PreprocessOptions } from './types.ts';

/**
 * Preprocesses one assembly source as `gcc -E -x assembler-with-cpp -nostdinc -undef` does, and keeps for every token
 * where it was spelled and which macros carried it. Never throws; whatever is wrong is a diagnostic.
 */
export function preprocess(file: SourceText, options: PreprocessOptions): Preprocessed {
  const run = createRun(file, options);
  fixNames(run);
  enterFile(run, { file, directory: -1, local: true, beside: false, quoteOnly: false });
  applyCommands(run);
  readFiles(run);
  return {
    tokens: run.output,
    diagnostics: run.diagnostics,
    files: [...run.files],
    conditionals: run.conditionals,
    macros: run.macros,
    formerMacros: run.formerMacros,
    includes: run.includes,
    pasted: run.pasted,
    stringified: run.stringified,
  };
}

/** A run that has read nothing yet. */
export function createRun(file: SourceText, options: PreprocessOptions): PreprocessorRun {
  const cache = options.cache ?? createCache([file]);
  return {
    options,
    cache,
    macros: firstMacros(options.macros),
    formerMacros: new Map(),
    output: [],
    commandTokens: 0,
    diagnostics: [],
    files: new Set(),
    conditionals: [],
    includes: [],
    frames: [],
    contexts: [],
    floor: 0,
    fileInReach: true,
    expansionOff: false,
    padded: false,
    paddingSource: null,
    outermost: null,
    budget: EXPANSION_BUDGET,
    exhausted: false,
    includesLeft: INCLUDE_LIMIT,
    nesting: 0,
    counter: 0,
    pasted: new Set(),
    stringified: new Map(),
    once: new Set(),
    missing: new Set(),
    pushedMacros: new Map(),
    directive,
  };
}

function fixNames(run: PreprocessorRun): void {
  const { fixed } = run.options;
  if (fixed === undefined) return;
  for (const name of fixed.keys()) run.macros.delete(name);
  const lines = [...fixed].map(([name, value]) => (value === null ? '' : `#define ${name} ${value}\n`));
  const definitions = readLines(new SourceText('<configuration>', lines.join('')));
  for (const macro of definitions) run.macros.set(macro.name, macro);
}

/** -D and -U in order; then every -imacros, then every -include before the main file, the first one to be read first. */
function applyCommands(run: PreprocessorRun): void {
  defineCommands(run);
  emitAssembly(run);
  const included = commandLines(run).filter(({ command }) => command.kind === 'include');
  const isFirst = ({ command }: (typeof included)[number]) => command.kind === 'include' && command.macrosOnly === true;
  const inOrder = [...included.filter(isFirst), ...included.filter((line) => !isFirst(line))];
  for (const { file, command, start, end } of inOrder.reverse()) {
    if (command.kind !== 'include') continue;
    const { macrosOnly, path } = command;
    const found = findHeader(run, null, { path, angled: false, next: false }, { file, start, end });
    if (found === 'unreadable') continue;
    run.includes.unshift({
      ...{ file, start, end, path, angled: false },
      ...{ local: false, beside: false, quoteOnly: found?.quoteOnly ?? false, next: false },
      resolved: found?.file,
    });
    if (found === undefined) reportMissing(run, path, { file, start, end });
    else enterFile(run, found, macrosOnly);
  }
}

/** Lines for the assembler come before all others, and macros are not expanded in them. */
function emitAssembly(run: PreprocessorRun): void {
  for (const { file, command, start, end } of commandLines(run))
    if (command.kind === 'assembly')
      run.output.push(...tokenize(file, { dialect: 'gas', start, end: end + 1, trivia: false }));
  run.commandTokens = run.output.length;
}

/** Carries out -D and -U; returns the names that they speak of. */
export function defineCommands(run: PreprocessorRun): string[] {
  const names: string[] = [];
  for (const { file, command, start, end } of commandLines(run)) {
    if (command.kind === 'undef') {
      undefine(run, command.name);
      names.push(command.name);
    } else if (command.kind === 'define') {
      const { macro, diagnostics } = parseDefinition(file, start, start + '#define'.length, end, false);
      run.diagnostics.push(...diagnostics);
      if (macro === null) continue;
      define(run, macro);
      names.push(macro.name);
    }
  }
  return names;
}

/** Each option of the command line, with its line in a text that holds them as directives. */
function commandLines({ options: { commands } }: PreprocessorRun) {
  const lines = commands.map(commandLine);
  const file = new SourceText('<command-line>', lines.join(''));
  let start = 0;
  return commands.map((command, index) => {
    const place = { file, command, start, end: start + lines[index]!.length - 1 };
    start = place.end + 1;
    return place;
  });
}

/** The directive for an option; `-DA` is `-DA=1`, as for gcc. */
function commandLine(command: PreprocessOptions['commands'][number]): string {
  if (command.kind === 'undef') return `#undef ${command.name}\n`;
  if (command.kind === 'assembly') return `${command.line}\n`;
  if (command.kind === 'include') return `#include "${command.path}"\n`;
  const { text } = command;
  const equals = text.indexOf('=');
  return equals === -1 ? `#define ${text} 1\n` : `#define ${text.slice(0, equals)} ${text.slice(equals + 1)}\n`;
}

function readFiles(run: PreprocessorRun): void {
  const { frames } = run;
  while (frames.length > 0) {
    const frame = frames[frames.length - 1]!;
    readText(run, frame);
    if (frame !== frames[frames.length - 1]) continue;
    if (frame.segment < frame.structure.segments.length) readSegment(run, frame);
    else if (frames.pop()!.macrosOnly) run.output.length = run.commandTokens;
  }
}

/** Puts out the rest of the text being read. Most tokens are no macro's name and pass through as they are. */
function readText(run: PreprocessorRun, frame: OpenFile): void {
  const { macros, output } = run;
  while (frame.at < frame.tokens.length) {
    const token = frame.tokens[frame.at++]!;
    if (token.kind === TokenKind.Newline) emitNewline(run, token);
    else {
      const macro = token.kind === TokenKind.Identifier ? macros.get(token.text) : undefined;
      if (macro !== undefined && !isPainted(token)) {
        expandName(run, token, macro);
        if (frame !== run.frames[run.frames.length - 1]) return;
      } else if (run.padded) emitToken(run, token);
      else output.push(token);
    }
  }
}
