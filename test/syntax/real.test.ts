/** Every source and assembly header of the kernel, and gas's own tests: parsed without an error, printed back. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, test } from 'vitest';
import { formatDiagnostic } from '../../src/syntax/diagnostic.ts';
import { parseSource, parseTokens } from '../../src/syntax/parse.ts';
import { printTree } from '../../src/syntax/print.ts';
import { SourceText } from '../../src/syntax/source.ts';
import { type Dialect, tokenize } from '../../src/syntax/tokenize.ts';
import { preprocess } from '../support/assemble.ts';
import { binutilsSource } from '../support/binutils.ts';
import { configurations, kernel } from '../support/kernel.ts';

function readsBack(path: string, dialect: Dialect): void {
  const text = readFileSync(path, 'latin1');
  for (const variant of [text, text.replaceAll('\n', '\r\n'), text.trimEnd()]) {
    const tree = parseSource(new SourceText(path, variant), { dialect });
    expect(tree.errors.map(formatDiagnostic)).toEqual([]);
    expect(printTree(tree)).toBe(variant);
  }
}

const { root, sources } = kernel();
const architecture = join(root, 'linux/arch/ia64');

function filesBelow(folder: string, suffix: string): string[] {
  return (readdirSync(folder, { recursive: true }) as string[])
    .filter((name) => name.endsWith(suffix))
    .map((name) => join(folder, name))
    .sort();
}

/** Headers that know of the assembler, and those that a source includes itself. */
function assemblyHeaders(): string[] {
  const included = new Set<string>();
  for (const source of sources()) {
    for (const [, name] of readFileSync(source, 'latin1').matchAll(/^#\s*include\s*[<"]([^">]+)[">]/gm))
      included.add(`/${name}`);
  }
  return filesBelow(architecture, '.h').filter(
    (path) =>
      readFileSync(path, 'latin1').includes('__ASSEMBLY__') || [...included].some((name) => path.endsWith(name)),
  );
}

const below = (path: string) => relative(root, path);

describe('Linux 6.1', () => {
  test.each(sources().map((path) => [below(path), path]))('%s', (_name, path) => readsBack(path!, 'cpp'));

  test.each(readdirSync(join(root, 'plain')).filter((name) => /\.(S|h)$/.test(name) && !name.endsWith('.lds.S')))(
    'plain/%s',
    (name) => {
      const path = join(root, 'plain', name);
      if (name.endsWith('.S') || assemblyHeaders().some((header) => header.endsWith(`/${name}`)))
        readsBack(path, 'cpp');
      else
        expect(printTree(parseSource(new SourceText(name, readFileSync(path, 'latin1'))))).toBe(
          readFileSync(path, 'latin1'),
        );
    },
  );

  test.each(assemblyHeaders().map((path) => [below(path), path]))('%s', (_name, path) => readsBack(path!, 'cpp'));

  test.each(configurations)(
    'every source as gcc -E leaves it, %s: nothing is left but statements of the assembler',
    (configuration) => {
      for (const source of sources()) {
        const { text } = preprocess(source, { configuration });
        const { statements, errors } = parseTokens(tokenize(new SourceText(source, text)));
        expect(errors.map(formatDiagnostic)).toEqual([]);
        expect(statements.filter(({ kind }) => kind === 'macroCall' || kind === 'unparsed')).toEqual([]);
      }
    },
  );

  test('there are as many files as there should be', () => {
    expect(sources().length).toBe(33);
    expect(assemblyHeaders().length).toBeGreaterThan(25);
  });

  test('any other header of C is kept and, when asked so, not complained about', () => {
    for (const path of filesBelow(architecture, '.h')) {
      const text = readFileSync(path, 'latin1');
      const tree = parseSource(new SourceText(path, text), { lenient: true });
      expect(tree.errors).toEqual([]);
      expect(printTree(tree)).toBe(text);
    }
  });

  test('the sites of a body of SAVE_MIN are found as instructions', () => {
    const path = join(architecture, 'kernel/minstate.h');
    const { statements } = parseSource(new SourceText(path, readFileSync(path, 'latin1')));
    const body = statements.flatMap((s) =>
      s.kind === 'cpp' && s.define?.name === 'IA64_NATIVE_DO_SAVE_MIN' ? s.define.body : [],
    );
    const mnemonics = body.flatMap((s) =>
      s.kind === 'instruction' ? [s.mnemonic] : s.kind === 'macroCall' ? [s.name] : [],
    );
    expect(mnemonics.slice(0, 9)).toEqual([
      'mov',
      'mov',
      'mov',
      'mov',
      'MOV_FROM_IPSR',
      'mov',
      'MOV_FROM_IIP',
      'mov',
      '__COVER',
    ]);
    expect(mnemonics.slice(-6)).toEqual(['ACCOUNT_GET_STAMP', 'adds', 'EXTRA', 'movl', 'ACCOUNT_SYS_ENTER', 'bsw.1']);
  });
});

describe('the tests of gas', () => {
  const folder = join(binutilsSource(), 'gas/testsuite/gas/ia64');
  const files = filesBelow(folder, '.s');
  test('there are many', () => expect(files.length).toBeGreaterThan(60));
  test.each(files.map((path) => [relative(folder, path), path]))('%s', (_name, path) => readsBack(path!, 'gas'));
});
