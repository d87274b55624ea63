/** Lines continued with a backslash within an instruction: cpp puts them together before anything else reads them. */
import { describe, expect, test } from 'vitest';
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

test('what stands before and behind a spliced site stays as it is', () => {
  expect(macroised('f:\tnop 0 \\\n ;;\n\tmov r14=cr.i\\\nfa // a \\\n comment\n\tad\\\nd r8=r9,r10\n')).toMatch(
    /^f:\tnop 0 \\\n ;;\n\tASM_READ_IFA\(\S+, r14\) \/\/ a \\\n comment\n\tad\\\nd r8=r9,r10\n$/,
  );
});

test('the assembler itself splices nothing: a .s file has no site there', () => {
  const text = 'f:\tmov r14=cr.i\\\nfa\n\t;;\n';
  expect(assembleText(text, { preprocess: false }).object).toBeNull();
  expect(rewritten({ files: { 'a.s': text } }).sites).toEqual([]);
});
