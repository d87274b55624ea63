/** What compilers write keeps to the software conventions, whoever calls it and whatever psr.ic is. */
import { describe, expect, test } from 'vitest';
import { analyseText } from './support.ts';

/** The general registers that are free at the one `mov rr`. */
function freeAtSite(text: string): string[] {
  const analysis = analyseText(text);
  const site = analysis.instructions.findIndex(({ file, start, end }) =>
    file.text.slice(start, end).includes('mov rr'),
  );
  return analysis.freeAt(site).gr.map((number) => `r${number}`);
}

const file = '\t.file\t"a.c"\n';
const inline = (text: string): string => `\n#APP\n${text}\n#NO_APP\n`;
const site = inline('mov rr[r32]=r33');

/** A routine that one call in sight reaches, and pointers from somewhere. */
const pointed = `.proc leaf#
leaf: .prologue
  .body
  ${site};;
  mov r8=r33
  br.ret.sptk.many b0
  .endp leaf#
  .global f#
  .proc f#
f: alloc r34=ar.pfs,1,4,0,0
  mov r33=b0
  br.call.sptk.many b0=leaf#
  ;;
  add r8=r20,r8
  addl r14=@ltoff(@fptr(leaf#)),gp
  ;;
  ld8 r15=[r14]
  ;;
  mov b6=r15
  br.call.sptk.many b0=b6
  ;;
  mov ar.pfs=r34
  mov b0=r33
  br.ret.sptk.many b0
  .endp f#
`;

/** A site in front of something, in a routine that has switched psr.ic off. */
const collectionOff = (behind: string): string => `.global g#
  .proc g#
g: ${inline('rsm psr.ic;; srlz.d')};;
  ${site};;
  ${behind}
  .endp g#
`;

describe('free at a site', () => {
  test('of a static function that pointers lead to: what no caller may read, but what the one in sight does', () => {
    const free = freeAtSite(file + pointed);
    expect(free).toEqual(expect.arrayContaining(['r2', 'r3', 'r16', 'r31']));
    for (const register of ['r1', 'r4', 'r9', 'r12', 'r20']) expect(free).not.toContain(register);
  });

  test('but in a file that nobody compiled everything may be read', () => {
    expect(freeAtSite(pointed)).toEqual(['r8']);
  });

  test.each([
    ['a return', 'mov r8=r0\nbr.ret.sptk.many b0', ['r9', 'r10', 'r11', 'r4']],
    ['a call of another file', 'br.call.sptk.many b0=other#\n;;\nmov r8=r0\nbr.ret.sptk.many b0', ['r4', 'r12']],
    ['a tail call', 'br.many other#', ['r4', 'r12']],
    ['a jump by a pointer', 'mov b6=r32\n;;\nbr.many b6', ['r4', 'r12']],
  ])('where psr.ic is off, in front of %s', (_, behind, read) => {
    const free = freeAtSite(file + collectionOff(behind));
    expect(free).toEqual(expect.arrayContaining(['r2', 'r16', 'r31']));
    for (const register of read) expect(free).not.toContain(register);
    expect(freeAtSite(collectionOff(behind))).not.toContain('r16');
  });

  test("inline assembly that branches by itself is not the compiler's", () => {
    expect(
      freeAtSite(file + collectionOff(`${inline('br.call.sptk.many b0=firmware')};;\nbr.ret.sptk.many b0`)),
    ).not.toContain('r16');
  });
});
