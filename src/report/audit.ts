/**
 * Collects every privileged and sensitive instruction of a project: what analysis met in any configuration, and what is
 * spelled in the files of the call but never met. Requires: a project; sites and plans when handling is asked for.
 */

import type { PlannedSite } from '../expand/planned-site.ts';
import { type AuditEntry, auditEntries, auditEntry } from '../machine/audit.ts';
import { decode } from '../machine/decode.ts';
import type { NameScope } from '../machine/naming.ts';
import { STAND_IN } from '../machine/purposes.ts';
import type { MergedBuilt } from '../merged-builds.ts';
import { nativeText, ownInvocation } from '../project/native.ts';
import { anyFrame, type Operation, type Operations } from '../project/operations.ts';
import type { Project } from '../project/project.ts';
import type { SpelledStatement } from '../project/spelled.ts';
import { asGiven } from '../project/units.ts';
import type { Site } from '../rewrite/site.ts';
import { parseTokens } from '../syntax/parse.ts';
import { SourceText } from '../syntax/source.ts';
import { tokenize } from '../syntax/tokenize.ts';
import type { Instruction } from '../syntax/tree.ts';
import { groupBy } from './group.ts';
import type { SiteKind, SourceLocation } from './model.ts';
import { conditionFinder, oneLine, placeOf } from './places.ts';

/** What `pvasm audit` shows, in any format; fields may be added, none may change its meaning. */
export interface Audit {
  readonly version: 1;
  readonly tool: 'pvasm';
  readonly targets: readonly string[];
  /** In the order of grammar/privileged-and-sensitive.tsv, those that occur. */
  readonly points: readonly InterceptPoint[];
  /**
   * How often kinds occur that the manual calls sensitive and that are right as they are, because of ring compression.
   */
  readonly counted: readonly CountedKind[];
}

type Words = Pick<AuditEntry, 'title' | 'class' | 'why' | 'without' | 'section'>;

export interface InterceptPoint extends Words {
  /** Whether it is a site always, or only where a target has a body for it. */
  readonly rewrite: 'yes' | 'audit';
  readonly instructions: readonly AuditedInstruction[];
}

export interface CountedKind extends Words {
  /** Instructions as spelled, in all #if branches. */
  readonly count: number;
}

/** One instruction as spelled in one place. */
export interface AuditedInstruction extends SourceLocation {
  readonly text: string;
  /** In a `#define` body, and of which macro; in an argument of a macro call. */
  readonly place: { readonly kind: 'code' | 'define' | 'argument'; readonly macro: string | null };
  readonly conditions: readonly string[];
  /** Number of its instances in the code of the configuration as given. */
  readonly expanded: number;
  /** The operation, when `rewrite` takes it. */
  readonly operation: string | null;
  /** Why `rewrite` does not take it although it should. */
  readonly refused: string | null;
  /** What becomes of it, one for each target. */
  readonly targets: readonly (SiteKind | 'left')[];
  /** As a site's in the report: there is an entry for each outcome. */
  readonly builtFor?: readonly string[];
}

/** An entry of the audit that is being made: where the instruction is spelled, and what is known of it so far. */
interface Draft {
  readonly entry: AuditEntry;
  readonly file: SourceText;
  readonly start: number;
  readonly end: number;
  readonly sites: Set<Site>;
  expanded: number;
}

export function auditModel(built: MergedBuilt, operations: Operations): Audit {
  const { project, sites } = built.rewritten;
  const drafts = [
    ...metDrafts(
      project,
      sites.map(({ site }) => site),
    ),
    ...spelledDrafts(project, operations),
  ];
  const byPlace = new Map<string, Draft>();
  for (const draft of drafts) {
    const key = `${draft.file.name}:${draft.start}`;
    const known = byPlace.get(key);
    if (known === undefined) byPlace.set(key, draft);
    else {
      for (const site of draft.sites) known.sites.add(site);
      known.expanded += draft.expanded;
    }
  }
  const ordered = [...byPlace.values()].sort(
    (a, b) => project.order(a.file) - project.order(b.file) || a.start - b.start,
  );
  const finish = finisher(built);
  const points = auditEntries
    .filter(({ rewrite }) => rewrite !== 'no')
    .flatMap((entry) => {
      const own = ordered.filter((draft) => draft.entry === entry);
      return own.length === 0
        ? []
        : [
            {
              ...wordsOf(entry),
              rewrite: entry.rewrite as 'yes' | 'audit',
              instructions: own.flatMap(finish),
            },
          ];
    });
  const counted = auditEntries
    .filter(({ rewrite }) => rewrite === 'no')
    .flatMap((entry) => {
      const count = ordered.filter((draft) => draft.entry === entry).length;
      return count === 0 ? [] : [{ ...wordsOf(entry), count }];
    });
  return { version: 1, tool: 'pvasm', targets: built.plans.map(({ choice }) => choice.label), points, counted };
}

function wordsOf({ title, class: kind, why, without, section }: AuditEntry): Words {
  return { title, class: kind, why, without, section };
}

/** One draft for each instruction that analysis met, in every unit. */
function* metDrafts(project: Project, sites: readonly Site[]): Iterable<Draft> {
  const sitesAt = new Map<string, Site[]>();
  for (const site of sites)
    for (const { unit, first, last } of site.instances)
      for (let at = first; at <= last; at++) {
        const key = `${unit.id}:${at}`;
        sitesAt.set(key, [...(sitesAt.get(key) ?? []), site]);
      }
  for (const unit of project.units) {
    const counts = unit.configuration === asGiven ? 1 : 0;
    for (const instruction of unit.analysis.instructions) {
      const entry = auditEntry(instruction.effects);
      if (entry === undefined) continue;
      const spelled = ownInvocation(instruction.use, instruction.file) ?? instruction;
      const { file } = project.tree(spelled.file).tree;
      yield {
        entry,
        file,
        start: spelled.start,
        end: spelled.end,
        sites: new Set(sitesAt.get(`${unit.id}:${instruction.index}`)),
        expanded: counts,
      };
    }
  }
}

/** One draft for each instruction, or ASM_ macro, that the files of the call spell; met or not. */
function* spelledDrafts(project: Project, operations: Operations): Iterable<Draft> {
  for (const file of project.editable()) {
    const index = project.tree(file);
    for (const spelled of index.all()) {
      const entry = spelledEntry(spelled, operations);
      if (entry === undefined) continue;
      const { tokens } = index.tree;
      const first = spelled.kind === 'instruction' ? spelled.node.mnemonicFirst : spelled.node.first;
      const [start, end] = [tokens[first]!.start, tokens[spelled.node.last]!.end];
      yield { entry, file, start, end, sites: new Set(), expanded: 0 };
    }
  }
}

function spelledEntry(spelled: SpelledStatement, operations: Operations): AuditEntry | undefined {
  if (spelled.kind === 'instruction') return auditEntry(decodeSpelled(spelled.node));
  const operation = operations.byMacro.get(spelled.node.name);
  return operation === undefined ? undefined : operationEntry(operation);
}

/** Where a name is no register as spelled, it may be a macro's parameter or a `#define`: a general register. */
const anyRegister: NameScope = { ...anyFrame, alias: () => STAND_IN.general };

function decodeSpelled(node: Instruction) {
  const effects = decode({ ...node, predicate: null }, anyFrame);
  return effects.known ? effects : decode({ ...node, predicate: null }, anyRegister);
}

/** What the audit says of an operation's first instruction. */
export function operationEntry(operation: Operation): AuditEntry | undefined {
  const stand = { register: STAND_IN.general, kernelRegister: STAND_IN.kernel, immediate: '0' };
  const text = nativeText(
    operation,
    (name) => stand[operation.slots.find((slot) => slot.name === name)!.kind],
    () => null,
  );
  const [statement] = parseTokens(tokenize(new SourceText('<operation>', text))).statements;
  return statement?.kind === 'instruction' ? auditEntry(decode(statement, anyFrame)) : undefined;
}

interface Outcome extends Pick<AuditedInstruction, 'operation' | 'refused' | 'targets'> {
  readonly files: readonly SourceText[];
}

function finisher(built: MergedBuilt): (draft: Draft) => AuditedInstruction[] {
  const conditions = conditionFinder();
  const outcomesOf = outcomeFinder(built);
  const { project } = built.rewritten;
  return (draft) => {
    const { file, start, end } = draft;
    const { tree } = project.tree(file);
    const spelled = project.tree(file).at(start);
    const surroundings = spelled?.surroundings;
    // Operands that a macro spells are elsewhere for analysis; here they are as the file has them.
    const last = spelled === undefined ? end : tree.tokens[spelled.node.last]!.end;
    return outcomesOf(draft).map(({ files, ...outcome }) => ({
      ...placeOf(draft),
      text: oneLine(file.text.slice(start, last)),
      place: { kind: surroundings?.place ?? 'code', macro: surroundings?.define?.name ?? null },
      conditions: conditions(file, start),
      expanded: draft.expanded,
      ...outcome,
      ...(files.length === 0 ? {} : { builtFor: files.map(({ name }) => name) }),
    }));
  };
}

/** What becomes of an instruction: one outcome, but in a header for which sources have different ones. */
function outcomeFinder({ rewritten, plans, builtFor }: MergedBuilt): (draft: Draft) => readonly Outcome[] {
  const planned = plans.map((plan) => new Map(plan.planned.map((site): [Site, PlannedSite] => [site.site, site])));
  const sitesByFile = groupBy(
    rewritten.sites.map(({ site }) => site),
    ({ file }) => file.name,
  );
  return ({ file, start, sites: met }) => {
    const covers = (span: { readonly file: SourceText; readonly start: number; readonly end: number }) =>
      span.file.name === file.name && span.start <= start && start < span.end;
    const sites = met.size > 0 ? [...met] : (sitesByFile.get(file.name) ?? []).filter(covers);
    const refused = rewritten.refusals.filter(covers);
    const outcomes = [
      ...sites.map((site): Outcome => {
        const targets = planned.map((own) => own.get(site)?.expansion.kind ?? 'left');
        return { operation: site.operation.name, refused: null, targets, files: builtFor.get(site) ?? [] };
      }),
      ...refused.map(
        (refusal): Outcome => ({
          ...{ operation: null, refused: refusal.reason, targets: planned.map(() => 'left') },
          files: builtFor.get(refusal) ?? [],
        }),
      ),
    ];
    const varied = distinct(outcomes.filter(({ files }) => files.length > 0));
    if (varied.length > 1) return varied;
    const [first = { operation: null, refused: null, targets: planned.map(() => 'left' as const) }] = outcomes;
    return [{ ...first, files: [] }];
  };
}

/** Outcomes that differ in no more than registers are one here. */
function distinct(outcomes: readonly Outcome[]): Outcome[] {
  const groups = groupBy(outcomes, ({ files: _, ...outcome }) => JSON.stringify(outcome));
  return [...groups.values()].map((group) => ({ ...group[0]!, files: group.flatMap(({ files }) => files) }));
}
