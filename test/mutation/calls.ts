/** The macros of a macro-ised text, read by a plain scan: nothing here comes from the tool's own parser. */
import type { Operation } from '../../src/project/operations.ts';
import { OPERATIONS } from '../lint/project.ts';

export interface Argument {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

export interface Call {
  readonly file: string;
  readonly operation: Operation;
  readonly predicated: boolean;
  /** Of the whole call; the name ends at `nameEnd`. */
  readonly start: number;
  readonly nameEnd: number;
  readonly end: number;
  readonly predicates: readonly Argument[];
  readonly branch: Argument;
  /** One for each slot of the operation. */
  readonly operands: readonly Argument[];
  readonly generals: readonly Argument[];
  readonly scratchPredicates: readonly Argument[];
}

const BY_MACRO = new Map(OPERATIONS.all.map((operation) => [operation.macro, operation]));
const NAME = /\bASM_[A-Z0-9_]+(?=\()/g;

/** The calls of a text in order; those in comments are none. */
export function readCalls(file: string, text: string): readonly Call[] {
  const code = blankComments(text);
  const calls: Call[] = [];
  for (const match of code.matchAll(NAME)) {
    const predicated = match[0].endsWith('_P') && !BY_MACRO.has(match[0]);
    const operation = BY_MACRO.get(predicated ? match[0].slice(0, -2) : match[0]);
    if (operation === undefined) continue;
    calls.push(readCall(file, code, match.index, match[0].length, operation, predicated));
  }
  return calls;
}

function readCall(
  file: string,
  code: string,
  start: number,
  length: number,
  operation: Operation,
  predicated: boolean,
): Call {
  const { args, end } = readArguments(code, start + length);
  const predicates = predicated ? operation.predicates.length : 0;
  const slots = predicates + 1 + operation.slots.length;
  const scratch = args.slice(slots);
  return {
    file,
    operation,
    predicated,
    start,
    nameEnd: start + length,
    end,
    predicates: args.slice(0, predicates),
    branch: args[predicates]!,
    operands: args.slice(predicates + 1, slots),
    // `ar.pfs` is no register that a body needs: where it is named, a call may be shorter.
    generals: scratch.filter(({ text }) => !/^p\d+$|^p[A-Z]|^ar\./.test(text)),
    scratchPredicates: scratch.filter(({ text }) => /^p\d+$|^p[A-Z]/.test(text)),
  };
}

function readArguments(code: string, open: number): { args: Argument[]; end: number } {
  const args: Argument[] = [];
  let depth = 0;
  let from = open + 1;
  for (let at = open; ; at++) {
    const letter = code[at];
    if (letter === undefined) throw new Error(`no end of the arguments at ${open}`);
    if (letter === '(') depth++;
    if (letter === ')') depth--;
    if ((letter === ',' && depth === 1) || depth === 0) {
      const raw = code.slice(from, at);
      const start = from + raw.length - raw.trimStart().length;
      args.push({ text: raw.trim(), start, end: start + raw.trim().length });
      from = at + 1;
    }
    if (depth === 0) return { args, end: at + 1 };
  }
}

/** The text with every character of a comment as a space, so that offsets stay. */
export function blankComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\/|\/\/[^\n]*/g, (comment) => comment.replace(/[^\n\\]/g, ' '));
}
