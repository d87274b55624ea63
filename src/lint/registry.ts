import type { Rule } from './rule.ts';
import { PV001 } from './rules/bare-instruction.PV001.ts';
import { PV016 } from './rules/contradicted-convention.PV016.ts';
import { PV024 } from './rules/copied-code.PV024.ts';
import { PV009 } from './rules/dependency-violation.PV009.ts';
import { PV018 } from './rules/group-position.PV018.ts';
import { PV004 } from './rules/hidden-write.PV004.ts';
import { PV014 } from './rules/label-capture.PV014.ts';
import { PV023 } from './rules/linked-address.PV023.ts';
import { PV006 } from './rules/live-branch-scratch.PV006.ts';
import { PV002 } from './rules/live-scratch.PV002.ts';
import { PV015 } from './rules/lost-value.PV015.ts';
import { PV020 } from './rules/malformed-suppression.PV020.ts';
import { PV008 } from './rules/missed-in-configuration.PV008.ts';
import { PV013 } from './rules/missing-scratch.PV013.ts';
import { PV010 } from './rules/missing-serialization.PV010.ts';
import { PV029 } from './rules/missing-stop.PV029.ts';
import { PV027 } from './rules/outside-frame.PV027.ts';
import { PV030 } from './rules/overwritten-store.PV030.ts';
import { PV003 } from './rules/overwritten-value.PV003.ts';
import { PV007 } from './rules/predicate-scratch.PV007.ts';
import { PV025 } from './rules/register-not-given-back.PV025.ts';
import { PV031 } from './rules/replaced-by-result.PV031.ts';
import { PV005 } from './rules/shared-scratch.PV005.ts';
import { PV012 } from './rules/slot-nearly-full.PV012.ts';
import { PV011 } from './rules/slot-overflow.PV011.ts';
import { PV028 } from './rules/unclosed-routine.PV028.ts';
import { PV032 } from './rules/unfinished-flush.PV032.ts';
import { PV019 } from './rules/unknown-code.PV019.ts';
import { PV017 } from './rules/unused-convention.PV017.ts';
import { PV021 } from './rules/unused-suppression.PV021.ts';
import { PV022 } from './rules/wrong-argument.PV022.ts';
import { PV026 } from './rules/wrong-mode.PV026.ts';

/** Every rule, in the order of the IDs. */
export const RULES: readonly Rule[] = [
  PV001,
  PV002,
  PV003,
  PV004,
  PV005,
  PV006,
  PV007,
  PV008,
  PV009,
  PV010,
  PV011,
  PV012,
  PV013,
  PV014,
  PV015,
  PV016,
  PV017,
  PV018,
  PV019,
  PV020,
  PV021,
  PV022,
  PV023,
  PV024,
  PV025,
  PV026,
  PV027,
  PV028,
  PV029,
  PV030,
  PV031,
  PV032,
];

/** Where the project is published; a test holds package.json and the files for CI against it. */
export const HOME = 'https://github.com/pvasm/pvasm';

export function ruleById(id: string): Rule | undefined {
  return RULES.find((rule) => rule.id === id);
}

/** The address of a rule's page. */
export function pageOf(id: string): string {
  return `${HOME}/blob/main/docs/rules/${id}.md`;
}

/** The rules that a suppression can name: not those that judge suppressions, which would be a way around giving reasons. */
export const SUPPRESSIBLE: readonly string[] = RULES.map(({ id }) => id).filter(
  (id) => id !== PV020.id && id !== PV021.id,
);
