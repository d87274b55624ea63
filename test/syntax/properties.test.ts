import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseSource, parseTokens } from '../../src/syntax/parse.ts';
import { printTree } from '../../src/syntax/print.ts';
import { SourceText } from '../../src/syntax/source.ts';
import { type Dialect, tokenize } from '../../src/syntax/tokenize.ts';
import type { Span, Statement } from '../../src/syntax/tree.ts';
import { bytes, sourceText } from './text.ts';

/** Statements in order, inside their bounds, and not overlapping; the same for what is inside them. */
function checkSpans(statements: readonly Statement[], first: number, last: number): void {
  let reached = first;
  for (const statement of statements) {
    checkSpan(statement, reached, last);
    reached = statement.last + 1;
    if (statement.kind === 'macroCall') {
      for (const argument of statement.args) checkSpans(argument.statements, argument.first, argument.last);
    } else if (statement.kind === 'cpp' && statement.define !== null) {
      checkSpans(statement.define.body, statement.define.bodyFirst, statement.define.bodyLast);
    } else if (statement.kind === 'instruction') {
      for (const operand of [...statement.outputs, ...statement.inputs]) {
        expect(operand.first).toBeGreaterThan(statement.mnemonicLast - 1);
        expect(operand.last).toBeLessThanOrEqual(statement.last);
      }
    }
  }
}

function checkSpan({ first, last }: Span, from: number, to: number): void {
  expect(first).toBeGreaterThanOrEqual(from);
  expect(last).toBeGreaterThanOrEqual(first);
  expect(last).toBeLessThanOrEqual(to);
}

test.each<Dialect>(['cpp', 'gas'])('any text parses and prints back (%s)', (dialect) => {
  fc.assert(
    fc.property(fc.oneof(sourceText, bytes), (text) => {
      const file = new SourceText('t', text);
      const tree = parseSource(file, { dialect });
      expect(printTree(tree)).toBe(text);
      checkSpans(tree.statements, 0, tree.tokens.length - 1);
      for (const { start, end } of tree.errors) {
        expect(start).toBeGreaterThanOrEqual(0);
        expect(start).toBeLessThanOrEqual(end);
        expect(end).toBeLessThanOrEqual(text.length);
      }
    }),
    { numRuns: 500 },
  );
});

test('any list of tokens parses', () => {
  fc.assert(
    fc.property(fc.array(sourceText, { maxLength: 3 }), (texts) => {
      const tokens = texts.flatMap((text) => tokenize(new SourceText('t', text)).filter(({ kind }) => kind !== 6));
      const { statements } = parseTokens(tokens);
      checkSpans(statements, 0, tokens.length - 1);
    }),
    { numRuns: 500 },
  );
});

test('no significant token is outside of all statements, separators apart', () => {
  fc.assert(
    fc.property(sourceText, (text) => {
      const { tokens, statements } = parseSource(new SourceText('t', text));
      const covered = new Set<number>();
      for (const { first, last } of statements) for (let at = first; at <= last; at++) covered.add(at);
      for (const [at, { kind, text: spelled }] of tokens.entries()) {
        if (kind < 5 || kind === 8) expect(covered.has(at) || spelled === ';', `token ${at} ${spelled}`).toBe(true);
      }
    }),
    { numRuns: 500 },
  );
});
