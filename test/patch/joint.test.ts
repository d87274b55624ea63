/** Joint listings of small sources, and objects made of them: what stands at a site, what a record says, what is refused. */
import { afterAll, describe, expect, test } from 'vitest';
import { loadTarget } from '../../src/expand/target.ts';
import { patchedFile } from '../../src/patch/apply.ts';
import { InvalidRecords } from '../../src/patch/damage.ts';
import { openImage } from '../../src/patch/image.ts';
import { listSites } from '../../src/patch/sites.ts';
import { SourceText } from '../../src/syntax/source.ts';
import { built, choices, type Given, operations } from '../rewrite/support.ts';
import { assembleText, disassemble } from '../support/assemble.ts';
import { Patcher } from './patcher.ts';

const patcher = new Patcher();
afterAll(() => patcher.remove());

const native = choices.native!.target;
const xen = choices['xen:b']!.target;
const joint = { label: 'native+xen:d', target: native, alternative: 'D', joined: [native, xen] } as const;

const tail = '\n\t;;\n\tmov r14=r0\n\tmov r15=r0 ;;\n\tbr.ret.sptk b0\n';

function listing(source: string, given: Partial<Given> = {}) {
  const made = built({ files: { 'a.S': source }, choices: [joint], ...given });
  return { ...made, text: made.listings[0]!.text };
}

/** The object that a source's joint listing gives, which must be silent. */
function object(source: string, given: Partial<Given> = {}): Buffer {
  const { object: made, messages } = assembleText(listing(source, given).text);
  expect(messages).toBe('');
  return made!;
}

const sitesOf = (bytes: Buffer) => listSites(openImage(bytes)).sites;

describe('the site', () => {
  test('has the native instruction and room for the longest body', () => {
    const [site] = sitesOf(object(`foo:\n\tmov r9=cr.ivr${tail}`));
    expect(site).toMatchObject({ now: ['native'], room: Math.max(...site!.lengths) });
  });

  test('a source without sites comes back as it is', () => {
    const source = `foo:\n\tadd r8=r9,r10${tail}`;
    expect(listing(source).text).toBe(source);
  });

  test('what is the same for all targets has no record', () => {
    expect(listing(`foo:\n\tmov r9=ar.k3${tail}`).text).not.toContain('.pvasm');
  });

  test('native code has no stop that the source has not', () => {
    const source = `foo:\n\tmov r9=cr.ifa\n\tmov r10=cr.itir\n\tadd r20=r21,r22${tail}`;
    const stops = (bytes: Buffer) =>
      disassemble(bytes).filter(({ section, stop }) => section === '.text' && stop).length;
    expect(stops(object(source))).toBe(stops(assembleText(source).object!));
  });

  test.each([
    ['behind it', `\tmov r9=cr.ifa ;;\n\tadd r20=r9,r0${tail}`],
    ['before what must be the first of its group', `\tmov r9=cr.ifa\n\tflushrs${tail}`],
    ['at the end of the section', `\tmov r9=cr.ifa${tail}`.replace(/\n[\s\S]*/, '\n')],
    ['before .align', `\tmov r9=cr.ifa\n\t.align 64\n\tadd r20=r21,r0${tail}`],
    ['before .previous', `\t.section .init.text,"ax"\nbar:\tmov r9=cr.ifa\n\t.previous\n\tadd r20=r21,r0${tail}`],
  ])('a stop %s is in the record: patching for native changes nothing', (_, code) => {
    const bytes = object(`foo:\n${code}`);
    expect(patchedFile(openImage(bytes), 'native').equals(bytes)).toBe(true);
    expect(sitesOf(patchedFile(openImage(bytes), 'xen')).map(({ now }) => now)).toEqual([['xen']]);
  });

  test('.previous leads where it led before', () => {
    const source = `\t.section .init.text,"ax"\nbar:\tmov r9=cr.ifa\n\t.previous\nfoo:\tadd r20=r21,r0${tail}`;
    const section = disassemble(object(source)).find(({ operands }) => operands.startsWith('r20='))!.section;
    expect(section).toBe('.text');
  });

  test.each(['native+xen:d', 'native+xen:e'])(
    '%s: a macro of the source with the name of a word in a replacement is told of',
    (label) => {
      const alternative = label.endsWith('d') ? 'D' : 'E';
      const { errors } = listing(`#define st8 other\nfoo:\n\tmov cr.ifa=r16${tail}`, {
        choices: [{ ...joint, label, alternative }],
      });
      expect(errors.map(({ message }) => message)).toEqual([
        `st8 is a word of the expansion of ASM_WRITE_IFA for ${label}: cpp would replace it there`,
      ]);
    },
  );

  test('inside an explicit bundle opens it', () => {
    const source = `foo:\n{ .mmi\n\tmov r9=cr.ifa\n\tadd r10=r11,r12\n\tnop.i 0\n}${tail}`;
    expect(sitesOf(object(source))).toHaveLength(1);
  });
});

describe('macros', () => {
  const cpp = `#define READ(reg, pr) (pr) mov reg=cr.ifa\nfoo:\n\tREAD(r9, p6)\n\tREAD(r10, p7)\n\tREAD(r9, p6)${tail}`;

  test('each place that expands one has the record of its registers', () => {
    const bytes = object(cpp);
    const moves = (of: Buffer) =>
      disassemble(of).filter(({ section, mnemonic }) => section === '.text' && mnemonic === 'ld8');
    expect(moves(bytes)).toEqual([]);
    const patched = moves(patchedFile(openImage(bytes), 'xen')).map(
      ({ predicate, operands }) => `${predicate} ${operands}`,
    );
    expect(patched).toEqual(['p06 r9=[r9]', 'p07 r10=[r10]', 'p06 r9=[r9]']);
  });

  test('so have those of the assembler, with immediates by their value', () => {
    const source = `.macro CLEAR mask\n\trsm \\mask\n.endm\nfoo:\n\tCLEAR 1<<14\n\t;;\n\tCLEAR 0x2000${tail}`;
    expect(new Set(sitesOf(object(source)).map(({ lengths }) => lengths.join())).size).toBe(2);
  });

  test('a place that was not looked at stops the assembler', () => {
    const { text } = listing(cpp);
    const { messages } = assembleText(text.replace('READ(r10, p7)', 'READ(r20, p7)'));
    expect(messages).toMatch(/Error: pvasm: a site is met with registers that this listing was not built for/);
  });

  test('one that nobody expands is left native, and told', () => {
    const { failures } = listing(`#define READ(reg) mov reg=cr.ifa\nfoo:\tnop.m 0${tail}`);
    expect(failures.map(({ reason, fatal }) => ({ reason, fatal }))).toEqual([
      { reason: expect.stringContaining('no file of this call expands its macro'), fatal: false },
    ]);
  });
});

describe('a branch out of a body', () => {
  const acme = loadTarget(
    new SourceText(
      'xen.S',
      '.macro ASM_READ_IFA pred, breg, d\n(\\pred)\tmov \\d=1\n(\\pred)\tbr.cond.spnt.few acme_page\n.endm\n',
    ),
    operations.all,
  ).target;
  const both = { choices: [{ ...joint, joined: [native, acme] }] };
  const source = `foo:\n\tmov r9=cr.ifa${tail}\n\t.skip 4096\nacme_page:\n\tbr.ret.sptk b0\n`;

  test('goes where it went, from wherever it stands', () => {
    const linked = patcher.link([object(`\t.global acme_page\n${source}`, both)]);
    const patched = patchedFile(openImage(linked), 'xen');
    const branch = disassemble(patched).find(
      ({ section, mnemonic }) => section === '.text' && /^br\.cond|^br\.few/.test(mnemonic),
    )!;
    const target = disassemble(patched).findLast(
      ({ section, mnemonic }) => section === '.text' && mnemonic.startsWith('br.ret'),
    )!;
    expect(Number.parseInt(branch.operands.replace(/ .*/, ''), 16)).toBe(target.offset);
    const memory = patcher.memory(linked);
    expect(patcher.apply(memory, 'xen').bytes.equals(patcher.memory(patched).bytes)).toBe(true);
  });

  test('is not moved before the linker has said where it goes', () => {
    const bytes = object(source.replace('acme_page:', 'other:'), both);
    expect(() => patchedFile(openImage(bytes), 'xen')).toThrow(InvalidRecords);
    expect(patchedFile(openImage(bytes), 'native').equals(bytes)).toBe(true);
  });
});
