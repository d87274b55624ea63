/** The table of semantics as such. */
import { expect, test } from 'vitest';
import { formsWithSemantics } from '../../src/execution/semantics.ts';
import { allForms } from '../../src/machine/forms.ts';

test('it speaks of forms that there are, and of all but these', () => {
  const ids = [...new Set(allForms().map(({ id }) => id))];
  const known = formsWithSemantics();
  expect([...known].filter((form) => !ids.includes(form))).toEqual([]);
  const missing = ids.filter((id) => !known.has(id));
  // Multimedia, IA-32, 16 bytes at once, speculative loads of floating-point registers: no kernel's assembly has them.
  const expected =
    /^(f(chkf|clrf|setc)|ld16|ldfp?-(s|sa)(-|$)|st16|cmp8|p(avg|cmp|sh|mpy|min|max|sad)|mix|pack|unpack|mpy4|tf|br-ia|vmsw|mov-(to|from)-dahr)/;
  expect(missing.filter((id) => !expected.test(id))).toEqual([]);
});
