/** The audit as a document: the points that must be intercepted, each with its reason and its places. */
import type { Audit, AuditedInstruction, InterceptPoint } from './audit.ts';
import { code, columns, type DocumentBlock, formatCount, formatNumber, heading, paragraph } from './document.ts';
import { groupBy } from './group.ts';
import { placeText } from './places.ts';
import { kindWords, whereText } from './site-entry.ts';

export function auditDocument(audit: Audit): DocumentBlock[] {
  const { points, counted } = audit;
  const all = points.flatMap(({ instructions }) => instructions);
  return [
    heading(
      1,
      `pvasm audit: ${formatCount(all.length, 'instruction')} at ${formatCount(points.length, 'intercept point')}`,
    ),
    ...(points.length === 0 ? [] : [summary(audit)]),
    ...points.flatMap((point, index) => pointBlocks(point, index + 1, audit.targets)),
    ...countedBlocks(counted),
  ];
}

function summary({ points }: Audit): DocumentBlock {
  const rows = points.map(({ title, class: kind, instructions }, index) => [
    `${index + 1}.`,
    title,
    kind,
    formatNumber(instructions.length),
    formatNumber(instructions.filter(({ operation }) => operation !== null).length),
    formatNumber(instructions.filter(({ refused }) => refused !== null).length),
  ]);
  return {
    kind: 'table',
    columns: columns('>', 'intercept point', 'class', '>places', '>sites', '>refused'),
    groups: [{ title: '', rows }],
  };
}

function pointBlocks(
  { title, class: kind, why, without, section, instructions, rewrite }: InterceptPoint,
  position: number,
  targets: readonly string[],
): DocumentBlock[] {
  const listed = rewrite === 'audit' ? ', rewritten only for a target that does it otherwise' : '';
  return [
    heading(2, `${position}. ${title} (${kind}${listed})`),
    {
      kind: 'entry',
      title: formatCount(
        new Set(instructions.map(({ file, line, column }) => `${file}:${line}:${column}`)).size,
        'place',
      ),
      lines: [
        { label: 'Why', text: why },
        { label: 'Without', text: without },
        { label: 'See', text: `Intel Itanium manual, ${section}` },
        ...handling(instructions, targets),
      ],
    },
    {
      kind: 'table',
      columns: columns('place', 'instruction', 'operation', 'where'),
      groups: [{ title: '', rows: instructions.map(row) }],
    },
  ];
}

function row(instruction: AuditedInstruction): string[] {
  const { text, operation, refused } = instruction;
  return [
    placeText(instruction),
    code(text),
    operation ?? (refused === null ? 'no site' : 'REFUSED'),
    whereText(instruction),
  ];
}

/** What each target makes of them: `xen:a: 3 calls, 2 in place`. */
function handling(
  instructions: readonly AuditedInstruction[],
  targets: readonly string[],
): { label: string; text: string }[] {
  return targets.map((label, index) => {
    const kinds = groupBy(instructions, (instruction) => instruction.targets[index]!);
    const text = [...kinds]
      .map(([kind, own]) => `${own.length} ${kind === 'left' ? 'as it is' : kindWords[kind]}`)
      .join(', ');
    return { label, text };
  });
}

function countedBlocks(counted: Audit['counted']): DocumentBlock[] {
  if (counted.length === 0) return [];
  return [
    heading(2, 'Counted only'),
    paragraph(
      'These depend on the privilege level that the code really runs at, and are right at any: the kernel runs at its own level throughout. Loads, stores and the other accesses of memory are of this kind too.',
    ),
    ...counted.map(
      ({ title, count, why, without }): DocumentBlock => ({
        kind: 'entry',
        title: `${title}: ${formatNumber(count)}`,
        lines: [{ label: '', text: `${why} ${without}` }],
      }),
    ),
  ];
}
