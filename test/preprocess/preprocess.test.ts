import { describe, expect, test } from 'vitest';
import { createCache } from '../../src/preprocess/cache.ts';
import { preprocess } from '../../src/preprocess/preprocess.ts';

import { SourceText } from '../../src/syntax/source.ts';
import type { MacroUse, Token } from '../../src/syntax/token.ts';
import { lines, memoryHost, messages, run1 } from './support.ts';

function find(tokens: readonly Token[], text: string): Token {
  const token = tokens.find((each) => each.text === text);
  if (token === undefined) throw new Error(`no token ${text}`);
  return token;
}

/** A token's place and its macros, as text: `main.S:2:3 < F(x) argument < G body`. */
function story({ file, start, end, use }: Token): string {
  const place = (at: SourceText, from: number, to: number) => {
    const { line, column } = at.position(from);
    return `${at.name}:${line}:${column} ${JSON.stringify(at.text.slice(from, to))}`;
  };
  const steps = [place(file, start, end)];
  for (let step: MacroUse | null = use; step !== null; step = step.parent)
    steps.push(`${step.argument ? 'argument' : 'body'} of ${step.name} at ${place(step.file, step.start, step.end)}`);
  return steps.join(' < ');
}

describe('a token knows where it was spelled', () => {
  const cases = [
    { name: 'outside of macros', text: 'mov x\n', token: 'x', story: 'main.S:1:5 "x"' },
    {
      name: 'in a body',
      text: '#define F mov x\nF\n',
      token: 'x',
      story: 'main.S:1:15 "x" < body of F at main.S:2:1 "F"',
    },
    {
      name: 'in an argument',
      text: '#define F(a) mov a\nF( x )\n',
      token: 'x',
      story: 'main.S:2:4 "x" < argument of F at main.S:2:1 "F( x )"',
    },
    {
      name: 'in an argument handed on',
      text: '#define F(a) mov a\n#define G(b) F(b)\nG(x)\n',
      token: 'x',
      story: 'main.S:3:3 "x" < argument of F at main.S:2:14 "F(b)" < argument of G at main.S:3:1 "G(x)"',
    },
    {
      name: 'in the body of a macro in a body',
      text: '#define F mov x\n#define G F\nG\n',
      token: 'x',
      story: 'main.S:1:15 "x" < body of F at main.S:2:11 "F" < body of G at main.S:3:1 "G"',
    },
    {
      name: 'in the body of a macro in an argument',
      text: '#define F(a) mov a\n#define G x\nF(G)\n',
      token: 'x',
      story: 'main.S:2:11 "x" < argument of F at main.S:3:1 "F(G)" < body of G at main.S:3:3 "G"',
    },
    {
      name: 'made by ##: its left operand',
      text: '#define F(a) ar.k##a\nF(3)\n',
      token: 'k3',
      story: 'main.S:1:17 "k" < body of F at main.S:2:1 "F(3)"',
    },
    {
      name: 'made by #: its operator',
      text: '#define F(a) #a\nF(3)\n',
      token: '"3"',
      story: 'main.S:1:14 "#" < body of F at main.S:2:1 "F(3)"',
    },
    {
      name: 'computed: the name',
      text: '\n__LINE__\n',
      token: '2',
      story: 'main.S:2:1 "__LINE__" < body of __LINE__ at main.S:2:1 "__LINE__"',
    },
    {
      name: 'a call that ends behind the macro that began it',
      text: '#define F(a) a\n#define G F\nG(x)\n',
      token: 'x',
      story: 'main.S:3:3 "x" < argument of F at main.S:2:11 "F"',
    },
  ];
  test.each(cases)('$name', ({ text, token, story: expected }) => {
    expect(story(find(run1(text).tokens, token))).toBe(expected);
  });

  test('tokens of one invocation share their use', () => {
    const { tokens } = run1('#define F(a) mov r1 = a\nF(r2 r3)\n');
    expect(find(tokens, 'mov').use).toBe(find(tokens, 'r1').use);
    expect(find(tokens, 'r2').use).toBe(find(tokens, 'r3').use);
  });

  test('a token that no macro carried is the one that was read', () => {
    const cache = createCache();
    const file = new SourceText('main.S', 'mov r1=r2\n');
    const options = { includeDirs: [], commands: [], strict: false, host: memoryHost({}), cache };
    expect(preprocess(file, options).tokens[0]).toBe(preprocess(file, options).tokens[0]);
  });
});

describe('a line ends where a statement may end', () => {
  test.each([
    ['empty lines give none', 'a\n\n  \n// c\nb', ['a', 'b']],
    ['a call over lines is one line', '#define F(a) <a>\nF(\n1\n) b\nc\n', ['<1> b', 'c']],
    ['a comment over lines joins them', 'a /*\n*/ b\nc\n', ['a b', 'c']],
    ['an expansion to nothing leaves none', '#define N\nN\nN N\na\n', ['a']],
  ])('%s', (_, text, expected) => {
    const { tokens } = run1(text);
    expect(lines(tokens)).toEqual(expected);
    expect(tokens.filter((token) => token.text === '\n' || token.text === '')).toHaveLength(expected.length);
  });
});

describe('headers', () => {
  const files = {
    'a.h': '#ifndef A_H\n#define A_H\na\n#endif\n',
    'dir/b.h': 'dir_b\n#include "c.h"\n',
    'dir/c.h': 'dir_c\n#include_next <c.h>\n',
    'other/c.h': 'other_c __INCLUDE_LEVEL__\n',
    'once.h': '#pragma once\nonce\n',
    'count.h': 'n __COUNTER__\n',
    'self.h': '#include "self.h"\n#include "self.h"\nx\n',
    'open.h': '#if 1\nx\n',
    'dir/sys/d.h': 'sys_d\n',
  };
  const run = (text: string) => run1(text, { files, includeDirs: ['dir', 'other'] });
  test.each([
    ['are guarded', '#include "a.h"\n#include "a.h"\n', ['a']],
    ['are read once', '#include "once.h"\n#include "once.h"\n', ['once']],
    ['are imported once', '#import "count.h"\n#import "count.h"\n', ['n 0']],
    [
      'are searched beside the including file, then in -I, then behind',
      '#include "b.h"\n',
      ['dir_b', 'dir_c', 'other_c 3'],
    ],
    [
      'have computed names',
      '#define S <sys/d.h>\n#define X(x) Y(x)\n#define Y(x) #x\n#include S\n#define H sys\n#include X(H/d.h)\n',
      ['sys_d', 'sys_d'],
    ],
    [
      'are asked for',
      '#if __has_include(<sys/d.h>) && !__has_include("no.h") && __has_include("a.h")\nyes\n#endif\n',
      ['yes'],
    ],
    ['are asked for by the name as spelled', '#define sys no\n#if __has_include(<sys/d.h>)\nyes\n#endif\n', ['yes']],
  ])('%s', (_, text, expected) => {
    const result = run(text);
    expect(lines(result.tokens)).toEqual(expected);
    expect(messages(result)).toEqual([]);
  });

  test('that are missing give one warning each, or an error', () => {
    const text = 'a\n#include <no.h>\n#include <no.h>\n#include "nope.h"\nb\n';
    const lenient = run(text);
    expect(lines(lenient.tokens)).toEqual(['a', 'b']);
    expect(messages(lenient)).toEqual([
      'main.S:2:1: warning: header "no.h" is not found; what it defines is unknown',
      'main.S:4:1: warning: header "nope.h" is not found; what it defines is unknown',
    ]);
    expect(messages(run1(text, { strict: true }))[0]).toBe(
      'main.S:2:1: error: header "no.h" is not found; what it defines is unknown',
    );
  });

  test('are listed with their places', () => {
    const { includes, files: entered } = run('#include "a.h"\n#include <b.h>\n#include <no.h>\n');
    expect(
      includes.map(({ file, start, path, angled, local, resolved }) => [
        file.name,
        start,
        path,
        angled,
        local,
        resolved?.name,
      ]),
    ).toEqual([
      ['main.S', 0, 'a.h', false, true, 'a.h'],
      ['main.S', 15, 'b.h', true, false, 'dir/b.h'],
      ['dir/b.h', 6, 'c.h', false, false, 'dir/c.h'],
      ['dir/c.h', 6, 'c.h', true, false, 'other/c.h'],
      ['main.S', 30, 'no.h', true, false, undefined],
    ]);
    expect(entered.map(({ name }) => name)).toEqual(['main.S', 'a.h', 'dir/b.h', 'dir/c.h', 'other/c.h']);
  });

  test('that include themselves end with one error', () => {
    expect(messages(run('#include "self.h"\n'))).toEqual([
      expect.stringMatching(/^self.h:1:1: error: #include nested or repeated more than 200 deep/),
    ]);
  });

  test('of -include stand before the file, after -D and -U', () => {
    const commands = [
      { kind: 'include', path: 'a.h' },
      { kind: 'include', path: 'b.h' },
      { kind: 'define', text: 'dir_b=B' },
    ] as const;
    expect(lines(run1('x\n', { files, includeDirs: ['dir', 'other'], commands }).tokens)).toEqual([
      'a',
      'B',
      'dir_c',
      'other_c 3',
      'x',
    ]);
  });

  test('are read from the host and cut into tokens once for all runs', () => {
    let reads = 0;
    const host = {
      read: (path: string) => {
        reads++;
        return path === 'h.h' ? '#ifdef A\na\n#else\nb\n#endif\n' : undefined;
      },
    };
    const file = new SourceText('main.S', '#include <h.h>\n#include <h.h>\n');
    const options = {
      includeDirs: ['.', 'x', ''],
      commands: [],
      strict: false,
      host: { read: (path: string) => host.read(path.replace(/^\/|^\.\//, '')) },
      cache: createCache(),
    };
    const first = preprocess(file, options);
    const second = preprocess(file, { ...options, commands: [{ kind: 'define', text: 'A' }] });
    expect([lines(first.tokens), lines(second.tokens), reads]).toEqual([['b', 'b'], ['a', 'a'], 1]);
  });
});

test('a header that cannot be read is an error at its #include, and not looked for elsewhere', () => {
  const read = (path: string): string | undefined => {
    if (path === 'lib.h') throw new Error('lib.h: permission denied');
    return path === 'other/lib.h' ? 'nop 0\n' : undefined;
  };
  const result = run1('#include "lib.h"\nrfi\n', { host: { read }, includeDirs: ['other'] });
  expect(messages(result)).toEqual(['main.S:1:1: error: lib.h: permission denied']);
  expect(lines(result.tokens)).toEqual(['rfi']);
});

test('what a missing header might have spared is no error', () => {
  const text = '#include "lib.h"\n#if LIB_AT_LEAST(2, 1)\na\n#endif\n#ifndef SIZE\n#error no SIZE\n#endif\nb\n';
  const lenient = run1(text);
  expect(messages(lenient)).toEqual([
    'main.S:1:1: warning: header "lib.h" is not found; what it defines is unknown',
    'main.S:2:17: warning: missing binary operator before token "(" (a header is missing)',
    'main.S:6:1: warning: #error no SIZE (a header is missing)',
  ]);
  expect(lines(lenient.tokens)).toEqual(['b']);
  const severities = (result: typeof lenient) => result.diagnostics.map(({ severity }) => severity);
  expect(severities(run1(text, { strict: true }))).toEqual(['error', 'error', 'error']);
  expect(severities(run1(text, { files: { 'lib.h': '' } }))).toEqual(['error', 'error']);
});

test('a banner of // and stars opens no comment', () => {
  expect(messages(run1('//****\nx\n// or /* this\ny "/*"\nz\n'))).toEqual([]);
});

describe('what is wrong is said with its place', () => {
  test.each([
    ['#if 1\nx\n', '1:1: error: unterminated #if'],
    ['x\n  #endif\n', '2:3: error: #endif without #if'],
    ['#else\n', '1:1: error: #else without #if'],
    ['#if 1\n#else\n#else\n#endif\n', '3:1: error: #else after #else'],
    ['#if 1\n#else\n#elif 1\n#endif\n', '3:1: error: #elif after #else'],
    ['x /* y\n', '1:3: error: unterminated comment'],
    ['#define F(a) a\n x F(1\n', '2:4: error: unterminated argument list invoking macro "F"'],
    ['#define F(a) a\n x F(1,2)\n', '2:4: error: macro "F" passed 2 arguments, but takes just 1'],
    ['#define F(a,b) a\nF(1)\n', '2:1: error: macro "F" requires 2 arguments, but only 1 given'],
    ['#define F(a,b) a\n#define G F(1)\nG\n', '3:1: error: macro "F" requires 2 arguments, but only 1 given'],
    ['#define N 1\n#define N 2\n', '2:9: warning: "N" redefined'],
    ['#define F(a,a) 1\n', '1:13: error: duplicate macro parameter "a"'],
    ['#define F(a 1\n', '1:13: error: expected "," or ")" in macro parameter list'],
    ['#define F(a,\n', '1:13: error: missing ")" in macro parameter list'],
    ['#define 1\n', '1:9: error: macro names must be identifiers'],
    ['#define\n', '1:8: error: no macro name given in #define'],
    ['#define defined\n', '1:9: error: "defined" cannot be used as a macro name'],
    ['#undef\n', '1:1: error: no macro name given in #undef'],
    ['#ifdef\n#endif\n', '1:1: error: no macro name given in #ifdef'],
    ['#if\n#endif\n', '1:1: error: #if with no expression'],
    ['#if 1 2\n#endif\n', '1:7: error: missing binary operator before token "2"'],
    ['#if 1 / 0\n#endif\n', '1:7: error: division by zero in #if'],
    ['#if (1\n#endif\n', "1:1: error: missing ')' in expression"],
    ['#if 1 +\n#endif\n', '1:1: error: #if expression ends where an operand is due'],
    ['#if "a"\n#endif\n', '1:5: error: token ""a"" is not valid in preprocessor expressions'],
    ['#if 1.5\n#endif\n', '1:5: error: floating constant in preprocessor expression'],
    ['#if 1f\n#endif\n', '1:5: error: "1f" is not an integer constant'],
    ['#if 1 ? 2\n#endif\n', "1:1: error: '?' without following ':'"],
    ['#if defined\n#endif\n', '1:1: error: operator "defined" requires an identifier'],
    ['#include\n', '1:1: error: #include expects "FILENAME" or <FILENAME>'],
    ['#error no good\n', '1:1: error: #error no good'],
    ['#warning take care\n', '1:1: warning: #warning take care'],
    ['#line x\n', '1:1: error: #line expects a line number'],
    ['__DATE__\n', '1:1: warning: __DATE__ would differ from run to run; it becomes "??? ?? ????"'],
  ])('%j', (text, message) => {
    expect(messages(run1(text)).filter((each) => !each.includes(': note: '))).toEqual([`main.S:${message}`]);
  });

  test('and only once, when the file is entered', () => {
    const files = { 'a.h': '#endif\n' };
    expect(messages(run1('#include "a.h"\n#include "a.h"\n', { files }))).toEqual([
      'a.h:1:1: error: #endif without #if',
    ]);
  });

  test('nothing is wrong with the same definition again, nor with one in place of a given macro', () => {
    expect(messages(run1('#define N  a /**/ b\n#define N a  b\n#define F(x) x\n#define F(x) x\n'))).toEqual([]);
    const macros = new SourceText('given.S', '#define N(x) <x>\n#define M 1\n');
    const result = run1('N(1) M\n#define N 2\nN\n', { macros });
    expect([lines(result.tokens), messages(result)]).toEqual([['<1> 1', '2'], []]);
  });
});

describe('conditionals', () => {
  test('are listed as they are met, with what each condition was', () => {
    const text = '#ifdef A\na\n#elif N > 3\nb\n#else\nc\n#if 0\n#endif\n#endif\n#if 1\n#if 0\n#endif\n#endif\n';
    const { conditionals } = run1(text, { commands: [{ kind: 'define', text: 'N=4' }] });
    expect(
      conditionals.map(({ group, taken, values }) => ({
        at: group.branches.map(({ keyword, expression, start }) => `${start} ${keyword} ${expression}`.trim()),
        taken,
        values,
      })),
    ).toEqual([
      { at: ['0 ifdef A', '11 elif N > 3', '25 else'], taken: 1, values: [false, true, undefined] },
      { at: ['53 if 1'], taken: 0, values: [true] },
      { at: ['59 if 0'], taken: -1, values: [false] },
    ]);
    const [first] = conditionals;
    expect(
      first!.group.branches.map(({ bodyStart, bodyEnd, group }) => group.file.text.slice(bodyStart, bodyEnd)),
    ).toEqual(['a\n', 'b\n', 'c\n#if 0\n#endif\n']);
  });

  test('of include guards are not listed', () => {
    const files = {
      'a.h': '/* c */\n#ifndef A_H\n#define A_H\n#if 0\n#endif\n#endif // A_H\n',
      'b.h': '#if !defined(B_H)\n#define B_H\n#endif\n',
    };
    expect(
      run1('#include "a.h"\n#include "b.h"\n', { files }).conditionals.map(
        ({ group }) => group.branches[0]!.expression,
      ),
    ).toEqual(['0']);
  });

  test('can be decided from outside', () => {
    const text = '#if 0\na\n#else\nb\n#endif\n#ifdef X\nc\n#elif 1\nd\n#endif\n';
    expect(lines(run1(text).tokens)).toEqual(['b', 'd']);
    expect(
      lines(
        run1(text, { decide: ({ expression }) => (expression === '0' || expression === 'X' ? true : undefined) })
          .tokens,
      ),
    ).toEqual(['a', 'c']);
  });

  test('see names that are held against all definitions', () => {
    const files = { 'config.h': '#define SMP 1\n#undef UP\n' };
    const commands = [{ kind: 'include', path: 'config.h' }] as const;
    const fixed = new Map([
      ['SMP', null],
      ['UP', '2'],
    ]);
    expect(lines(run1('SMP UP\n#ifdef SMP\na\n#endif\n', { files, commands, fixed }).tokens)).toEqual(['SMP 2']);
  });
});
