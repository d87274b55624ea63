/** Every site of joint listings is executed beside its source: as it is on the bare machine, and patched, or its table filled, on Xen. */
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { contractsOf } from '../../src/cli/contracts.ts';
import { asGiven } from '../../src/project/units.ts';
import type { Entry } from '../../src/verify/entries.ts';
import { openForVerification } from '../../src/verify/project.ts';
import { judgeState } from '../../src/verify/states.ts';
import { type Source, type Subject, subjectImage } from '../../src/verify/subjects.ts';
import { make } from '../report/support.ts';
import { configurations, kernel } from '../support/kernel.ts';

const LABELS = ['native+xen:d', 'native+xen:ce'];
/** States of each entry; most states of one that stands before sites which these meet less often than MEETINGS. */
const STATES = 20;
const MOST_STATES = 600;
/** States that are to execute a site: in a single one a register may hold by chance what a wrong body leaves there. */
const MEETINGS = 3;

const files = ['ivt.S', 'entry.S', 'fsys.S', 'gate.S'];
const cases = configurations.flatMap((configuration) => files.map((name) => [configuration, name] as const));

test.each(cases)(
  '%s %s',
  (configuration, name) => {
    const { options } = make([kernel().plain(name)], kernel().flags(configuration), LABELS);
    const contracts = contractsOf(options.targets, options.operations, 'nothing was verified');
    const opened = openForVerification(
      options,
      (target) => contracts.get(target) ?? null,
      (file) => resolve(file.name),
    );
    const { source, subjects, plans } = opened.files[0]!;
    for (const subject of subjects) {
      const { planned } = plans.find(({ choice }) => subject.label.split(' ')[0] === choice.label)!;
      const sites = planned.flatMap(({ site, expansion }) =>
        expansion.kind !== 'patched' && expansion.kind !== 'branch'
          ? []
          : site.instances.filter(({ unit }) => unit.configuration === asGiven),
      );
      expect(sites.length).toBeGreaterThan(0);
      const open = new Map(sites.map(({ first }) => [first, MEETINGS]));
      run(source!, subject, open, 1, STATES, () => source!.entries);
      run(source!, subject, open, STATES + 1, MOST_STATES, () => entriesBefore(source!, [...open.keys()]));
      const lines = [...open.keys()].map((at) => source!.analysis.instructions[at]!.start);
      expect({ label: subject.label, missed: lines }).toEqual({ label: subject.label, missed: [] });
    }
  },
  300_000,
);

/** For each instruction the entry that stands last in front of it. */
function entriesBefore({ entries }: Source, instructions: readonly number[]): readonly Entry[] {
  const latest = [...entries].sort((a, b) => b.instruction - a.instruction);
  return [...new Set(instructions.map((at) => latest.find(({ instruction }) => instruction <= at)!))];
}

/**
 * Counts down, to nothing, in how many more states the instructions in `open` are to be executed.
 *
 * @param first the seed of the first state
 * @param entriesOf what is begun at in the next state
 */
function run(
  source: Source,
  subject: Subject,
  open: Map<number, number>,
  first: number,
  last: number,
  entriesOf: () => readonly Entry[],
): void {
  const image = subjectImage(source, subject);
  const met = new Set<number>();
  const watches = [(_: unknown, at: number) => met.add(at), () => undefined] as const;
  for (let seed = first; seed <= last; seed++)
    for (const entry of entriesOf()) {
      met.clear();
      const judged = judgeState(source, subject, image, entry, seed, { steps: 20_000, exits: 4, watches });
      expect(judged, `${subject.label} ${entry.name} ${seed}`).not.toMatchObject({ kind: 'different' });
      for (const [at, left] of [...open].filter(([at]) => met.has(at)))
        if (left > 1) open.set(at, left - 1);
        else open.delete(at);
    }
}
