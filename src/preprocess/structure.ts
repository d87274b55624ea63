/**
 * A file cut into directives and the text between them, once for all runs. The #if groups are resolved here, so that a
 * run skips a branch by one jump and text that no configuration reads is never tokenised.
 */
import type { Diagnostic } from '../syntax/diagnostic.ts';
import type { SourceText } from '../syntax/source.ts';
import { withoutSplices } from '../syntax/splice.ts';
import { type Token, TokenKind } from '../syntax/token.ts';
import { type ParsedCondition, parseCondition } from './condition.ts';
import type { Macro } from './definition.ts';
import { identifierEnd, logicalLineEnd, skipBlanks } from './scan.ts';
import { significantTokens } from './tokens.ts';

/** Lines between two directives. */
export interface TextSegment {
  readonly kind: 'text';
  readonly start: number;
  readonly end: number;
  /** Filled by `segmentTokens` when a run first reads the text. */
  tokens: readonly Token[] | null;
}

export interface DirectiveSegment {
  readonly kind: 'directive';
  /** `define`, `if` ...; empty for a lone `#`. */
  readonly keyword: string;
  /** Offset of the `#`, offset behind the keyword, and offset of the line end. */
  readonly start: number;
  readonly keywordEnd: number;
  readonly end: number;
  /** For a conditional: its group and the index of its branch there (for #endif: the number of branches). */
  group: ConditionalGroup | null;
  branch: number;
  /** For a conditional: the segment of the group's next conditional directive. */
  next: number;
  /** What the directive's line was parsed to, made when a run first needs it. */
  tokens: readonly Token[] | null;
  condition: ParsedCondition | null;
  definition: Macro | null;
}

export type Segment = TextSegment | DirectiveSegment;

export type ConditionalKeyword = 'if' | 'ifdef' | 'ifndef' | 'elif' | 'elifdef' | 'elifndef' | 'else';

export interface ConditionalBranch {
  readonly group: ConditionalGroup;
  readonly keyword: ConditionalKeyword;
  /** The directive: from its `#` to its line end. */
  readonly start: number;
  readonly end: number;
  /** What follows the keyword, as spelled. */
  readonly expression: string;
  /** The lines that the branch holds. */
  readonly bodyStart: number;
  bodyEnd: number;
  readonly segment: number;
}

/** From an #if to its #endif. */
export interface ConditionalGroup {
  readonly file: SourceText;
  readonly branches: ConditionalBranch[];
  /** The branch around this group. */
  readonly parent: ConditionalBranch | null;
  /** End of the #endif line. */
  end: number;
  /** The segment of the #endif. */
  endSegment: number;
}

export interface FileStructure {
  readonly file: SourceText;
  readonly segments: readonly Segment[];
  /** All groups, in the order of their #if, nested ones included. */
  readonly groups: readonly ConditionalGroup[];
  /** The macro that guards the whole file (`#ifndef X` ... `#endif`), or null. */
  readonly guard: string | null;
  /** Unbalanced conditionals and unterminated comments. */
  readonly errors: readonly Diagnostic[];
}

const OPENING = new Set(['if', 'ifdef', 'ifndef']);
const CONTINUING = new Set(['elif', 'elifdef', 'elifndef', 'else']);
const KEYWORDS = new Set([
  ...OPENING,
  ...CONTINUING,
  ...'endif define undef include include_next import error warning line pragma ident sccs assert unassert'.split(' '),
]);

const HASH = 35;

/** Cuts a file. Anything that is no directive of gcc, `# a remark` for one, is text, as in gcc's assembler mode. */
export function analyseStructure(file: SourceText): FileStructure {
  const errors: Diagnostic[] = [];
  const segments = cut(file, errors);
  const groups = matchConditionals(file, segments, errors);
  return { file, segments, groups, guard: findGuard(file, segments, groups), errors };
}

/** The tokens of a text segment: no Space, no Comment, no empty lines, and a Newline at the end of each line. */
export function segmentTokens(file: SourceText, segment: TextSegment): readonly Token[] {
  segment.tokens ??= significantTokens(file, segment.start, segment.end);
  return segment.tokens;
}

/** The tokens behind a directive's keyword, without the line end. */
export function directiveTokens(file: SourceText, segment: DirectiveSegment): readonly Token[] {
  segment.tokens ??= significantTokens(file, segment.keywordEnd, segment.end).filter(
    ({ kind }) => kind !== TokenKind.Newline,
  );
  return segment.tokens;
}

/** The condition of an #if and its kin, parsed when a run first needs it. */
export function conditionOf(file: SourceText, segment: DirectiveSegment): ParsedCondition {
  segment.condition ??= parseCondition(segment.keyword, directiveTokens(file, segment));
  return segment.condition;
}

function cut(file: SourceText, errors: Diagnostic[]): Segment[] {
  const { text } = file;
  const segments: Segment[] = [];
  let textStart = 0;
  let at = 0;
  // The next block comment from here on: only lines that hold one need be looked at character by character.
  let comment = text.indexOf('/*');
  while (at < text.length) {
    const first = skipBlanks(text, at, text.length);
    // Comments among the blanks are behind us; the last of them may have no end.
    while (comment !== -1 && comment < first) {
      const close = text.indexOf('*/', comment + 2);
      if (close === -1) errors.push(openComment(file, comment));
      comment = close === -1 ? -1 : text.indexOf('/*', close + 2);
    }
    const line = logicalLineEnd(text, first, comment);
    if (line.openComment !== -1) errors.push(openComment(file, line.openComment));
    // Within the line every comment was looked at; a `/*` in a `//` comment or in a string opens none.
    if (comment !== -1 && comment < line.end) comment = text.indexOf('/*', line.end);
    if (text.charCodeAt(first) === HASH) {
      const word = skipBlanks(text, first + 1, line.end);
      const keywordEnd = identifierEnd(text, word);
      const keyword = withoutSplices(text.slice(word, keywordEnd));
      if (keyword === '' ? word >= line.end : KEYWORDS.has(keyword)) {
        if (textStart < at) segments.push({ kind: 'text', start: textStart, end: at, tokens: null });
        segments.push(directive(keyword, first, keywordEnd, line.end));
        textStart = line.end + 1;
      }
    }
    at = line.end + 1;
  }
  if (textStart < text.length) segments.push({ kind: 'text', start: textStart, end: text.length, tokens: null });
  return segments;
}

function openComment(file: SourceText, start: number): Diagnostic {
  return { severity: 'error', message: 'unterminated comment', file, start, end: start + 2 };
}

function directive(keyword: string, start: number, keywordEnd: number, end: number): DirectiveSegment {
  return {
    kind: 'directive',
    keyword,
    start,
    keywordEnd,
    end,
    group: null,
    branch: 0,
    next: 0,
    tokens: null,
    condition: null,
    definition: null,
  };
}

/** Conditionals inside of conditionals: what makes a branch active grows with every one around it. */
const NESTING_LIMIT = 200;

/** Links #if, #elif, #else and #endif; a directive that fits nowhere is reported and left without a group. */
function matchConditionals(file: SourceText, segments: Segment[], errors: Diagnostic[]): ConditionalGroup[] {
  const groups: ConditionalGroup[] = [];
  const open: ConditionalGroup[] = [];
  for (let index = 0; index < segments.length; index++) {
    const segment = segments[index]!;
    if (segment.kind === 'text') continue;
    const { keyword } = segment;
    if (OPENING.has(keyword) && open.length === NESTING_LIMIT) {
      errors.push(
        misplaced(file, segment, `#${keyword} is more than ${NESTING_LIMIT} deep; it and all behind it is left out`),
      );
      segments.length = index;
      for (const group of open) endOpenGroup(group, segments);
      return groups;
    }
    if (OPENING.has(keyword)) {
      const group: ConditionalGroup = {
        file,
        branches: [],
        parent: open.at(-1)?.branches.at(-1) ?? null,
        end: file.text.length,
        endSegment: segments.length,
      };
      groups.push(group);
      open.push(group);
      addBranch(group, segment, index, segments);
    } else if (CONTINUING.has(keyword)) {
      const group = open.at(-1);
      if (group === undefined) errors.push(misplaced(file, segment, `#${keyword} without #if`));
      else {
        // A branch behind #else is kept as one that is never taken.
        if (group.branches.at(-1)!.keyword === 'else') errors.push(misplaced(file, segment, `#${keyword} after #else`));
        addBranch(group, segment, index, segments);
      }
    } else if (keyword === 'endif') {
      const group = open.pop();
      if (group === undefined) errors.push(misplaced(file, segment, '#endif without #if'));
      else closeGroup(group, segment, index, segments);
    }
  }
  for (const group of open) {
    const { start, end, keyword } = group.branches[0]!;
    errors.push({ severity: 'error', message: `unterminated #${keyword}`, file, start, end });
    endOpenGroup(group, segments);
  }
  return groups;
}

function endOpenGroup(group: ConditionalGroup, segments: readonly Segment[]): void {
  const last = group.branches.at(-1)!;
  (segments[last.segment] as DirectiveSegment).next = segments.length;
  group.endSegment = segments.length;
}

function addBranch(
  group: ConditionalGroup,
  segment: DirectiveSegment,
  index: number,
  segments: readonly Segment[],
): void {
  const { text } = group.file;
  const previous = group.branches.at(-1);
  if (previous !== undefined) {
    (segments[previous.segment] as DirectiveSegment).next = index;
    previous.bodyEnd = segment.start;
  }
  segment.group = group;
  segment.branch = group.branches.length;
  group.branches.push({
    group,
    keyword: segment.keyword as ConditionalKeyword,
    start: segment.start,
    end: segment.end,
    expression: withoutSplices(text.slice(segment.keywordEnd, segment.end)).trim(),
    bodyStart: Math.min(segment.end + 1, text.length),
    bodyEnd: text.length,
    segment: index,
  });
}

function closeGroup(
  group: ConditionalGroup,
  segment: DirectiveSegment,
  index: number,
  segments: readonly Segment[],
): void {
  const last = group.branches.at(-1)!;
  (segments[last.segment] as DirectiveSegment).next = index;
  last.bodyEnd = segment.start;
  segment.group = group;
  segment.branch = group.branches.length;
  group.end = segment.end;
  group.endSegment = index;
}

function misplaced(file: SourceText, segment: DirectiveSegment, message: string): Diagnostic {
  return { severity: 'error', message, file, start: segment.start, end: segment.end };
}

/** `#ifndef X` or `#if !defined(X)` around all that is not blank, without an #else: a second reading gives nothing. */
function findGuard(file: SourceText, segments: readonly Segment[], groups: readonly ConditionalGroup[]): string | null {
  const group = groups[0];
  if (group === undefined || group.branches.length !== 1 || group.endSegment >= segments.length) return null;
  const { keyword, segment, expression } = group.branches[0]!;
  const name =
    keyword === 'ifndef'
      ? /^[A-Za-z_]\w*(?=\s|\/[*/]|$)/.exec(expression)?.[0]
      : /^!\s*defined\s*(?:\(\s*(\w+)\s*\)|(\w+))$/.exec(expression)?.slice(1).find(Boolean);
  if (keyword !== 'ifndef' && keyword !== 'if') return null;
  if (name === undefined) return null;
  const blank = (from: number, to: number) =>
    segments.slice(from, to).every((other) => other.kind === 'text' && segmentTokens(file, other).length === 0);
  return blank(0, segment) && blank(group.endSegment + 1, segments.length) ? name : null;
}

/** Whether a group is the guard of its file: a condition that no configuration decides. */
export function isGuard(structure: FileStructure, group: ConditionalGroup): boolean {
  return structure.guard !== null && group === structure.groups[0];
}
