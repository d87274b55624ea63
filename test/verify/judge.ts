/** How many planted faults `pvasm verify` finds, by class: in the bodies of target xen, and in listings of the samples. */
import { Unexecutable } from '../../src/execution/signals.ts';
import { expandBody } from '../../src/expand/body.ts';
import type { BodyItem } from '../../src/expand/body-item.ts';
import { inDemandedSlots } from '../../src/expand/demanded-slots.ts';
import type { CanonicalArguments } from '../../src/expand/problems.ts';
import { everyShape } from '../../src/expand/shapes.ts';
import type { Operation } from '../../src/project/operations.ts';
import { judgeBody } from '../../src/verify/bodies.ts';
import type { VerifiedFile } from '../../src/verify/project.ts';
import { FAULT_KINDS, type FaultKind, type PlantedFault, plantedFaults } from './faults.ts';
import { type Share, shares } from './listing-faults.ts';
import { contractOf, openedFile, sample, xen } from './support.ts';

export type Shares = ReadonlyMap<FaultKind, Share>;

const contract = contractOf();
/** Sites of an operation, and states for each fault, that are tried. */
const SITES = 4;
const STATES = 100;

/** A few sites of an operation with bodies of different lengths. */
function sitesOf(operation: Operation): { site: CanonicalArguments; items: readonly BodyItem[] }[] {
  const found = new Map<string, { site: CanonicalArguments; items: readonly BodyItem[] }>();
  for (const site of everyShape(operation, xen.macros.get(operation.name)!)) {
    if (site.operands.includes('r0') || site.predicates?.includes('p0')) continue;
    const body = expandBody(xen, operation.name, site);
    if (body.kind !== 'body') continue;
    const key = `${body.instructions} ${body.stops}`;
    if (!found.has(key)) found.set(key, { site, items: inDemandedSlots(body.items, xen.hypercalls) });
    if (found.size === SITES) break;
  }
  return [...found.values()];
}

const linesOf = (items: readonly BodyItem[]): string[] =>
  items.map((item) => (item.kind === 'stop' ? ';;' : item.text));
const itemsOf = (lines: readonly string[]): BodyItem[] =>
  lines.map((text): BodyItem => {
    if (text === ';;') return { kind: 'stop' };
    return /^[.{}]/.test(text) ? { kind: 'directive', text } : { kind: 'instruction', text, comment: '' };
  });

function isCaught(operation: Operation, site: CanonicalArguments, { lines }: PlantedFault): boolean {
  try {
    const effort = { states: STATES, seed: 1, failures: 1 };
    return judgeBody(operation, site, itemsOf(lines), contract, effort).failures.length > 0;
  } catch (error) {
    if (error instanceof Unexecutable) return true; // and the run says so
    throw error;
  }
}

/** Hypercalls that do nothing but put something into r8. */
const QUESTIONS = /^\(p\d+\) break\.\w (?:9|0x9|0x19)$/;

/** Faults that change nothing: what is executed in vain where the predicate is false writes only scratch registers. */
export function isEquivalent({ kind, what }: PlantedFault, { scratch }: CanonicalArguments): boolean {
  if (kind !== 'predicate lost') return false;
  const line = what.replace(/ at \d+$/, '');
  const written = /^\(p\d+\) (?:mov|add|sub|ld\d) (\w+)=/.exec(line)?.[1];
  return written === undefined ? QUESTIONS.test(line) && scratch.includes('r8') : scratch.includes(written);
}

function shareOf(of: Map<FaultKind, Share>, kind: FaultKind): Share {
  const known = of.get(kind) ?? { planted: 0, caught: 0, missed: [] };
  of.set(kind, known);
  return known;
}

/** Of one operation's bodies; what changes nothing is not among the planted. */
export function bodyShares(operation: Operation): { shares: Shares; equivalent: number } {
  const found = new Map<FaultKind, Share>();
  let equivalent = 0;
  for (const { site, items } of sitesOf(operation)) {
    const general = site.scratch.filter((name) => /^r\d+$/.test(String(name))).map(String);
    for (const fault of plantedFaults(linesOf(items), general)) {
      if (isEquivalent(fault, site)) {
        equivalent++;
        continue;
      }
      const share = shareOf(found, fault.kind);
      share.planted++;
      if (isCaught(operation, site, fault)) share.caught++;
      else share.missed.push(`${fault.what} of ${operation.name}: ${linesOf(items).join(' ')}`);
    }
  }
  return { shares: found, equivalent };
}

/** Listings that faults are planted in: on Xen, and of a missing serialization on a processor, where one is needed. */
export const LISTINGS: readonly (readonly [file: string, target: string, kinds: readonly FaultKind[] | null])[] = [
  ['ivt.S', 'xen:b', null],
  ['entry.S', 'xen:b', null],
  ['ivt.S', 'native', ['serialization deleted']],
  ['entry.S', 'native', ['serialization deleted']],
  ['labels.S', 'xen:a', ['label captured']],
];

/** Code whose branches pass sites by: the expansions have labels of their own, for the return from a shared routine. */
const LABELS = `
	.global f
	.proc f
f:	mov r14=cr.dcr ;;
	tbit.nz p6,p7=r14,0 ;;
(p6)	br.cond.spnt 1f ;;
	mov cr.dcr=r8 ;;
	mov r15=cr.pta ;;
1:	mov r16=cr.itv ;;
	add r8=r14,r16
	add r9=r9,r16 ;;
2:	mov cr.dcr=r9 ;;
	add r9=1,r9
	br.cloop.sptk 2b ;;
	br.ret.sptk.many b0
	.endp f
	.global g
	.proc g
g:	mov r14=cr.itv ;;
	tbit.z p6,p7=r14,3
	tbit.z p8,p9=r14,4 ;;
(p6)	br.cond.spnt 3f ;;
4:	mov cr.dcr=r9
	add r9=1,r9 ;;
	mov r16=cr.dcr ;;
(p8)	br.cond.spnt 5f ;;
	mov cr.dcr=r8 ;;
3:	add r8=r14,r16
	br.cloop.sptk 4b ;;
5:	br.ret.sptk.many b0
	.endp g
`;

function openedListing(file: string, target: string): VerifiedFile {
  if (file !== 'labels.S') return sample(file, [target]);
  return openedFile({ files: { [file]: LABELS }, sources: [file], targets: [target] });
}

/** Of one listing. */
export function listingShares([file, target, kinds]: (typeof LISTINGS)[number]): Shares {
  const { source, subjects } = openedListing(file, target);
  // A guest's traps come back serialized.
  const planted = kinds ?? FAULT_KINDS.filter((kind) => kind !== 'serialization deleted');
  const found = shares(source!, subjects[0]!, { every: EVERY, states: 40, kinds: planted });
  return new Map(
    [...found].map(([kind, share]) => [
      kind,
      { ...share, missed: share.missed.map((line) => `${file} for ${target}, ${line}`) },
    ]),
  );
}

/** Of the faults that there are many of, every second is planted. */
const EVERY = 2;

export function added(list: readonly Shares[]): Shares {
  const found = new Map<FaultKind, Share>();
  for (const each of list)
    for (const [kind, { planted, caught, missed }] of each) {
      const all = shareOf(found, kind);
      all.planted += planted;
      all.caught += caught;
      all.missed.push(...missed);
    }
  return found;
}

/** The table of docs/figures.md. */
export function judgeTable(bodies: Shares, equivalent: number, listings: Shares): string {
  const rows = FAULT_KINDS.map((kind) => {
    const cells = [bodies, listings].flatMap((of): (string | number)[] => {
      const share = of.get(kind);
      return share === undefined ? ['-', '-'] : [share.planted, share.caught];
    });
    return `| ${kind} | ${cells.join(' | ')} |`;
  });
  const sum = (of: Shares, what: 'planted' | 'caught'): number =>
    [...of.values()].reduce((total, share) => total + share[what], 0);
  const all = [bodies, listings].flatMap((of) => [sum(of, 'planted'), sum(of, 'caught')]);
  return [
    'Faults planted one at a time in the bodies of target xen and in what is executed of the listings of samples/ivt.S and',
    'samples/entry.S (for xen:b; serializations for native; labels in branches around shared routines of xen:a), and how many of',
    `them \`pvasm verify\` finds. In bodies, ${equivalent} lost predicates of instructions that only write a scratch register change`,
    'nothing and are not counted:',
    '',
    '| planted fault | in bodies | found | in listings | found |',
    '|---|---:|---:|---:|---:|',
    ...rows,
    `| **all** | ${all.join(' | ')} |`,
  ].join('\n');
}
