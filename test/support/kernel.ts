/** Linux 6.1's arch/ia64: the real input of the tests. How it comes about: scripts/inputs/kernel.mjs. */
import { join } from 'node:path';
import { kernelSources, prepareKernel, preprocessorFlags } from '../../scripts/inputs/kernel.mjs';

export type Configuration = 'smp' | 'up';

export const configurations: readonly Configuration[] = ['smp', 'up'];

export interface Kernel {
  /** Folder that holds linux/, plain/, gen/, flags.smp and flags.up. */
  readonly root: string;
  /** Absolute paths of the 33 sources that are assembled (the linker scripts are not), sorted. */
  sources(): readonly string[];
  /** -D, -I and -include flags for a source, as gcc takes them. */
  flags(configuration: Configuration): readonly string[];
  /** Path of a kernel/ source or header in plain instructions, `ivt.S` or `minstate.h`. */
  plain(name: string): string;
  /** Path of the same file as it stands in Linux, with the hand macros of 2008. */
  linux(name: string): string;
}

let known: Kernel | undefined;

export function kernel(): Kernel {
  known ??= open(prepareKernel());
  return known;
}

function open(root: string): Kernel {
  const sources = kernelSources(root);
  return {
    root,
    sources: () => sources,
    // A source's own folder and the kernel's are searched for "minstate.h" and the like.
    flags: (configuration) => [...preprocessorFlags(root, configuration), `-I${join(root, 'linux/arch/ia64/kernel')}`],
    plain: (name) => join(root, 'plain', name),
    linux: (name) => join(root, 'linux/arch/ia64/kernel', name),
  };
}
