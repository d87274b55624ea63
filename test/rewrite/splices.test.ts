/** Lines continued with a backslash within an instruction: cpp puts them together before anything else reads them. */
import { describe, expect, test } from 'vitest';
import instructionsText from '../../grammar/instructions.tsv';
import { formsOf } from '../../src/machine/forms.ts';
import { takesOneOperand } from '../../src/syntax/one-operand.ts';
import { parseSource } from '../../src/syntax/parse.ts';
import { SourceText } from '../../src/syntax/source.ts';
import { assembleText, image } from '../support/assemble.ts';
import { listing, macroised, rewritten } from './support.ts';

/** What is spelled, each after the mark of a splice, and the macro that the site becomes. */
const cases: readonly (readonly [name: string, text: string, macros: readonly RegExp[]])[] = [
  ['a control register', '\tmov r14=cr.i|fa\n', [/ASM_READ_IFA\(\S*, r14\)/]],
  ['a mnemonic', '\tmo|v r14=cr.ivr\n', [/ASM_READ_IVR\(.*r14.*\)/]],
  ['a register', '\tmov r1|4=cr.iha\n', [/ASM_READ_IHA\(.*14.*\)/]],
  ['a completer', '\tssm psr|.ic|\n\t;;\n\tsrl|z.d\n', [/ASM_SSM_PSR_SRLZ_D\(.*\)/]],
  ['between the operands', '\tmov r14 = |\n\t\tcr.itir // a |\n comment with cr.ifa\n', [/ASM_READ_ITIR\(\S*, r14\)/]],
  ['a stop', '\tmov r14=cr.iip;|;\n\tmov r15=cr.ipsr\n', [/ASM_READ_IIP/, /ASM_READ_IPSR/]],
  ['a predicate', '(p|6)\tmov r14=cr.iim\n', [/ASM_READ_IIM/]],
  ['a #define', '#def|ine GE|T(re|g) mov re|g=cr.i|fs\n\tGET(r14)\n', [/GET\(reg\) ASM_READ_IFS/]],
  ['the name of a macro where it is used', '#define GET(r) mov r=cr.ifa\n\tGE|T(r1|4)\n', [/ASM_READ_IFA\(\S*, r\)/]],
  ['a condition', '#define OWN 1\n#if| OW|N\n\tmov r14=cr.i|vr\n#el|se\n\tmov r14=cr.ifa\n#end|if\n', [/ASM_READ_IVR/]],
  ['a macro of the assembler', '\t.mac|ro get r\n\tmov \\r=cr.i|ha\n\t.end|m\n\tget r1|4\n', [/ASM_READ_IHA/]],
  ['the one operand of a mnemonic', '\tssm |\n\t\tpsr.ic\n\t;;\n\tsrlz.d\n', [/ASM_SSM_PSR_SRLZ_D\(.*\)/]],
  ['an address', '\tfc |\n\t\tr14\n', [/ASM_FC\(.*r14.*\)/]],
  ['a mnemonic with a dot', '\tptc.e |\n\t\tr14\n', [/ASM_PTC_E\(.*r14.*\)/]],
  ['a predicate, then the operand', '(p6)|\n\tssm |\n psr.i\n', [/ASM_SSM_PSR_P\(p6/]],
  ['operands in a #define', '#define OFF rsm |\n\tpsr.i ; |\n\tnop 0\n\tOFF\n', [/#define OFF ASM_RSM_PSR\(/]],
  ['the arguments of a macro', '#define GET(r) mov r=cr.ifa\n\tGET |\n\t(r14)\n', [/ASM_READ_IFA\(\S*, r\)/]],
  ['an argument with a site', '#define ONE(x) x\n\tONE(mov |\n\tr14=cr.ifa)\n', [/ONE\(ASM_READ_IFA\(\S*, r14\)\)/]],
  ['an alias', '#define dst r14\n\tmov d|st=cr.ifa\n', [/ASM_READ_IFA\(\S*, dst\)/]],
];

const SPLICES = { 'a line feed': '\\\n', CRLF: '\\\r\n', 'blanks behind the backslash': '\\ \t\n', twice: '\\\n\\\n' };

const routine = (body: string) =>
  `\t.text\n\t.global f\n\t.proc f\nf:\n\tmov r31=r9\n\t;;\n${body}\t;;\n\tmov r8=r0\n\tbr.ret.sptk.many b0\n\t.endp f\n`;

describe.each(Object.entries(SPLICES))('spliced by %s', (_, splice) => {
  test.each(cases)('%s', (_, text, macros) => {
    const spliced = routine(text.replaceAll('|\n', '|').replaceAll('|', splice));
    const plain = routine(text.replaceAll('|\n', '|').replaceAll('|', ''));
    const written = rewritten({ files: { 'a.S': spliced } });
    expect(written.diagnostics).toEqual([]);
    expect(written.refusals).toEqual([]);
    expect(written.sites).toHaveLength(rewritten({ files: { 'a.S': plain } }).sites.length);
    for (const macro of macros) expect(written.files[0]!.text.replaceAll(splice, '')).toMatch(macro);
    const original = assembleText(spliced);
    expect(original.messages).toBe('');
    for (const source of [spliced, written.files[0]!.text]) {
      const native = assembleText(listing(source, 'native'));
      expect(native.messages).toBe('');
      expect(image(native.object!)).toEqual(image(original.object!));
      const xen = assembleText(listing(source, 'xen:b'));
      expect(xen.messages).toBe('');
      expect(image(xen.object!)).toEqual(image(assembleText(listing(plain, 'xen:b')).object!));
    }
  });
});

const statementsOf = (text: string) => parseSource(new SourceText('a.S', `${text}\n`)).statements;

test('what stands before and behind a spliced site stays as it is', () => {
  expect(macroised('f:\tnop 0 \\\n ;;\n\tmov r14=cr.i\\\nfa // a \\\n comment\n\tad\\\nd r8=r9,r10\n')).toMatch(
    /^f:\tnop 0 \\\n ;;\n\tASM_READ_IFA\(\S+, r14\) \/\/ a \\\n comment\n\tad\\\nd r8=r9,r10\n$/,
  );
});

test.each(['native', 'xen:a', 'xen:b'])('lines behind keep their numbers: %s', (target) => {
  const text = [
    '#define LONG(dst) mov \\\n dst=cr.\\\nivr ; \\\n nop 1',
    '\tmov \\\n r14=cr.ifa // one',
    '\tLONG(r15) ;;',
    '\tthash \\\n r17=\\\n r14 ;;',
    '\tASM_READ_IIP(b6,\n\tr16) ;;',
    '\trsm \\\n psr.i',
    '\t.warning "here"',
  ];
  const source = routine(`${text.join('\n')}\n`);
  const line = source.split('\n').indexOf('\t.warning "here"') + 1;
  expect(assembleText(listing(source, target)).messages).toMatch(new RegExp(`:${line}: Warning: here\n$`));
});

/** A name alone on the next line is a statement of its own behind any other name: that is a macro of a header which is not there. */
test('a macro without arguments stands alone on its line', () => {
  for (const body of ['SAVE \\\n\trfi', 'save \\\n\trfi', 'SAVE \\\n(p6)\tbr.few x', 'save \\\n\tmov r14 = r15'])
    expect(statementsOf(body), body).toHaveLength(2);
  for (const body of [
    'ssm \\\n\tpsr.ic',
    'ssm \\\n\tpsr.ic|psr.i',
    'break \\\n\tNUMBER',
    'br \\\n\tb6',
    'SAVE \\\n(r14)',
    'save \\\n(r14, r15)',
  ])
    expect(statementsOf(body), body).toHaveLength(1);
});

test('the mnemonics with one operand are those of the table of instructions', () => {
  const words = new Set(
    instructionsText.match(/^[a-z]+\t[a-z.]+/gm)!.map((row) => /^[a-z]+/.exec(row.split('\t')[1]!)![0]),
  );
  const alone = [...words].filter((word) =>
    formsOf(word).some(
      ({ outputs, inputs }) => outputs.length === 0 && inputs.length === 1 && inputs[0]!.shape !== 'memory',
    ),
  );
  expect(alone.filter((mnemonic) => !takesOneOperand(mnemonic))).toEqual([]);
  expect(alone).toHaveLength(11);
});

test('the assembler itself splices nothing: a .s file has no site there', () => {
  const text = 'f:\tmov r14=cr.i\\\nfa\n\t;;\n';
  expect(assembleText(text, { preprocess: false }).object).toBeNull();
  expect(rewritten({ files: { 'a.s': text } }).sites).toEqual([]);
});
