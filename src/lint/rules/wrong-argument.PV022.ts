import type { Project } from '../../project/project.ts';
import type { DraftFinding } from '../finding.ts';
import { plural } from '../formats/format.ts';
import type { MacroCall, MetArgument } from '../macro-call.ts';
import type { Rule } from '../rule.ts';
import { type MacroSite, NOT_NEEDED } from '../sites.ts';
import type { Role } from '../vocabulary.ts';

/** The class of register that an argument must name; a missing role takes anything. */
const CLASSES: Partial<Readonly<Record<Role, string>>> = {
  predicate: 'pr',
  operand: 'gr',
  branch: 'br',
  scratch: 'gr',
  'scratch-predicate': 'pr',
  'scratch-frame': 'ar',
  'late-predicate': 'pr',
};

const CLASS_NAMES: Readonly<Record<string, string>> = {
  gr: 'a general register',
  br: 'a branch register',
  pr: 'a predicate register',
};

const ROLE_NAMES: Readonly<Record<Role, string>> = {
  predicate: 'the qualifying predicate',
  operand: 'the operand',
  branch: 'the branch scratch',
  scratch: 'the scratch register',
  'scratch-predicate': 'the scratch predicate',
  'scratch-frame': 'the scratch register',
  'late-predicate': 'the scratch predicate',
  text: 'the argument',
};

/** The native meaning ignores scratch arguments, so no assembler notices when one of them is no such register. */
export const PV022: Rule = {
  id: 'PV022',
  name: 'wrong-argument',
  severity: 'error',
  summary: 'An argument of a macro is missing, too many, or not the kind of register that stands there.',
  *check({ calls, project, refusals }) {
    const refused = new Map(refusals.map((refusal) => [`${refusal.file.name}:${refusal.start}`, refusal.reason]));
    for (const site of calls) {
      if (site.insideOwnDefinition) continue;
      const named = [...countReports(site), ...classReports(site), ...unknownNames(site, project)];
      yield* named;
      // Some arguments of our own macros are only judged by what the macro becomes: a kernel register is a number.
      const { file, start, end, nameStart, macro } = site;
      const reason = refused.get(`${file.name}:${nameStart}`) ?? refused.get(`${file.name}:${start}`);
      if (reason !== undefined && macro.variadic && named.length === 0)
        yield { file, start, end, message: `${macro.name} with these arguments: ${reason}` };
    }
  },
};

function* countReports({ macro, args, file, start, end }: MacroSite): Iterable<DraftFinding> {
  const expected = macro.parameters?.length ?? 0;
  if (args.length === expected || (macro.variadic && args.length > expected)) return;
  const names = (macro.parameters ?? []).map((parameter) => parameter.name).join(', ');
  const least = macro.variadic ? 'at least ' : '';
  const message = `${macro.name}(${names}) takes ${least}${plural(expected, 'argument')}, not ${args.length}`;
  yield { file, start, end, message };
}

function* classReports({ macro, args }: MacroSite): Iterable<DraftFinding> {
  for (const { role, text, register, file, start, end } of args) {
    const wanted = CLASSES[role];
    if (wanted === undefined) continue;
    const isScratch = role !== 'predicate' && role !== 'operand';
    const found = text === NOT_NEEDED && !isScratch ? `'${text}'` : text === '' ? 'nothing' : text;
    const wrong = register === null ? found !== text || text === '' : register.class !== wanted;
    if (!wrong) continue;
    yield {
      file,
      start,
      end,
      message: `${ROLE_NAMES[role]} of ${macro.name} must be ${CLASS_NAMES[wanted]}, not ${found}`,
    };
  }
}

/**
 * A scratch argument that names nothing, in a place where the call was met: `b8`, `r250`. Nobody else would notice. A macro
 * of the source may become anything.
 */
function* unknownNames(call: MacroCall, { units }: Project): Iterable<DraftFinding> {
  for (const [index, { file, start, end, role }] of call.args.entries()) {
    const wanted = CLASSES[role];
    if (wanted === undefined || !IS_SCRATCH.has(role)) continue;
    const name = call.instances.map(({ args }) => args[index]!).find(isUnknown)?.text;
    if (name === undefined || units.some(({ preprocessed }) => preprocessed.macros.has(name!))) continue;
    yield { file, start, end, message: `${ROLE_NAMES[role]} of ${call.macro.name} is ${name}, which is no register` };
  }
}

const IS_SCRATCH: ReadonlySet<Role> = new Set(['branch', 'scratch', 'scratch-predicate', 'late-predicate']);

function isUnknown({ text, register }: MetArgument): boolean {
  return register === null && text !== null && /^[\w.$]+$/.test(text);
}
