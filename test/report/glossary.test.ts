/** What the tables say of a word, as `pvasm explain` shows it. */
import { expect, test } from 'vitest';
import { shippedTargets } from '../../src/cli/shipped.ts';
import { operations } from '../../src/project/operations.data.ts';
import { explainWord, meantWord } from '../../src/report/glossary.ts';
import { documentText } from '../../src/report/text.ts';

const sources = { operations, targets: shippedTargets };
const explained = (word: string) => documentText(explainWord(word, sources)).replace(/\s+/g, ' ');

test('an instruction: its operation, its body for each target, what it does and why a hypervisor must see it', () => {
  const text = explained('thash');
  expect(text).toContain('operation THASH native thash {d}={s} macro ASM_THASH class sensitive');
  expect(text).toContain('xen HYPER_IN_OUT \\pred, HYPERPRIVOP_THASH, \\d, \\s, \\s1');
  expect(text).toContain('instruction thash r1 = r3 unit M reads r3 rr cr.pta cr.gpta writes r1 does r1 = hash(r3)');
  expect(text).toContain('M46 (SDM vol. 3, chapter 4)');
  expect(text).toMatch(/sensitive why .* without /);
});

test('every operation by its name and by its macro, and every name that a target has', () => {
  for (const { name, macro } of operations) {
    expect(explained(name), name).toContain(`operation ${name} `);
    expect(explained(macro), macro).toContain(`operation ${name} `);
  }
  expect(explained('XSI_IFA')).toContain(
    'XSI_IFA of target xen value XSI_BASE + 0x48a0 used by ASM_READ_IFA, ASM_WRITE_IFA source grammar/targets/xen.S',
  );
  expect(explained('xsi_psr_ic')).toContain('interrupt_collection_enabled');
});

test('an instruction that no operation has', () => {
  expect(explained('add')).not.toContain('operation');
  expect(explained('add')).toContain('instruction add r1 =');
});

test.each([
  ['thas', 'thash'],
  ['XSI_IFS2', 'XSI_IFS'],
  ['ASM_THASHH', 'ASM_THASH'],
])('%s is nothing, but near to something', (word, meant) => {
  expect(explainWord(word, sources)).toEqual([]);
  expect(meantWord(word, sources).toLowerCase()).toBe(`; did you mean '${meant}'?`.toLowerCase());
});
