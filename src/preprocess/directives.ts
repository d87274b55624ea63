/** What each directive does. */
import { withoutSplices } from '../syntax/splice.ts';
import { type Token, TokenKind } from '../syntax/token.ts';
import { type Macro, parseDefinition, sameDefinition } from './definition.ts';
import { evaluateCondition } from './evaluate.ts';
import { nextExpanded } from './expand.ts';
import { type FoundHeader, findHeader, type HeaderName } from './include.ts';
import { type OpenFile, type PreprocessorRun, report, reportUnlessMissing } from './run.ts';
import { type DirectiveSegment, directiveTokens, isGuard } from './structure.ts';

/** As gcc. */
const INCLUDE_DEPTH_LIMIT = 200;
/** How many headers a run reads at most, the same one again counted again. */
export const INCLUDE_LIMIT = 20_000;

type Handler = (run: PreprocessorRun, frame: OpenFile, segment: DirectiveSegment) => void;

const HANDLERS: ReadonlyMap<string, Handler> = new Map([
  ['define', defineDirective],
  ['undef', undefDirective],
  ['include', includeDirective],
  ['include_next', includeDirective],
  ['import', includeDirective],
  ['if', enterGroup],
  ['ifdef', enterGroup],
  ['ifndef', enterGroup],
  ['elif', leaveGroup],
  ['elifdef', leaveGroup],
  ['elifndef', leaveGroup],
  ['else', leaveGroup],
  ['error', messageDirective],
  ['warning', messageDirective],
  ['line', lineDirective],
  ['pragma', pragmaDirective],
]);

/**
 * Carries out a directive that is not skipped. The rest needs nothing done: #endif has done its work, and #ident, #sccs,
 * #assert and #unassert say nothing to an assembler.
 */
export function directive(run: PreprocessorRun, frame: OpenFile, segment: DirectiveSegment): void {
  HANDLERS.get(segment.keyword)?.(run, frame, segment);
}

function place(frame: OpenFile, { start, end }: { readonly start: number; readonly end: number }) {
  return { file: frame.file, start, end };
}

function rest(frame: OpenFile, segment: DirectiveSegment): string {
  return withoutSplices(frame.file.text.slice(segment.keywordEnd, segment.end)).trim();
}

function defineDirective(run: PreprocessorRun, frame: OpenFile, segment: DirectiveSegment): void {
  const macro = definitionOf(run, frame, segment);
  if (macro !== null) define(run, macro);
}

/** What a #define defines; null, with a message, where it is a bad one. */
export function definitionOf(run: PreprocessorRun, frame: OpenFile, segment: DirectiveSegment): Macro | null {
  if (segment.definition === null) {
    const { macro, diagnostics } = parseDefinition(frame.file, segment.start, segment.keywordEnd, segment.end, false);
    run.diagnostics.push(...diagnostics);
    segment.definition = macro;
  }
  return segment.definition;
}

/** Takes in a definition; a second, different one wins with a warning, as in gcc. */
export function define(run: PreprocessorRun, macro: Macro): void {
  if (run.options.fixed?.has(macro.name) === true) return;
  const before = run.macros.get(macro.name);
  if (before?.predefined === true && run.options.keeps?.(macro, run.macros) === true) return;
  if (before !== undefined && before !== macro && !before.predefined && !sameDefinition(before, macro)) {
    report(run, 'warning', `"${macro.name}" redefined`, {
      file: macro.file,
      start: macro.nameStart,
      end: macro.nameStart + macro.name.length,
    });
    report(run, 'note', `the definition of "${macro.name}" before`, {
      file: before.file,
      start: before.nameStart,
      end: before.nameStart + before.name.length,
    });
  }
  if (before !== undefined && before !== macro) keepFormer(run, before);
  run.macros.set(macro.name, macro);
}

function undefDirective(run: PreprocessorRun, frame: OpenFile, segment: DirectiveSegment): void {
  const name = directiveTokens(frame.file, segment)[0];
  if (name?.kind !== TokenKind.Identifier) report(run, 'error', 'no macro name given in #undef', place(frame, segment));
  else undefine(run, name.text);
}

export function undefine(run: PreprocessorRun, name: string): void {
  if (run.options.fixed?.has(name) === true) return;
  const before = run.macros.get(name);
  if (before !== undefined) keepFormer(run, before);
  run.macros.delete(name);
}

function keepFormer(run: PreprocessorRun, macro: Macro): void {
  if (!macro.predefined) run.formerMacros.set(macro.name, macro);
}

/** Finds the branch to take and goes there; the branches not taken are passed over as a whole. */
function enterGroup(run: PreprocessorRun, frame: OpenFile, segment: DirectiveSegment): void {
  const group = segment.group!;
  const { segments } = frame.structure;
  const values: (boolean | undefined)[] = group.branches.map(() => undefined);
  let taken = -1;
  for (let index = 0; index < group.branches.length && taken === -1; index++) {
    const branch = group.branches[index]!;
    if (branch.keyword === 'else') taken = index;
    else {
      const value =
        run.options.decide?.(branch) ?? evaluateCondition(run, frame, segments[branch.segment] as DirectiveSegment);
      values[index] = value;
      if (value) taken = index;
    }
  }
  if (!isGuard(frame.structure, group)) run.conditionals.push({ group, taken, values });
  frame.segment = taken === -1 ? group.endSegment + 1 : group.branches[taken]!.segment + 1;
}

/** #elif or #else, met only at the end of the branch that was taken. */
function leaveGroup(_run: PreprocessorRun, frame: OpenFile, segment: DirectiveSegment): void {
  if (segment.group !== null) frame.segment = segment.group.endSegment + 1;
}

function messageDirective(run: PreprocessorRun, frame: OpenFile, segment: DirectiveSegment): void {
  const message = `#${segment.keyword} ${rest(frame, segment)}`.trim();
  if (segment.keyword === 'error') reportUnlessMissing(run, message, place(frame, segment));
  else report(run, 'warning', message, place(frame, segment));
}

function includeDirective(run: PreprocessorRun, frame: OpenFile, segment: DirectiveSegment): void {
  const header = headerName(run, frame, segment);
  if (header === null) {
    report(run, 'error', `#${segment.keyword} expects "FILENAME" or <FILENAME>`, place(frame, segment));
    return;
  }
  const name = { ...header, next: segment.keyword === 'include_next' };
  const found = findHeader(run, frame, name, place(frame, segment));
  if (found === 'unreadable') return;
  run.includes.push({
    ...place(frame, segment),
    path: name.path,
    angled: name.angled,
    local: found?.local ?? false,
    beside: found?.beside ?? false,
    quoteOnly: found?.quoteOnly ?? false,
    next: name.next,
    resolved: found?.file,
  });
  if (found === undefined) {
    reportMissing(run, name.path, place(frame, segment));
    return;
  }
  if (segment.keyword === 'import' && run.files.has(found.file)) return;
  if (run.includesLeft <= 0) return;
  run.includesLeft--;
  if (run.frames.length > INCLUDE_DEPTH_LIMIT || run.includesLeft === 0) {
    // One message, and an end to it: headers that include themselves twice would take for ever.
    run.includesLeft = 0;
    const limit = run.frames.length > INCLUDE_DEPTH_LIMIT ? `${INCLUDE_DEPTH_LIMIT} deep` : `${INCLUDE_LIMIT} times`;
    report(
      run,
      'error',
      `#include nested or repeated more than ${limit}; "${name.path}" and all later ones are left out`,
      place(frame, segment),
    );
    return;
  }
  enterFile(run, found);
  if (segment.keyword === 'import') run.once.add(found.file);
}

/** One message for a header, however often it is missed. */
export function reportMissing(
  run: PreprocessorRun,
  path: string,
  where: { file: OpenFile['file']; start: number; end: number },
): void {
  if (run.missing.has(path)) return;
  run.missing.add(path);
  report(
    run,
    run.options.strict ? 'error' : 'warning',
    `header "${path}" is not found; what it defines is unknown`,
    where,
  );
}

/** Begins to read a file, unless its include guard or `#pragma once` excludes all of it. */
export function enterFile(run: PreprocessorRun, { file, directory, local }: FoundHeader, macrosOnly = false): void {
  if (run.once.has(file)) return;
  const structure = run.cache.structure(file);
  if (structure.guard !== null && run.macros.has(structure.guard)) return;
  if (!run.files.has(file)) {
    run.files.add(file);
    run.diagnostics.push(...structure.errors);
  }
  run.frames.push({
    file,
    structure,
    directory,
    local,
    macrosOnly,
    segment: 0,
    tokens: [],
    at: 0,
    lineOffset: 0,
    presumedName: file.name,
  });
}

/** The name in an #include, spelled there or made by macros. */
export function headerName(
  run: PreprocessorRun,
  frame: OpenFile,
  segment: DirectiveSegment,
): Omit<HeaderName, 'next'> | null {
  const spelled = /^(?:"([^"\n]*)"|<([^>\n]*)>)/.exec(rest(frame, segment));
  if (spelled !== null) return { path: spelled[1] ?? spelled[2]!, angled: spelled[1] === undefined };
  const tokens = expandLine(run, directiveTokens(frame.file, segment));
  const first = tokens[0];
  if (first?.kind === TokenKind.String) return { path: first.text.slice(1, -1), angled: false };
  const close = tokens.findIndex((token) => token.text === '>');
  if (first?.text !== '<' || close === -1) return null;
  const parts = tokens.slice(1, close);
  return {
    path: parts.map((token, index) => (index > 0 && token.spaceBefore ? ' ' : '') + token.text).join(''),
    angled: true,
  };
}

/** A directive's line, expanded. */
function expandLine(run: PreprocessorRun, tokens: readonly Token[]): Token[] {
  const { floor, fileInReach, outermost } = run;
  run.floor = run.contexts.length;
  run.fileInReach = false;
  run.outermost = tokens[0] ?? null;
  run.contexts.push({ items: tokens, at: 0, macro: null });
  const expanded: Token[] = [];
  for (let item = nextExpanded(run); item !== null; item = nextExpanded(run)) if (item.kind !== -1) expanded.push(item);
  run.floor = floor;
  run.fileInReach = fileInReach;
  run.outermost = outermost;
  return expanded;
}

/** `#line 12 "name"`: from the next line on, for `__LINE__` and `__FILE__`. Places in messages stay real. */
function lineDirective(run: PreprocessorRun, frame: OpenFile, segment: DirectiveSegment): void {
  const [number, name] = expandLine(run, directiveTokens(frame.file, segment));
  if (number === undefined || !/^\d+$/.test(number.text)) {
    report(run, 'error', '#line expects a line number', place(frame, segment));
    return;
  }
  frame.lineOffset = Number(number.text) - (frame.file.position(segment.end).line + 1);
  if (name?.kind === TokenKind.String) frame.presumedName = name.text.slice(1, -1);
}

/** `once`, `push_macro` and `pop_macro`; any other pragma says nothing to an assembler. */
function pragmaDirective(run: PreprocessorRun, frame: OpenFile, segment: DirectiveSegment): void {
  const [pragma, , argument] = directiveTokens(frame.file, segment);
  if (pragma?.text === 'once') run.once.add(frame.file);
  if (argument?.kind !== TokenKind.String) return;
  const name = argument.text.slice(1, -1);
  const stack = run.pushedMacros.get(name);
  if (pragma?.text === 'push_macro') {
    if (stack === undefined) run.pushedMacros.set(name, [run.macros.get(name)]);
    else stack.push(run.macros.get(name));
  } else if (pragma?.text === 'pop_macro' && stack !== undefined && stack.length > 0) {
    const macro = stack.pop();
    if (macro === undefined) run.macros.delete(name);
    else run.macros.set(name, macro);
  }
}
