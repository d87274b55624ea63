/** How a hypervisor is asked: by hypercalls, or by memory that it shares with its guest. */
import { hypercallOf } from '../expand/hypercalls.ts';
import { bodyInstruction } from '../expand/instructions.ts';
import type { Plan } from '../expand/plan.ts';
import type { PlannedSite } from '../expand/planned-site.ts';

/** What the bodies of the hypervisor do, in place. */
export interface AccessReport {
  readonly hypercalls: number;
  readonly memory: number;
  /** Sites that have hypercalls, that have accesses to memory and no hypercall, and that have neither. */
  readonly sites: { readonly hypercalls: number; readonly memoryOnly: number; readonly neither: number };
}

export function accessesIn({ planned, choice: { target } }: Plan): AccessReport {
  const bodies = planned.filter(({ site, expansion: { kind } }) => kind === 'inPlace' && site.instances.length > 0);
  const counts = bodies.map(({ expansion }) => accessesOf(expansion, target.hypercalls));
  const sites = (is: (counts: { hypercalls: number; memory: number }) => boolean) => counts.filter(is).length;
  return {
    hypercalls: counts.reduce((sum, { hypercalls }) => sum + hypercalls, 0),
    memory: counts.reduce((sum, { memory }) => sum + memory, 0),
    sites: {
      hypercalls: sites(({ hypercalls }) => hypercalls > 0),
      memoryOnly: sites(({ hypercalls, memory }) => hypercalls === 0 && memory > 0),
      neither: sites(({ hypercalls, memory }) => hypercalls + memory === 0),
    },
  };
}

function accessesOf({ canonical }: PlannedSite['expansion'], hypercalls: Parameters<typeof hypercallOf>[1]) {
  const made = canonical.flatMap((item) => (item.kind === 'instruction' ? [bodyInstruction(item.text)] : []));
  return {
    hypercalls: made.filter(({ instruction }) => hypercallOf(instruction, hypercalls) !== undefined).length,
    memory: made.filter(({ effects }) => effects.readsMemory || effects.writesMemory).length,
  };
}

export function addAccesses(a: AccessReport, b: AccessReport): AccessReport {
  return {
    hypercalls: a.hypercalls + b.hypercalls,
    memory: a.memory + b.memory,
    sites: {
      hypercalls: a.sites.hypercalls + b.sites.hypercalls,
      memoryOnly: a.sites.memoryOnly + b.sites.memoryOnly,
      neither: a.sites.neither + b.sites.neither,
    },
  };
}
