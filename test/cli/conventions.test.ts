import { expect, test } from 'vitest';
import { withConventions } from '../../src/cli/shipped-conventions.ts';

test.each([
  [[], ['linux-ia64']],
  [['freebsd-ia64'], ['linux-ia64', 'freebsd-ia64']],
  [['linux-ia64'], ['linux-ia64']],
  [['none'], []],
  [['none', 'freebsd-ia64'], ['freebsd-ia64']],
])('--conventions %j', (given, held) => {
  expect(withConventions(['linux-ia64'], given)).toEqual(held);
});
