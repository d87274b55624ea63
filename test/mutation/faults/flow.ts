/** What must hold along the way: registers given back, predicates written, psr.ic on, routines closed, stops behind brl. */
import { blankComments } from '../calls.ts';
import type { Mutant } from '../mutant.ts';
import { FILES, macroised } from '../subject.ts';

interface Fault {
  readonly fault: string;
  readonly rules: readonly string[];
  readonly files: readonly string[];
  /** The first group is replaced. */
  readonly pattern: RegExp;
  readonly text: (found: RegExpMatchArray, routine: string) => string | null;
}

const HANDLERS = ['ivt.S'];
const RETURNS = /^[ \t]*ASM_RFI\b/m;

const FAULTS: readonly Fault[] = [
  {
    fault: 'dropped restore of the predicates',
    rules: ['PV025'],
    files: HANDLERS,
    pattern: /\b(mov pr=r31,-1)(?=[^\n]*\n(?:\s*;;)*\s*ASM_RFI\b)/g,
    text: () => 'nop.i 0',
  },
  {
    fault: 'dropped restore of a branch register',
    rules: ['PV025'],
    files: HANDLERS,
    pattern: /\b(mov b0=r29)\b/g,
    text: (_, routine) => (RETURNS.test(routine) ? 'nop.i 0' : null),
  },
  {
    fault: 'unsaved predicates',
    rules: ['PV025'],
    files: HANDLERS,
    pattern: /\b(mov r31=pr)\b/g,
    text: (_, routine) => (/mov pr=r31,-1[^\n]*\n(?:\s*;;)*\s*ASM_RFI\b/.test(routine) ? 'mov r31=r0' : null),
  },
  {
    fault: 'predicate that nobody wrote',
    rules: ['PV015'],
    files: HANDLERS,
    pattern: /^\((p\d+)\)/gm,
    text: (_, routine) => (RETURNS.test(routine) && !/\bp13\b/.test(routine) ? 'p13' : null),
  },
  {
    fault: 'psr.ic left off in front of a C function',
    rules: ['PV026'],
    files: HANDLERS,
    pattern: /^[ \t]*(ASM_SSM_PSR_SRLZ_I\([^)]*psr\.ic[^)]*\))/gm,
    text: (_, routine) => (/\bbr\.call\S*[ \t]+\w+=ia64_(?!syscall_setup)/.test(routine) ? 'nop.i 0' : null),
  },
  {
    fault: '.endp of another routine',
    rules: ['PV028'],
    files: FILES,
    pattern: /^END\((\w+)\)/gm,
    text: ([, name]) => `${name}_`,
  },
  {
    fault: 'brl without a stop',
    rules: ['PV029'],
    files: ['ivt.S', 'entry.S', 'fsys.S', 'gate.S'],
    pattern: /^\(p\d+\)[ \t]*\b(br)(?=\.cond\.\w+[.\w]* \w+[ \t]*\n[ \t]+[a-z])/gm,
    text: () => 'brl',
  },
  {
    fault: 'unsaved register',
    rules: ['PV025'],
    files: HANDLERS,
    pattern: /\b(mov r\d+=(?:b0|ar\.ccv))\b/g,
    text: ([, save], routine) => {
      const [, copy, register] = /mov (r\d+)=(\S+)/.exec(save!)!;
      return RETURNS.test(routine) && routine.includes(`mov ${register}=${copy}`) ? `mov ${copy}=r0` : null;
    },
  },
  {
    fault: 'restore on one path only',
    rules: ['PV025', 'PV015'],
    files: HANDLERS,
    pattern: /^[ \t]*(mov (?:b0=r29|ar\.ccv=r28|pr=r31,-1))\b/gm,
    text: ([, restore], routine) => (RETURNS.test(routine) ? `(p6) ${restore}` : null),
  },
  {
    fault: 'predicate swapped',
    rules: ['PV015'],
    files: HANDLERS,
    pattern: /\bp6,p0=[^\n]*\n(?:\s*;;[^\n]*\n)?\((p6)\)/g,
    text: (_, routine) => (RETURNS.test(routine) && !/\bp7\b/.test(routine) ? 'p7' : null),
  },
  {
    fault: 'frame too small',
    rules: ['PV027'],
    files: FILES,
    pattern: /(?<=\balloc[ \t]+\w+=ar\.pfs,\d+,\d+,)([1-8])(?=,0)/g,
    text: ([, outputs], routine) => {
      const less = Number(outputs) - 1;
      return new RegExp(`\\bout${less}=`).test(routine) ? String(less) : null;
    },
  },
  {
    fault: 'store through a wrong register',
    rules: ['PV030', 'PV009'],
    files: ['ivt.S', 'entry.S', 'gate.S'],
    pattern: /^[ \t]*(st8[ \t]+\[r\d+\]=[^\n]*\n[ \t]*st8[ \t]+\[r\d+\])/gm,
    text: ([, stores]) => {
      const [, first, second] = /\[(r\d+)\]=[\s\S]*\[(r\d+)\]$/.exec(stores!)!;
      return first === second ? null : stores!.replace(/\[r\d+\]$/, `[${first}]`);
    },
  },
  {
    fault: 'dropped restore of a return address or frame state',
    rules: ['PV025'],
    files: FILES,
    pattern: /\b(mov (?:rp=loc0|ar\.pfs=loc1))\b/g,
    text: (_, routine) => (/\bbr\.ret\b/.test(routine) ? 'nop.i 0' : null),
  },
  {
    fault: 'psr.i at once with psr.ic',
    rules: ['PV026'],
    files: FILES,
    pattern: /\bASM_SSM_PSR\w*\([^)\n]*?(psr\.ic)\b(?![^)\n]*\bpsr\.i\b)/g,
    text: () => 'psr.ic|psr.i',
  },
  {
    fault: 'engine on where its store is moved',
    rules: ['PV026'],
    files: FILES,
    pattern: /\b(mov(?:\.m)? ar\.rsc=0)\b(?=(?:(?!\nEND\()[\s\S])*?\bar\.(?:bspstore|rnat)\b)/g,
    text: ([, move]) => move!.replace(/0$/, '3'),
  },
  // What the loop around the one exchange that is tried again reads in each round, and only reads.
  ...['r20', 'r21', 'r26', 'r29'].map((register) => ({
    fault: 'result of an exchange that the next try reads',
    rules: ['PV031'],
    files: ['fsys.S'],
    pattern: /\bcmpxchg8\.rel (r3)\b/g,
    text: () => register,
  })),
  {
    fault: 'interrupts left off',
    rules: ['PV026'],
    files: ['gate.S'],
    pattern: /^[ \t]*(ASM_SSM_PSR\([^)\n]*\bpsr\.i\b[^)\n]*\))/gm,
    text: () => 'nop.i 0',
  },
  {
    fault: 'flush that this processor does not see',
    rules: ['PV032'],
    files: FILES,
    pattern: /^[ \t]*(br\.ret\.\w+\.many rp)\b/gm,
    text: ([, end]) => `;;\n\tfc.i r8\n\t;;\n\tsync.i\n\t;;\n\t${end}`,
  },
  {
    fault: 'local that nobody wrote',
    rules: ['PV015'],
    files: FILES,
    pattern: /\b(mov loc\d+=(?:gp|rp))\b/g,
    text: () => 'nop.i 0',
  },
  {
    fault: 'register destroyed against a convention',
    rules: ['PV016'],
    files: FILES,
    pattern: /\t((?:mov|add) r1[679]=[^\n\t]*)/g,
    text: ([, first], routine) =>
      /^ENTRY\((?:save_switch_stack|ia64_syscall_setup)\)/.test(routine) ? `${first}\n\tmov r31=r0` : null,
  },
];

/** Only code that SMP compiles: between `#if` and `#endif` it may be another's. */
export function brokenFlow(): readonly Mutant[] {
  return FAULTS.flatMap((fault) => fault.files.flatMap((file) => [...planted(fault, file)]));
}

function* planted({ fault, rules, pattern, text }: Fault, file: string): Iterable<Mutant> {
  const whole = macroised.get(file)!;
  const code = withoutChoices(blankComments(whole));
  for (const found of code.matchAll(pattern)) {
    const start = found.index + found[0].indexOf(found[1]!);
    const end = start + found[1]!.length;
    const [from, to] = routineAround(code, start);
    const replacement = text(found, code.slice(from, to));
    if (replacement === null) continue;
    const line = whole.slice(0, start).split('\n').length;
    const what = `${replacement} for ${found[1]} in line ${line}: ${whole.split('\n')[line - 1]!.trim()}`;
    yield {
      fault,
      file,
      edits: [{ start, end, text: replacement }],
      rules,
      start: from,
      end: to,
      register: null,
      what,
    };
  }
}

/** The text with what stands between conditions, and all directives of the preprocessor, blanked. */
function withoutChoices(text: string): string {
  let depth = 0;
  let goesOn = false;
  const lines = text.split('\n').map((line) => {
    const directive = goesOn || /^[ \t]*#/.test(line);
    if (!goesOn && /^[ \t]*#[ \t]*if/.test(line)) depth++;
    if (!goesOn && /^[ \t]*#[ \t]*endif/.test(line)) depth--;
    goesOn = directive && line.endsWith('\\');
    return directive || depth > 0 ? ' '.repeat(line.length) : line;
  });
  return lines.join('\n');
}

function routineAround(text: string, at: number): readonly [number, number] {
  const start = Math.max(0, text.lastIndexOf('ENTRY(', at));
  const end = text.indexOf('\nEND(', at);
  return [start, end === -1 ? text.length : text.indexOf('\n', end + 1)];
}
