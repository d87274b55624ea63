import { describe, expect, test } from 'vitest';
import { formatDiagnostic } from '../../src/syntax/diagnostic.ts';
import { parseExpression, parseSource, parseTokens } from '../../src/syntax/parse.ts';
import { printTree } from '../../src/syntax/print.ts';
import { SourceText } from '../../src/syntax/source.ts';
import { tokenize } from '../../src/syntax/tokenize.ts';
import { show, showExpression } from './show.ts';

describe('an error names its place, and reading goes on behind the statement', () => {
  test.each<[string, string, string[]]>([
    ['mov r1=(r2\nrfi', '1:11 expected `)`, found the end of the line', ['unparsed', 'rfi']],
    ['ld8 r1=[r2;rfi', '1:11 expected `]`, found `;`', ['unparsed', 'rfi']],
    ['foo: ) x ;; rfi', '1:6 unexpected `)` at the start of a statement', ['label foo', 'unparsed', ';;', 'rfi']],
    ['mov r1=r2)', '1:10 unexpected `)`', ['mov r1 = opaque{r2)}']],
    ['mov r1=r2+', '1:11 unexpected the end of the line', ['unparsed']],
    ['mov r1=r2*/r3', '1:11 unexpected `/`', ['unparsed']],
    ['(p6)\nrfi', '1:5 expected an instruction behind the predicate', ['unparsed', 'rfi']],
    ['(p6) .text', '1:6 expected an instruction behind the predicate', ['unparsed']],
    ['[1] rfi', '1:3 expected `:`, found `]`', ['unparsed']],
    ['. + 4', '1:3 expected `=`, found `+`', ['unparsed']],
    ['3 rfi', '1:1 unexpected `3` at the start of a statement', ['unparsed']],
    ['"a" rfi', '1:1 unexpected string at the start of a statement', ['unparsed']],
    ['F(a, (b\nrfi', '1:2 the parenthesis is not closed', ['unparsed', 'rfi']],
    ['rfi /* open', '1:5 the comment is not closed', ['rfi']],
    ['.ascii "open\nrfi', '1:8 the string is not closed', ['directive .ascii "open', 'rfi']],
    ['rfi `', '1:5 unexpected ```', ['rfi opaque{`}']],
  ])('%j', (text, message, statements) => {
    const file = new SourceText('t.S', text);
    const tree = parseSource(file);
    const places = tree.errors.map((error) => {
      const { line, column } = file.position(error.start);
      return `${line}:${column} ${error.message}`;
    });
    expect(places).toEqual([message]);
    expect(show(tree.tokens, tree.statements)).toEqual(statements);
    expect(printTree(tree)).toBe(text);
  });

  test('several errors come in the order of the text', () => {
    const { errors } = parseSource(new SourceText('t.S', '/* a */ )\n mov r1=(\n\t[x\n'));
    expect(errors.map(formatDiagnostic).join('\n')).toBe(
      [
        't.S:1:9: error: unexpected `)` at the start of a statement\n/* a */ )\n        ^',
        't.S:2:10: error: unexpected the end of the line\n mov r1=(\n         ^',
        't.S:3:4: error: expected `:`, found the end of the line\n\t[x\n\t  ^',
      ].join('\n'),
    );
  });
});

test('a lenient parse keeps all and reports nothing', () => {
  const text = 'static inline int f(int) { return a[2] - 1; }\nint x = (1;\n';
  const file = new SourceText('t.h', text);
  expect(parseSource(file).errors.length).toBeGreaterThan(0);
  const tree = parseSource(file, { lenient: true });
  expect(tree.errors).toEqual([]);
  expect(printTree(tree)).toBe(text);
});

test('errors in preprocessed text point to where the tokens were spelled', () => {
  const header = new SourceText('x.h', '(r2');
  const body = tokenize(header);
  const { errors } = parseTokens([
    ...tokenize(new SourceText('a.S', 'mov r1=')),
    ...body,
    ...tokenize(new SourceText('a.S', '\nrfi')),
  ]);
  expect(errors.map(({ file, start, message }) => [file.name, start, message])).toEqual([
    ['a.S', 0, 'expected `)`, found the end of the line'],
  ]);
});

describe('an expression alone', () => {
  test.each([
    ['1 + 2 * x', '<1 + <2 * x>>'],
    [' (~1 << 4) ', '(<~1 << 4>)'],
  ])('%j', (text, expected) => {
    const tokens = tokenize(new SourceText('t', text));
    const { expression, errors } = parseExpression(tokens);
    expect(errors).toEqual([]);
    expect(showExpression(tokens, expression!)).toBe(expected);
  });

  test.each([
    ['1 +', 'unexpected the end of the line'],
    ['1 2', 'unexpected `2`'],
    ['', 'unexpected the end of the line'],
    ['(1', 'expected `)`, found the end of the line'],
  ])('%j is none', (text, message) => {
    const { expression, errors } = parseExpression(tokenize(new SourceText('t', text)));
    expect(expression).toBeNull();
    expect(errors.map((error) => error.message)).toEqual([message]);
  });
});
