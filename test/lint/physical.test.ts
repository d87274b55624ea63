/** Code in physical mode, in the kernel's machine-check handler: what becomes of it when an address is not converted. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { SourceText } from '../../src/syntax/source.ts';
import { kernel } from '../support/kernel.ts';
import { contextOf, conventionsWith, LINUX, lintContext, readFlags } from './project.ts';

const CALL = /\bLOAD_PHYSICAL\(p0,\s*(\w+),\s*(\w+)\)/g;

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return undefined;
  }
}

function found(text: string): number {
  const source = new SourceText(kernel().linux('mca_asm.S'), text);
  const context = contextOf([source], readFlags(kernel().flags('smp')), new Map(), conventionsWith(LINUX), [], read);
  return lintContext(context).findings.filter(({ rule }) => rule === 'PV023').length;
}

test('a LOAD_PHYSICAL of mca_asm.S that is an ordinary movl is found', () => {
  const text = read(kernel().linux('mca_asm.S'))!;
  const calls = [...text.matchAll(CALL)];
  const missed = calls.filter(({ 0: call, 1: register, 2: symbol, index }) => {
    const changed = `${text.slice(0, index)}movl ${register}=${symbol}${text.slice(index + call.length)}`;
    return found(changed) === 0;
  });
  expect(calls.length).toBe(12);
  // ia64_old_stack goes through rfi from physical mode to physical mode, which nobody can tell from an rfi that leaves it:
  // what goes to cr.iip is not judged, nor what its two callers have handed it to return to.
  expect(missed.map(([call]) => call)).toEqual([
    'LOAD_PHYSICAL(p0,r2,1f)',
    'LOAD_PHYSICAL(p0,r2,1f)',
    'LOAD_PHYSICAL(p0,temp1,1f)',
  ]);
  expect(found(text)).toBe(0);
});
