import { expect, test } from 'vitest';
import { freeAt } from '../../src/rewrite/free-at.ts';
import { rewritten } from './support.ts';

const code = (second: string) => `	.text
	.global f
f:
#if defined(A)
	nop 0
#else
	thash r9=r32
	;;
#endif
${second}
	(p6) mov cr.iim=r8
	;;
#endif
	br.ret.sptk.many b0
`;

const freeAtThash = (text: string) =>
  freeAt(rewritten(text).sites.find(({ site }) => site.operation.name === 'THASH')!.site);

test.each(['#if defined(A) || defined(C)', '#if defined(C) || defined(A)', '#if defined(A) + defined(C) == 1'])(
  '%s: that A alone reaches the branch does not mean that A alone decides it',
  (condition) => expect(freeAtThash(code(condition)).pr).not.toContain(6),
);

test('what A alone decides is decided', () => {
  expect(freeAtThash(code('#if defined(A)')).pr).toContain(6);
});
