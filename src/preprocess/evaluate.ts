/** Whether conditions hold: chains of `defined` by the names that are defined, all else by expression.ts. */
import { evaluateExpression } from './expression.ts';
import { type OpenFile, type PreprocessorRun, report } from './run.ts';
import { conditionOf, type DirectiveSegment, directiveTokens } from './structure.ts';

/** Whether the condition of an `#if`, `#ifdef`, `#elif` ... holds now. Bad ones are reported and do not hold. */
export function evaluateCondition(run: PreprocessorRun, frame: OpenFile, segment: DirectiveSegment): boolean {
  const { terms, any } = conditionOf(frame.file, segment);
  const tokens = directiveTokens(frame.file, segment);
  if (terms === null) {
    if (segment.keyword === 'if' || segment.keyword === 'elif') return evaluateExpression(run, frame, segment, tokens);
    report(
      run,
      'error',
      tokens.length === 0 ? `no macro name given in #${segment.keyword}` : 'macro names must be identifiers',
      { file: frame.file, start: segment.start, end: segment.end },
    );
    return false;
  }
  for (const { name, negated } of terms) {
    if ((run.macros.has(name) !== negated) === any) return any;
  }
  return !any;
}
