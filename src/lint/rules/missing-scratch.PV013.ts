import { siteExpansions } from '../expansions.ts';
import type { Rule } from '../rule.ts';

/** The message is the `.error` of the target file's macro, which says what it needs. */
export const PV013: Rule = {
  id: 'PV013',
  name: 'missing-scratch',
  severity: 'error',
  summary: "A target's body needs a register that the macro passes as '-' or not at all, or cannot use the one it got.",
  *check(context) {
    for (const { site, target, failure } of siteExpansions(context)) {
      if (failure === null) continue;
      const { file, start, end } = site;
      yield {
        file,
        start,
        end,
        message: `${site.operation.macro} cannot be expanded for ${target.name}: ${failure}`,
      };
    }
  },
};
