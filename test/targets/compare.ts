/** Runs a native instruction and a body for Xen from the same state and tells what a guest would see differ. */
import type { BodyItem } from '../../src/expand/body-item.ts';
import { BadBody, execute, NatConsumption } from './model.ts';
import { nativeHost, nextTime } from './native-host.ts';
import { conditions, ignoredAfter, type Site } from './sites.ts';
import { copyGuest, differences, randomGuest, randomSource } from './state.ts';
import { bodyOf, type Operation, targetNamed } from './targets.ts';
import { xenMachine } from './xen-host.ts';

const native = targetNamed('native');

/** How an execution ended: `done`, or the fault the guest takes. */
function attempt(run: () => void): string {
  try {
    run();
    return 'done';
  } catch (error) {
    if (error instanceof NatConsumption) return 'NaT consumption';
    throw error;
  }
}

/**
 * What differs, in words; empty when nothing does.
 *
 * @param items the body to try, which may be another than the target's own
 */
export function compareBody(operation: Operation, items: readonly BodyItem[], { site, holds, seed }: Site): string[] {
  const { set, clear, bank } = conditions(operation, site);
  const start = randomGuest(seed, set, clear);
  if (bank !== null) start.bank = bank;
  for (const each of site.predicates ?? [])
    if (each !== 'p0') start.predicates[Number((each as string).slice(1))] = holds;
  const next = randomSource(seed + 2);
  const now = next();
  // The last time read lies behind the present one, or just before it.
  const last = BigInt.asUintN(64, now + start.timeOffset + ((next() >> 30n) % 5n) - 3n);

  const nativeGuest = copyGuest(start);
  const nativeBody = bodyOf(native, operation.name, { ...site, scratch: [] });
  const nativeClock = { now, last };
  const nativeEnd = attempt(() => execute(nativeBody.items, nativeHost(nativeGuest, nativeClock)));

  const machine = xenMachine(copyGuest(start), { now, last }, seed);
  try {
    const end = attempt(() => execute(items, machine.host));
    // Xen ignores what is written to cr.eoi, a NaT as well.
    if (operation.name === 'WRITE_EOI' && nativeEnd !== 'done') return [];
    if (end !== nativeEnd) return [`native: ${nativeEnd}, here: ${end}`];
    if (end !== 'done') return [];
    const view = machine.view();
    const found = differences(nativeGuest, view, ignoredAfter(operation, site, start.bank));
    // What the next read of ar.itc shows: later than any before.
    const times = [nextTime(nativeGuest, nativeClock), nextTime(view, { now, last: machine.lastTime() })];
    if (times[0] !== times[1]) found.push(`next ar.itc: native ${times[0]}, here ${times[1]}`);
    return [...found, ...machine.strayWrites()];
  } catch (error) {
    if (error instanceof BadBody) return [error.message];
    throw error;
  }
}
