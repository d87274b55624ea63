/** What is compared: a source, and listings of it. */

import type { Analysis } from '../analysis/analysis.ts';
import type { Program } from '../analysis/program/program.ts';
import type { Conventions } from '../config/conventions.ts';
import { AddressSpace } from '../execution/addresses.ts';
import { type Image, makeImage } from '../execution/image.ts';
import { NATIVE } from '../execution/instruction.ts';
import { alignedWith } from './align.ts';
import type { Contract } from './contract.ts';
import { type Entry, entriesOf } from './entries.ts';
import { Beginnings } from './machines.ts';

/** A listing to be judged. */
export interface Subject {
  readonly label: string;
  readonly program: Program;
  /** Null: the listing runs on a processor. */
  readonly contract: Contract | null;
  /** Registers that expansions of the listing use as scratch. */
  readonly scratch: ReadonlySet<string>;
  /** The most words of the table that its calls go through. */
  readonly table?: number;
}

/** A source ready to be compared with. */
export interface Source {
  readonly conventions: Conventions;
  readonly analysis: Analysis;
  readonly space: AddressSpace;
  readonly image: Image;
  readonly entries: readonly Entry[];
  readonly beginnings: Beginnings;
}

export function sourceOf(analysis: Analysis, conventions: Conventions): Source {
  const space = new AddressSpace();
  const image = makeImage(analysis.program, space, NATIVE);
  return { analysis, conventions, space, image, entries: entriesOf(image, analysis), beginnings: new Beginnings() };
}

export function subjectImage(source: Source, { program, contract }: Subject): Image {
  const { foreign } = alignedWith(source.image.program, program);
  return makeImage(program, source.space, contract?.platform ?? NATIVE, { image: source.image, foreign });
}

/** A listing with its image. */
export interface JudgedListing {
  readonly subject: Subject;
  readonly image: Image;
}

/** Listings that the source is run beside in the same way, so that one run serves all of them: on the same hypervisor. */
export function alike(judged: readonly JudgedListing[]): JudgedListing[][] {
  const groups = new Map<Contract | null, { withLabels: JudgedListing[]; without: JudgedListing[] }>();
  for (const each of judged) {
    const { contract } = each.subject;
    const group = groups.get(contract) ?? { withLabels: [], without: [] };
    groups.set(contract, group);
    (each.image.landings === null ? group.without : group.withLabels).push(each);
  }
  return [...groups.values()]
    .flatMap(({ withLabels, without }) => [withLabels, without])
    .filter((group) => group.length > 0);
}
