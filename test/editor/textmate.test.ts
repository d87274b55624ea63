/** The TextMate grammar, read by the tokenizer that editors use, beside what the tool itself makes of the same texts. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { beforeAll, describe, expect, test } from 'vitest';
import { createOnigScanner, createOnigString, loadWASM } from 'vscode-oniguruma';
import { type IGrammar, INITIAL, parseRawGrammar, Registry } from 'vscode-textmate';
import { allForms } from '../../src/machine/forms.ts';
import { expandPattern } from '../../src/machine/pattern.ts';
import { registers } from '../../src/machine/registers.data.ts';
import { operations } from '../../src/project/operations.data.ts';
import { SpelledIndex } from '../../src/project/spelled.ts';
import { parseSource } from '../../src/syntax/parse.ts';
import { SourceText } from '../../src/syntax/source.ts';
import { TokenKind } from '../../src/syntax/token.ts';
import { textmateText } from '../support/textmate.ts';

const path = 'grammar/ia64.tmLanguage.json';
const text = readFileSync(path, 'utf8');
let grammar: IGrammar;

beforeAll(async () => {
  const wasm = readFileSync(createRequire(import.meta.url).resolve('vscode-oniguruma/release/onig.wasm'));
  await loadWASM(new Uint8Array(wasm).buffer);
  const registry = new Registry({
    onigLib: Promise.resolve({ createOnigScanner, createOnigString }),
    loadGrammar: async () => parseRawGrammar(text, path),
  });
  grammar = (await registry.loadGrammar('source.ia64'))!;
});

/** The innermost scope of each character of a text. */
function scopesOf(source: string): string[] {
  const scopes: string[] = [];
  let stack = INITIAL;
  for (const line of source.split('\n')) {
    const { tokens, ruleStack } = grammar.tokenizeLine(line, stack);
    stack = ruleStack;
    for (const { startIndex, endIndex, scopes: own } of tokens)
      for (let at = startIndex; at < Math.min(endIndex, line.length); at++) scopes.push(own.join(' '));
    scopes.push('');
  }
  return scopes;
}

/** The scope of a word in a line, the same for all of its characters. */
function scopeOf(line: string, word: string): string {
  const at = line.indexOf(word);
  const own = new Set(scopesOf(line).slice(at, at + word.length));
  return [...own].map((scopes) => scopes.split(' ').at(-1)!).join(' / ');
}

test('the grammar is made of the tables as they stand', () => expect(text).toBe(textmateText()));

describe('every word of the tables', () => {
  test('every mnemonic is one at the start of a statement, and none elsewhere', () => {
    for (const form of allForms())
      for (const word of expandPattern(form.pattern)) {
        for (const line of [`\t${word} r8=r9`, `(p6)\t${word} r8=r9`, `f: ${word}`, `{ .mii; ${word} ;; }`])
          expect(scopeOf(line, word), line).toMatch(/^keyword\.(mnemonic|control|other\.privileged)\.ia64$/);
        expect(scopeOf(`\t${word}x r8`, `${word}x`), word).toMatch(
          /^(source|keyword\.mnemonic|keyword\.control)\.ia64$/,
        );
      }
    expect(scopeOf('\tbr.cond.sptk mov', 'mov')).toBe('source.ia64');
  });

  test('what a hypervisor must see in any form stands out', () => {
    for (const form of allForms().filter(({ privileged, sensitive }) => privileged || sensitive))
      for (const word of expandPattern(form.pattern).filter((word) => !/^(mov|break)\b/.test(word)))
        expect(scopeOf(`\t${word}\t`, word), word).toBe('keyword.other.privileged.ia64');
  });

  test('every register that an operand names', () => {
    for (const { register, names } of registers)
      for (const name of names)
        if (!['state', 'field'].includes(register.class))
          expect(scopeOf(`\tmov r8=${name};;`, name), name).toBe('variable.language.register.ia64');
    for (const name of ['in0', 'loc95', 'out7']) expect(scopeOf(`\tmov r8=${name}`, name)).toMatch(/register/);
    for (const name of ['r128', 'loc96', 'p64', 'b8', 'f128', 'r8x', 'ar.pfsx'])
      expect(scopeOf(`\tmov r1=${name}`, name), name).toBe('source.ia64');
  });

  test('every macro of an operation', () => {
    for (const { macro } of operations)
      for (const name of [macro, `${macro}_P`])
        expect(scopeOf(`\t${name}(b6, r8)`, name)).toBe('support.function.operation.ia64');
    expect(scopeOf('\tASM_NONE(r8)', 'ASM_NONE')).toBe('source.ia64');
  });
});

test.each([
  ['1:\tbr.cond.sptk 1b', '1:', 'entity.name.label.ia64 / punctuation.separator.label.ia64'],
  ['1:\tbr.cond.sptk 1b', '1b', 'constant.other.label.ia64'],
  ['[.L3:]\tld8 r2=[r3]', '[.L3:]', 'entity.name.label.tag.ia64'],
  ['\tadd r2=@gprel(x),gp', '@gprel', 'storage.modifier.relocation.ia64'],
  ['\tadd r2=x,gp', 'gp', 'variable.language.register.ia64'],
  ['\t.section .text..gate,"ax"', '.section', 'keyword.other.directive.ia64'],
  ['\t.section .text..gate,"ax"', '.text..gate', 'source.ia64'],
  ['\tmov \\to=\\from', '\\from', 'variable.parameter.macro.ia64'],
  ['#define SAVE(x) mov x=cr.ifa ;; \\', 'mov', 'keyword.mnemonic.ia64'],
  ['#define SAVE(x) mov x=cr.ifa ;; \\', 'cr.ifa', 'variable.language.register.ia64'],
  ['#ifdef CONFIG_SMP // why', '// why', 'comment.line.double-slash.ia64'],
  ['\tadd r2=0x1fUL,r0', '0x1fUL', 'constant.numeric.ia64'],
  ['\tDO_SAVE_MIN(COVER, mov r30=cr.ifs, nop 0)', 'mov', 'keyword.mnemonic.ia64'],
])('%s: %s', (line, word, scope) => {
  expect(scopeOf(line, word)).toBe(scope);
});

/** By kind of token, the scope that all of its characters must have. */
const KINDS: readonly (readonly [TokenKind, RegExp])[] = [
  [TokenKind.Comment, /\bcomment\./],
  [TokenKind.String, /\bstring\./],
];

test.each(['samples/ivt.S', 'samples/entry.S', 'samples/minstate.h', 'samples/kbuild/tlb.s'])(
  '%s: comments, strings and mnemonics are where the tool finds them',
  (name) => {
    const source = readFileSync(name, 'latin1');
    const tree = parseSource(new SourceText(name, source));
    const scopes = scopesOf(source);
    for (const { kind, start, end, text: spelled } of tree.tokens)
      for (const [own, scope] of KINDS)
        for (let at = start; at < end; at++)
          if (source[at] !== '\n' && /\S/.test(source[at]!)) {
            const { line } = tree.file.position(at);
            if (!tree.file.line(line).trimStart().startsWith('#'))
              expect(scope.test(scopes[at]!), `${name}:${line}: ${spelled}`).toBe(kind === own);
          }
    const known = new Set(allForms().flatMap(({ pattern }) => expandPattern(pattern)));
    let count = 0;
    for (const { kind, node } of new SpelledIndex(tree).all()) {
      if (kind !== 'instruction' || !known.has(node.mnemonic)) continue;
      const { start } = tree.tokens[node.mnemonicFirst]!;
      expect(scopes[start], `${name}:${tree.file.position(start).line} ${node.mnemonic}`).toMatch(/keyword\./);
      count++;
    }
    expect(count).toBeGreaterThan(20);
  },
);
