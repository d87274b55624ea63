/**
 * Programs that carry what is expected of them, as trailing comments of the instruction they speak of:
 *
 *     ld8 r18=[r17]        // HIDDEN r30; LIVE r8; FREE r19 b6 p7; BANK 0; IC 0
 *
 * FREE: may be scratch there. LIVE, PRESUMED, HIDDEN: may not, and why. TOUCHED: an operand, or written in the group.
 */
import { expect } from 'vitest';
import type { Analysis } from '../../src/analysis/analysis.ts';
import type { Conventions } from '../../src/config/conventions.ts';
import { analyseText } from './support.ts';

const WORDS = /\b(FREE|LIVE|PRESUMED|HIDDEN|TOUCHED|BANK|IC)\s+([^;]*)/g;

/** Analyses the program and holds it against its comments. Fails when it has none. */
export function check(program: string, conventions?: Conventions): Analysis {
  const analysis = analyseText(program, conventions);
  const lines = program.split('\n');
  const actual: string[] = [];
  const expected: string[] = [];
  for (const instruction of analysis.instructions) {
    const { line } = instruction.file.position(instruction.start);
    const comment = lines[line - 1]!.split('//')[1] ?? '';
    for (const [, word, values] of comment.matchAll(WORDS)) {
      for (const value of values!.trim().split(/\s+/)) {
        const where = `${line}: ${lines[line - 1]!.split('//')[0]!.trim()}:`;
        expected.push(`${where} ${word} ${value}`);
        actual.push(`${where} ${verdict(analysis, instruction.index, word!, value)} ${value}`);
      }
    }
  }
  expect(expected).not.toEqual([]);
  expect(actual).toEqual(expected);
  return analysis;
}

/** The word that the analysis would put in front of the value; with its reason where that is not the expected one. */
function verdict(analysis: Analysis, instruction: number, expected: string, value: string): string {
  if (expected === 'BANK')
    return analysis.banksAt(instruction).join(',') === value ? 'BANK' : `BANK ${analysis.banksAt(instruction)} not`;
  if (expected === 'IC')
    return String(analysis.psrIcAt(instruction) ?? '?') === value ? 'IC' : `IC ${analysis.psrIcAt(instruction)} not`;
  const reason = analysis.explain(instruction, value);
  const { gr, br, pr, pfs } = analysis.freeAt(instruction);
  const free =
    value === 'ar.pfs' ? pfs : (value[0] === 'b' ? br : value[0] === 'p' ? pr : gr).includes(Number(value.slice(1)));
  const word = free ? 'FREE' : reason.verdict.toUpperCase();
  return word === expected && free === (reason.verdict === 'dead') ? word : `${word} (${reason.text}) not`;
}
