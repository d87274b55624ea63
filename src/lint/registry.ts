import type { Rule } from './rule.ts';
import { PV001 } from './rules/PV001.ts';
import { PV002 } from './rules/PV002.ts';
import { PV003 } from './rules/PV003.ts';
import { PV004 } from './rules/PV004.ts';
import { PV005 } from './rules/PV005.ts';
import { PV006 } from './rules/PV006.ts';
import { PV007 } from './rules/PV007.ts';
import { PV008 } from './rules/PV008.ts';
import { PV009 } from './rules/PV009.ts';
import { PV010 } from './rules/PV010.ts';
import { PV011 } from './rules/PV011.ts';
import { PV012 } from './rules/PV012.ts';
import { PV013 } from './rules/PV013.ts';
import { PV014 } from './rules/PV014.ts';
import { PV015 } from './rules/PV015.ts';
import { PV016 } from './rules/PV016.ts';
import { PV017 } from './rules/PV017.ts';
import { PV018 } from './rules/PV018.ts';
import { PV019 } from './rules/PV019.ts';
import { PV020 } from './rules/PV020.ts';
import { PV021 } from './rules/PV021.ts';
import { PV022 } from './rules/PV022.ts';
import { PV023 } from './rules/PV023.ts';

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

/** The rules that judge suppressions; suppressing those would be a way around giving reasons. */
export function isSuppressible(id: string): boolean {
  return ruleById(id) !== undefined && id !== PV020.id && id !== PV021.id;
}
