/** Small programs with what `check` must say beside the lines that it must say it of. */
import { lintSnippet } from '../snippet.ts';

/** Conventions of all programs: one interruption vector table, and routines that are no C. */
export const CONVENTIONS = `
[vectors]
tables = ["table"]
holds = ["r27"]
[[constant]]
registers = ["ar.rsc"]
value = 3
reason = "eager mode"
[[exclusive]]
registers = ["p2", "p3"]
reason = "whose stack it is"
[[symbol]]
name = "away"
bank = 0
reads = ["r19", "r31"]
[[exit]]
routine = "leaves"
kind = "jump"
reads = ["r14", "r15", "@special"]
[[symbol]]
name = "decided"
bank = 0
reads = ["p6", "r31"]
[[symbol]]
name = "helper"
link = "b0"
reads = ["r2", "b0"]
clobbers = ["r2-r3", "r16"]
[[symbol]]
name = "put_away"
link = "b7"
reads = ["@special", "@preserved", "@stacked", "r16", "b0"]
clobbers = ["r17", "r28"]
returns = ["@special", "@preserved", "@stacked", "r8-r11", "r16", "b0", "ar.pfs"]
[[symbol]]
name = "keeper"
reads = ["r32", "r33", "r9", "b0", "ar.pfs"]
clobbers = ["r8", "r14", "p6-p7", "b6"]
returns = ["r8"]
[[break]]
immediate = 0x100
reads = ["r15", "@special"]
clobbers = ["r14", "r15", "p6"]
returns = ["r8"]
[[break]]
immediate = 0x200
reads = ["r15"]
returns = false
`;

/** A handler of the vector at 0x400. */
export const handler = (body: string): string =>
  `\t.section .text.ivt,"ax"\n\t.align 32768\ntable:\n\t.org table+0x400\n${body}\n\t.org table+0x800\n`;

/** A routine that C calls. */
export const routine = (body: string): string => `\t.text\n\t.global f\n\t.proc f\nf:\n${body}\n\t.endp f\n`;

/** What these say depends on the configuration, not on the program. */
const OFF: ReadonlySet<string> = new Set(['PV001', 'PV008', 'PV017']);

/** `// ERROR PV025 PV027` beside a line: one finding of each rule there, and none elsewhere. */
export function expected(program: string): readonly string[] {
  return program.split('\n').flatMap((line, at) => {
    const marked = /\/\/ ERROR((?: PV\d{3})+)/.exec(line);
    return marked === null
      ? []
      : marked[1]!
          .trim()
          .split(' ')
          .map((rule) => `${at + 1} ${rule}: ${line.trim()}`);
  });
}

/** The findings of a program in the same words. */
export function found(program: string): readonly string[] {
  const lines = program.split('\n');
  const words = lintSnippet(program, CONVENTIONS)
    .filter(({ rule }) => !OFF.has(rule))
    .map(({ rule, file, start }) => {
      const { line } = file.position(start);
      return `${line} ${rule}: ${lines[line - 1]!.trim()}`;
    });
  return [...new Set(words)];
}
