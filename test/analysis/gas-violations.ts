/** Dependency violations as GNU as -x reports them, and ours in its words, so that the two can be compared. */

import type { Program } from '../../src/analysis/program/program.ts';
import type { DependencyViolation } from '../../src/dependencies/violations.ts';

const USE = /^[^:]*:(\d+): Warning: Use of .* viola\w+ (RAW|WAW|WAR) dependency '([^']*)' \((\w+)\)/;
const FIRST = /^[^:]*:(\d+): Warning: This is the location of the conflicting usage/;

/** `line kind resource semantics line-of-the-first`, each once, from the assembler's messages. */
export function reported(messages: string): string[] {
  const found = new Set<string>();
  let use = '';
  for (const line of messages.split('\n')) {
    const second = USE.exec(line);
    if (second !== null) use = `${second[1]} ${second[2]} ${second[3]!.replace(/, % in .*/, '')} ${second[4]}`;
    const first = FIRST.exec(line);
    if (first !== null) found.add(`${use} ${first[1]}`);
  }
  return [...found];
}

/** Our violations in the same form, each once. */
export function inWordsOfGas(program: Program, violations: readonly DependencyViolation[]): string[] {
  const line = (index: number) => {
    const { file, start } = program.instructions[index]!;
    return file.position(start).line;
  };
  return [
    ...new Set(
      violations.map(
        ({ kind, resource, semantics, first, second }) =>
          `${line(second)} ${kind} ${gasName(resource)} ${gasSemantics(semantics)} ${line(first)}`,
      ),
    ),
  ];
}

const gasSemantics = (semantics: string): string => (semantics === 'specific' ? 'other' : semantics.toLowerCase());

/** Names of the assembler's tables: registers of a numbered class are one resource there. */
function gasName(resource: string): string {
  const numbered = /^([rfpb])(\d+)$/.exec(resource);
  if (numbered !== null) {
    const [, kind, number] = numbered;
    if (kind === 'p' && number === '63') return 'PR63';
    return `${{ r: 'GR', f: 'FR', p: 'PR', b: 'BR' }[kind!]}%`;
  }
  if (/^ar\.k\d$/.test(resource)) return 'AR[K%]';
  if (resource === 'ar.unat') return 'AR[UNAT]{%}';
  if (/^ar\d+$/.test(resource)) return 'AR%';
  if (resource.startsWith('ar.fpsr.')) return resource.replace('ar.fpsr', 'AR[FPSR]');
  const banked = /^cr\.(iib|irr|lrr)\d$/.exec(resource);
  if (banked !== null) return `CR[${banked[1]!.toUpperCase()}%]`;
  const named = /^(ar|cr)\.(\w+)$/.exec(resource);
  if (named !== null) return `${named[1]!.toUpperCase()}[${named[2]!.toUpperCase()}]`;
  if (resource.startsWith('psr.')) return `PSR.${resource.slice(4)}`;
  if (/^(rr|pkr|ibr|dbr|pmc|pmd|cpuid|msr)$/.test(resource)) return `${resource.toUpperCase()}#`;
  if (/_limit$/.test(resource)) return `${resource.toUpperCase()}*`;
  if (/^dahr/.test(resource)) return 'DAHR%';
  return resource === 'inservice' ? 'InService*' : resource.toUpperCase();
}
