/**
 * Collects the sites of a project: every instance in the analysed code, with the place where it is spelled, and sites that are
 * spelled but reached in no configuration. Requires: units with their analysis.
 */

import { baseMnemonic } from '../machine/forms.ts';
import type { NameScope } from '../machine/naming.ts';
import { STAND_IN } from '../machine/purposes.ts';
import { assemblerMacros, definitionsOf } from '../project/macro-names.ts';
import { nativeMacrosName, ownInvocation } from '../project/native.ts';
import { anyFrame, type Operation, type Operations, operationShapeOf } from '../project/operations.ts';
import type { Project } from '../project/project.ts';
import type { SpelledContext, SpelledStatement } from '../project/spelled.ts';
import type { Unit } from '../project/units.ts';
import { maySpellSite } from '../project/words.ts';
import type { SourceRange, SourceText } from '../syntax/source.ts';
import type { Instruction, Span, Tree } from '../syntax/tree.ts';
import { type Match, matchesAt } from './match.ts';
import type { Refusal, Site, Sites, SourceSpan } from './site.ts';
import { makeSite, type SiteDraft } from './spelled-site.ts';

/** Decides which operations are sites, by the configured targets and by `[[native]]`. */
export interface Wishes {
  /** Whether an operation is a site: it is always rewritten, or a configured target has a body for it. */
  wants(operation: Operation): boolean;
  /** Whether a fused run becomes one macro call: a target has a body for it with these operands. */
  fuses(match: Match): boolean;
  /** Whether `[[native]]` keeps an instruction at a place of a file from being a site. Macro calls there stay sites. */
  staysNative(place: Pick<SourceRange, 'file' | 'start'>, operation: Operation): boolean;
}

/** An instruction of the analysed code with the operations that begin there: fused runs before the single instruction. */
interface SiteCandidate {
  readonly unit: Unit;
  readonly first: number;
  readonly matches: readonly Match[];
}

/** Collects the sites of a project; see `siteCollector`. */
export function collectSites(project: Project, operations: Operations, wishes: Wishes): Sites {
  return siteCollector(project, operations, wishes)(new Set());
}

/**
 * A function that collects the sites with some fused runs (given by `placeKey`) taken as separate instructions. It may be called
 * repeatedly: the candidates are found once, and a site that does not change is the same object in each result.
 */
export function siteCollector(
  project: Project,
  operations: Operations,
  wishes: Wishes,
): (apart: ReadonlySet<string>) => Sites {
  const candidates = project.units.flatMap((unit) => candidatesOf(unit, operations, wishes));
  const known = new Map<string, { draft: SiteDraft; site: Site | Refusal }>();
  const siteOf = (key: string, draft: SiteDraft): Site | Refusal => {
    const before = known.get(key);
    if (before !== undefined && isSame(before.draft, draft)) return before.site;
    const site = makeSite(project.tree(draft.file).tree, draft);
    known.set(key, { draft, site });
    return site;
  };
  return (apart) => {
    const refusals: Refusal[] = [];
    const drafts = draftSites(project, candidates, apart, refusals);
    const sites: Site[] = [];
    for (const [key, draft] of drafts) {
      const made = siteOf(key, draft);
      if ('reason' in made) refusals.push(made);
      else sites.push(made);
    }
    sites.push(...unreachedSites(project, operations, wishes, rewrittenOffsets(drafts)));
    const inOrder = (a: SourceSpan & { file: SourceText }, b: SourceSpan & { file: SourceText }) =>
      project.order(a.file) - project.order(b.file) || a.start - b.start;
    return { sites: sites.sort(inOrder), refusals: unique(refusals).sort(inOrder) };
  };
}

function isSame(a: SiteDraft, b: SiteDraft): boolean {
  return (
    a.match.operation === b.match.operation &&
    a.conflict === b.conflict &&
    a.instances.length === b.instances.length &&
    a.instances.every(
      ({ unit, first }, index) => unit === b.instances[index]!.unit && first === b.instances[index]!.first,
    )
  );
}

function candidatesOf(unit: Unit, operations: Operations, wishes: Wishes): SiteCandidate[] {
  const candidates: SiteCandidate[] = [];
  const { instructions } = unit.analysis;
  for (let first = 0; first < instructions.length; first++) {
    const all = matchesAt(unit.analysis, first, operations, unit.scopeAt(first));
    if (all.length === 0) continue;
    // A macro call of the source is a site even when no target of this call has a body for it.
    const isMacro = instructions[first]!.file.name === nativeMacrosName;
    const matches = isMacro ? all : wantedMatches(unit, first, all, operations, wishes);
    if (matches.length > 0) candidates.push({ unit, first, matches });
  }
  return candidates;
}

/** The operations beginning at an instruction that are sites; none where it stays native. */
function wantedMatches(
  unit: Unit,
  first: number,
  all: readonly Match[],
  operations: Operations,
  wishes: Wishes,
): readonly Match[] {
  const { instructions, program } = unit.analysis;
  if (all.some(({ operation }) => wishes.staysNative(instructions[first]!, operation))) return [];
  const hasNative = ({ operation, last }: Match): boolean => {
    for (let at = first; at !== last; ) {
      at = program.next[at]!;
      const single = matchesAt(unit.analysis, at, operations, unit.scopeAt(at)).at(-1)?.operation ?? operation;
      if (wishes.staysNative(instructions[at]!, single)) return true;
    }
    return false;
  };
  const isFused = (match: Match) => wishes.fuses(match) && !hasNative(match);
  return all.filter((match) => wishes.wants(match.operation) && (match.operation.parts.length === 1 || isFused(match)));
}

/** The key of a fused run in `apart`: its place in a file. */
export function placeKey(
  { file, start }: { readonly file: SourceText; readonly start: number },
  operation: Operation,
): string {
  return `${file.name}:${start}:${operation.name}`;
}

function draftSites(
  project: Project,
  candidates: readonly SiteCandidate[],
  apart: ReadonlySet<string>,
  refusals: Refusal[],
): Map<string, SiteDraft> {
  const drafts = new Map<string, SiteDraft>();
  let inside: { unit: Unit; last: number } | null = null;
  for (const candidate of candidates) {
    const { unit, first } = candidate;
    if (inside !== null && unit === inside.unit && first <= inside.last) continue; // part of a run
    const located = locate(project, candidate, apart);
    if ('reason' in located) {
      refusals.push(located);
      continue;
    }
    const draft = enter(drafts, located);
    const { operation, last, operands, predicates } = located.match;
    if (draft.match.operation !== operation) draft.conflict = operation;
    draft.instances.push({ unit, first, last, operands, predicates });
    inside = { unit, last };
  }
  return drafts;
}

interface Located {
  readonly file: SourceText;
  readonly spelled: SpelledStatement;
  readonly match: Match;
  readonly rest: readonly SourceSpan[];
}

const PUT_TOGETHER =
  'its spelling is put together by the preprocessor; it can be rewritten where one macro, or the source itself, spells all of it';

/** Finds where a candidate is spelled, and decides which of the matching operations is spelled there. */
function locate(
  project: Project,
  { unit, first: at, matches }: SiteCandidate,
  apart: ReadonlySet<string>,
): Located | Refusal {
  const instruction = unit.analysis.instructions[at]!;
  const call = ownInvocation(instruction.use, instruction.file);
  const index = project.tree(call?.file ?? instruction.file);
  const file = index.tree.file;
  const start = call?.start ?? instruction.start;
  const single = matches.at(-1)!;
  const refuse = (reason: string): Refusal => ({
    file,
    start,
    end: call?.end ?? instruction.end,
    operation: single.operation,
    reason,
  });
  const spelled = index.at(start);
  if (spelled === undefined) return refuse(PUT_TOGETHER);
  if (call !== null) {
    const match = matches.find((candidate) => candidate.operation.macro === call.name.replace(/_P$/, ''));
    return match === undefined
      ? refuse(
          `its macro ${call.name} does not mean the instruction that was met; the source, or a header, defines it or one of its arguments otherwise`,
        )
      : { file, spelled, match, rest: [] };
  }
  const node = index.tree.tokens[spelled.node.first]!;
  for (const match of matches) {
    const rest = fusedSpelling(unit, index.tree, spelled, at, match);
    if (rest !== null && !apart.has(placeKey(node, match.operation))) return { file, spelled, match, rest };
  }
  return refuse(PUT_TOGETHER);
}

/**
 * The ranges of the later instructions of a run. Null when they are not spelled directly after the first one, with nothing but
 * blanks, comments and stops between: then the run is not fused.
 */
function fusedSpelling(
  unit: Unit,
  tree: Tree,
  spelled: SpelledStatement,
  at: number,
  match: Match,
): SourceSpan[] | null {
  if (match.operation.parts.length === 1) return [];
  if (spelled.kind !== 'instruction' || spelled.surroundings.bundle !== null) return null;
  const { siblings, index } = spelled.surroundings;
  const rest: SourceSpan[] = [];
  let place = index;
  let instruction = at;
  for (const part of match.operation.parts.slice(1)) {
    if (part.afterStop) {
      const stop = siblings[++place];
      if (stop?.kind !== 'stop') return null;
      rest.push(withBlanksBefore(tree, stop));
    }
    const next = siblings[++place];
    instruction = unit.analysis.program.next[instruction]!;
    const { file, start } = unit.analysis.instructions[instruction]!;
    if (
      next?.kind !== 'instruction' ||
      file.name !== tree.file.name ||
      tree.tokens[next.mnemonicFirst]!.start !== start
    )
      return null;
    rest.push(withBlanksBefore(tree, next));
  }
  return rest;
}

/** The range of a node, extended by the separator and the blanks before it on its line. */
function withBlanksBefore(tree: Tree, node: Span): SourceSpan {
  const text = tree.file.text;
  let start = tree.tokens[node.first]!.start;
  while (start > 0 && ' \t'.includes(text[start - 1]!)) start--;
  if (text[start - 1] === ';' && text[start - 2] !== ';') start--;
  return { start, end: tree.tokens[node.last]!.end };
}

function enter(drafts: Map<string, SiteDraft>, located: Located): SiteDraft {
  const key = `${located.file.name}:${located.spelled.node.first}:${located.spelled.surroundings.place}`;
  let draft = drafts.get(key);
  if (draft === undefined) {
    draft = { ...located, instances: [], conflict: null };
    drafts.set(key, draft);
  }
  return draft;
}

/** The statements (by their first token) that became sites or parts of one. */
function rewrittenOffsets(drafts: ReadonlyMap<string, SiteDraft>): Map<SourceText, Set<number>> {
  const rewritten = new Map<SourceText, Set<number>>();
  for (const { file, spelled, match } of drafts.values()) {
    const offsets = rewritten.get(file) ?? new Set<number>();
    rewritten.set(file, offsets);
    const { siblings, index } = spelled.surroundings;
    let instructions = match.operation.parts.length;
    for (let place = index; instructions > 0 && place < siblings.length; place++) {
      if (siblings[place]!.kind !== 'stop') instructions--;
      offsets.add(siblings[place]!.first);
    }
  }
  return rewritten;
}

/** Instructions that are sites as spelled but reached in no configuration: in bodies of macros that are never expanded. */
function* unreachedSites(
  project: Project,
  operations: Operations,
  wishes: Wishes,
  rewritten: ReadonlyMap<SourceText, ReadonlySet<number>>,
): Iterable<Site> {
  const isMacroThere = macroFinder(project);
  for (const file of project.editable()) {
    if (!maySpellSite(file, operations)) continue;
    const index = project.tree(file);
    const { tree } = index;
    const known = rewritten.get(file);
    for (const spelled of index.all()) {
      if (spelled.kind !== 'instruction' || known?.has(spelled.node.first)) continue;
      if (!operations.mnemonics.has(baseMnemonic(spelled.node.mnemonic))) continue;
      const operation = operations.byShape
        .get(operationShapeOf(spelled.node, parameterScope(spelled.surroundings)))
        ?.find((candidate) => candidate.parts.length === 1);
      if (operation === undefined || !wishes.wants(operation)) continue;
      const start = tree.tokens[spelled.node.first]!.start;
      if (wishes.staysNative({ file, start }, operation)) continue;
      const draft: SiteDraft = {
        spelled,
        file,
        rest: [],
        instances: [],
        conflict: null,
        match: { operation, last: 0, operands: [], predicates: [] },
      };
      const site = makeSite(tree, draft);
      if (!('reason' in site) && !isMacroThere(tree, spelled.node, site)) yield site;
    }
  }
}

/**
 * Whether an instruction as spelled is another one, or none, by a macro of the source that is called like one of its words. Its operands
 * may be macros.
 */
function macroFinder({ units, siteless }: Project): (tree: Tree, instruction: Instruction, site: Site) => boolean {
  const runs = [...units.map(({ preprocessed }) => preprocessed), ...[...siteless.values()].flat()];
  return ({ tokens }, { first, last, mnemonic }, { operands, predicates }) => {
    const own = [...operands, ...predicates].flatMap((text) => text?.match(/\w+/g) ?? []);
    const words = tokens.slice(first, last + 1).flatMap(({ text }) => (own.includes(text) ? [] : [text]));
    return runs.some(
      (run) =>
        assemblerMacros(run).has(mnemonic.toLowerCase()) ||
        words.some((word) => [...definitionsOf(run, word)].some(({ file }) => file.name !== nativeMacrosName)),
    );
  };
}

/** Names as spelled in a macro's body: a parameter (`reg`, `\\reg`) counts as a general register. */
function parameterScope({ define }: SpelledContext): NameScope {
  const isParameter = (name: string) => name.startsWith('\\') || (define?.parameters.includes(name) ?? false);
  return { ...anyFrame, alias: (name) => (isParameter(name) ? STAND_IN.general : undefined) };
}

function unique(refusals: readonly Refusal[]): Refusal[] {
  const seen = new Map<string, Refusal>();
  for (const refusal of refusals) seen.set(`${refusal.file.name}:${refusal.start}`, refusal);
  return [...seen.values()];
}
