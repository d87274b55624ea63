/** The real assembler accepts the random programs. */
import { expect, test } from 'vitest';
import { assembleText } from '../support/assemble.ts';
import { programOf } from './campaign.ts';
import { print } from './print.ts';

/** Many programs as one: each with names of its own. */
function together(seeds: readonly number[]): string {
  return seeds
    .map((seed) =>
      print(programOf(seed)).text.replace(/(?<!\.)\b(L\d+|f|s\d|table\d*|BODY\d|name_L\d+)\b/g, `$1_${seed}`),
    )
    .join('');
}

test('the programs are valid: gas takes them without an error, and sees no violation among their registers', () => {
  for (let first = 0; first < 600; first += 200) {
    const text = together(Array.from({ length: 200 }, (_, at) => first + at));
    const { object, messages } = assembleText(text, {
      flags: first === 0 ? [] : ['-DA=1', `-D${first === 200 ? 'B' : 'C'}=1`],
    });
    const violations = messages.split('\n').filter((line) => /violates?.*'(GR|PR|BR|AR\[LC\]|AR\[PFS\]|FR)/.test(line));
    expect(violations.join('\n')).toBe('');
    expect(object, messages).not.toBeNull();
  }
});
