/** What people read of a tree that is full of faults: each finding one short line, and each number of a line behind its file. */
import { readFileSync } from 'node:fs';
import { beforeAll, expect, test } from 'vitest';
import { type Finding, sentence } from '../../src/lint/finding.ts';
import { SourceText } from '../../src/syntax/source.ts';
import { kernel } from '../support/kernel.ts';
import { contextOf, conventionsWith, LINUX, lintContext, readFlags } from './project.ts';

const SOURCES = ['ivt.S', 'entry.S', 'fsys.S', 'gate.S', 'head.S', 'relocate_kernel.S'];

/** Restores, stops, serializations, tests of predicates and switches of psr.ic: every third of them is lost. */
const LOST = /^\s*(;;|srlz\.[di]|rsm psr\.i|mov (pr|b0|rp|ar\.pfs)=|cmp|tbit)/;

function broken(path: string): string {
  let met = 0;
  const lose = (line: string): boolean => LOST.test(line) && !line.includes('\\') && met++ % 3 === 0;
  return readFileSync(path, 'latin1')
    .split('\n')
    .map((line) => (lose(line) ? '' : line))
    .join('\n');
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return undefined;
  }
}

let findings: readonly Finding[] = [];

beforeAll(() => {
  findings = SOURCES.flatMap((name) => {
    const path = kernel().plain(name);
    const source = new SourceText(path, broken(path));
    const flags = readFlags(kernel().flags('smp'));
    return lintContext(contextOf([source], flags, 'all', conventionsWith(LINUX), [], read)).findings;
  });
});

test('many rules have something to say', () => {
  expect(findings.length).toBeGreaterThan(200);
  expect(new Set(findings.map(({ rule }) => rule)).size).toBeGreaterThan(6);
});

test('each finding is one short line, its condition too', () => {
  for (const finding of findings) {
    expect(sentence(finding)).not.toMatch(/\n/);
    expect((finding.condition ?? '').length, finding.condition ?? '').toBeLessThanOrEqual(160);
    expect(sentence(finding).length, sentence(finding)).toBeLessThanOrEqual(400);
    for (const { message } of finding.related) expect(message.length, message).toBeLessThanOrEqual(200);
  }
});

test('no number of a line stands without its file', () => {
  const words = findings.flatMap((finding) => [sentence(finding), ...finding.related.map(({ message }) => message)]);
  expect(words.filter((each) => /\blines? \d/.test(each))).toEqual([]);
  expect(words.filter((each) => /(^|[\s(]):?\d+:\d+\b/.test(each))).toEqual([]);
});

test('no place has two findings that say the same', () => {
  const places = findings.map(({ file, start, ...rest }) => `${file.name}:${start} ${rest.rule} ${rest.message}`);
  expect(new Set(places).size).toBe(places.length);
});
