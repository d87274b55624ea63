/** The tool as the oracle sees it: a text goes in, registers that it calls free come out. */
import softwareConventions from '../../grammar/conventions/software.toml';
import nativeTarget from '../../grammar/targets/native.S';
import xenTarget from '../../grammar/targets/xen.S';
import type { FreeRegisters } from '../../src/analysis/liveness/scratch.ts';
import { loadConventions } from '../../src/config/conventions.ts';
import { loadTarget } from '../../src/expand/target.ts';
import { type PipelineOptions, rewrite } from '../../src/pipeline.ts';
import { operations as shippedOperations } from '../../src/project/operations.data.ts';
import { indexOperations } from '../../src/project/operations.ts';
import { freeAt } from '../../src/rewrite/free-at.ts';
import { scratchNames } from '../../src/rewrite/spell.ts';
import { SourceText } from '../../src/syntax/source.ts';
import { AGREEMENTS } from './agreements.ts';

const operations = indexOperations(shippedOperations);
const { conventions } = loadConventions([
  new SourceText('software.toml', softwareConventions),
  new SourceText('oracle.toml', AGREEMENTS),
]);
const target = (name: string, text: string, alternative: 'A' | 'B' | null) => ({
  label: name,
  target: loadTarget(new SourceText(`${name}.S`, text), operations.all).target,
  alternative,
});
const targets = [target('native', nativeTarget, null), target('xen', xenTarget, 'A'), target('xen', xenTarget, 'B')];

export interface Answer {
  /** By line: what is free for the site there, in all configurations and all uses of the line. */
  readonly sites: ReadonlyMap<number, readonly string[]>;
  /** By line: what is free at each instruction that the line becomes, in order; null where there are several configurations. */
  readonly everywhere: ReadonlyMap<number, readonly (readonly string[])[]> | null;
  readonly errors: readonly string[];
}

const names = ({ gr, br, pr, pfs }: FreeRegisters): string[] => [
  ...gr.map((number) => `r${number}`),
  ...br.map((number) => `b${number}`),
  ...pr.map((number) => `p${number}`),
  ...(pfs ? ['ar.pfs'] : []),
];

export function ask(text: string): Answer {
  const options: PipelineOptions = {
    inputs: [new SourceText('random.S', text)],
    includeDirs: [],
    commands: [],
    strict: false,
    host: { read: () => undefined },
    operations,
    conventions,
    targets,
    addressing: () => 'absolute',
  };
  const { project, sites, diagnostics } = rewrite(options);
  const bySite = new Map<number, string[]>();
  for (const { site, scratch } of sites) {
    const chosen = scratchNames(scratch);
    const { line } = site.file.position(site.start);
    const free = [...new Set([...names(freeAt(site)), ...chosen])];
    const others = bySite.get(line); // of several sites on a line: what is free at all of them
    bySite.set(line, others === undefined ? free : free.filter((register) => others.includes(register)));
  }
  return {
    sites: bySite,
    everywhere: project.units.length === 1 ? everyInstruction(project.units[0]!.analysis) : null,
    errors: diagnostics.filter(({ severity }) => severity === 'error').map(({ message }) => message),
  };
}

function everyInstruction(
  analysis: ReturnType<typeof rewrite>['project']['units'][number]['analysis'],
): Map<number, string[][]> {
  const byLine = new Map<number, string[][]>();
  for (const { index, file, start } of analysis.instructions) {
    const { line } = file.position(start);
    const there = byLine.get(line) ?? [];
    byLine.set(line, there);
    there.push(names(analysis.freeAt(index)));
  }
  return byLine;
}
