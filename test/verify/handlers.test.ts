/** Listings beside their source: what is equal, and what is told of one that is not. */
import { describe, expect, test } from 'vitest';
import { Unexecutable } from '../../src/execution/signals.ts';
import { verifyHandlers } from '../../src/verify/handlers.ts';
import { handlerLines, unexecuted } from '../../src/verify/report.ts';
import { subjectImage } from '../../src/verify/subjects.ts';
import { traceOf } from '../../src/verify/trace.ts';
import { EFFORT, openedFile } from './support.ts';

describe('what differs is told', () => {
  const text = `
	.section .text.ivt,"ax"
	.align 32768
	.global table
table:
	.org table+0x400
miss:
	mov r16=cr.ifa
	mov r29=b0
	;;
	mov r17=cr.iha
	mov r31=pr
	;;
	itc.i r17
	;;
	mov pr=r31,-1
	rfi
`;
  const given = { files: { 'a.S': text }, sources: ['a.S'], targets: ['xen:b'] };

  test('with the state to replay, and where the two part', () => {
    const right = openedFile(given);
    const wrong = openedFile({ ...given, files: { 'a.S': text.replace('itc.i r17', 'itc.i r16') } });
    const subject = wrong.subjects[0]!;
    const source = right.source!;
    const { subjects } = verifyHandlers(source, [subject], EFFORT);
    const image = subjectImage(source, subject);
    const told = handlerLines('a.S', subjects[0]!, EFFORT, (entry, seed) =>
      traceOf(source, subject, image, entry, seed, EFFORT),
    ).join('\n');
    expect(told).toContain('a.S for xen:b: 1 entry, 20 states each from seed 1, 0 equal: 1 entry differs');
    expect(told).toContain(
      'miss differs: --entry miss --seed 1 --states 1, where the source returns from the interruption',
    );
    expect(told).toMatch(/events: native itc\.i 0x[0-9a-f]+ at .*, here itc\.i/);
    expect(told).toMatch(/the source:\n[\s\S]*a\.S:\d+ {2}itc\.i r17[\s\S]*xen:b.*:\n[\s\S]*break/);
  });

  test('an instruction that no table describes ends the judgement of its handler alone, and is told with its place', () => {
    const other = `\t.org table+0x800\nother:\n\tmov r16=cr.ifa ;;\n\trfi\n`;
    const { source, subjects } = openedFile({
      ...given,
      files: { 'a.S': text.replace('mov r29=b0', 'pcmp1.eq r20=r21,r22') + other },
    });
    const judged = verifyHandlers(source!, subjects, EFFORT);
    const [missed, executed] = judged.subjects[0]!.entries;
    expect(missed!.refusal).toBeInstanceOf(Unexecutable);
    expect(executed).toMatchObject({ equal: 20, refusal: null, failures: [] });
    const told = unexecuted(source!, judged, EFFORT.steps);
    expect(told.map(({ message, place }) => [message, place.file.position(place.start).line])).toEqual([
      ["the instruction 'pcmp1.eq' (pcmp) has no line in grammar/semantics.tsv", 9],
    ]);
    const lines = handlerLines('a.S', judged.subjects[0]!, EFFORT, () => []);
    expect(lines[0]).toContain(': 1 could not be executed');
    expect(lines[1]).toBe(
      "  miss was not compared: the instruction 'pcmp1.eq' (pcmp) has no line in grammar/semantics.tsv",
    );
  });

  test('a handler that does not end is counted as such', () => {
    const { source, subjects } = openedFile({
      ...given,
      files: { 'a.S': text.replace('mov pr=r31,-1', '1: br.cond.sptk 1b ;;') },
    });
    const { subjects: judged } = verifyHandlers(source!, subjects, { ...EFFORT, states: 3, steps: 100 });
    expect(judged[0]!.entries[0]).toMatchObject({ endless: 3, equal: 0, failures: [] });
  });
});

describe('a source that comes back from a call to another place than its listing', () => {
  // The branch stands in the bundle of the call, and the call comes back to the next one.
  const code = (stop: string) => `
	.text
	.global f
	.proc f
f:
	mov r14=cr.dcr
	;;
	br.call.sptk.many b0=work ${stop}
	br.cond.sptk.many one
	;;
	mov r9=1
	br.cond.sptk.many two
	.endp f
`;
  const differing = (text: string): number => {
    const { source, subjects } = openedFile({ files: { 'a.S': text }, sources: ['a.S'], targets: ['xen:b'] });
    return verifyHandlers(source!, subjects, EFFORT).subjects[0]!.entries.flatMap(({ failures }) => failures).length;
  };
  test('is equal where a stop parts the two', () => expect(differing(code(';;'))).toBe(0));
});
