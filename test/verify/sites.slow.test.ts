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
/** States of each entry, and of one that stands before sites which none of these meets. */
const STATES = 20;
const MOST_STATES = 600;

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
      const open = new Set(sites.map(({ first }) => first));
      run(source!, subject, open, STATES, () => source!.entries);
      run(source!, subject, open, MOST_STATES, () => entriesBefore(source!, open));
      const lines = [...open].map((at) => source!.analysis.instructions[at]!.start);
      expect({ label: subject.label, missed: lines }).toEqual({ label: subject.label, missed: [] });
    }
  },
  300_000,
);

/** For each instruction the entry that stands last in front of it. */
function entriesBefore({ entries }: Source, instructions: ReadonlySet<number>): readonly Entry[] {
  const latest = [...entries].sort((a, b) => b.instruction - a.instruction);
  return [...new Set([...instructions].map((at) => latest.find(({ instruction }) => instruction <= at)!))];
}

/** Takes out of `open` the instructions of the source that are executed. @param entriesOf what is begun at in the next state */
function run(
  source: Source,
  subject: Subject,
  open: Set<number>,
  states: number,
  entriesOf: () => readonly Entry[],
): void {
  const image = subjectImage(source, subject);
  const watch = (_: unknown, at: number) => open.delete(at);
  const watches = [watch, () => undefined] as const;
  for (let seed = 1; seed <= states; seed++)
    for (const entry of entriesOf()) {
      const judged = judgeState(source, subject, image, entry, seed, { steps: 20_000, exits: 4, watches });
      expect(judged, `${subject.label} ${entry.name} ${seed}`).not.toMatchObject({ kind: 'different' });
    }
}
