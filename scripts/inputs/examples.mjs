/** Calls in README.md and docs that stand there without their output: as they are typed, their placeholders filled in. */
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from './cache.mjs';
import { blocksIn, commandEnvironment, provideFiles } from './console.mjs';
import { prepareKernel } from './kernel.mjs';
import { mustRun } from './run.mjs';
import { prepareToolchain } from './toolchain.mjs';

const BLOCK = /^```(.*)\n([\s\S]*?)^```$/gm;
/** A block that has no fence: indented, on its own. */
const INDENTED = /^ {4}(pvasm .*)$/gm;
const SPAN = /`(pvasm [^`]* [^`]*)`/g;

/** A call and, behind two blanks, parentheses or `#`, what the page says of it. */
const CALL = /^(pvasm \w+(?: {1,8}(?!#)\S+(?: (?!#)\S+)*)?|PVASM_TARGET=\w+ \S*gcc(?: (?!#)\S+)*)(?: {2,}(.*)| +#.*)?$/;

/** The name of a command, with or without an option, or what is printed, in a block of its own. */
const IN_A_SENTENCE = /^pvasm \w+:|^pvasm \w+( \S+)?, |^pvasm \w+( --[\w-]+)+$/;

/** What a reader puts in the place of a word in capitals. `-o FILE` and `target FILE` are not sources. */
/** @type {readonly (readonly [RegExp, string])[]} */
const PLACEHOLDERS = [
  [/-o FILE\.o\b/g, '-o tlb.o'],
  [/\bFILE\.s\b/g, 'kbuild/tlb.s'],
  [/\bFILE\.\.\./g, 'ivt.S'],
  [/\bFILE:LINE\b/g, 'ivt.S:110'],
  [/(?<=\btarget +)FILE\b/g, './acme.S'],
  [/(?<=-o )FILE\b/g, 'made.h'],
  [/(?<=--pictures )DIR\b/g, 'pictures'],
  [/(?<=listings\/native\/)FILE FILE\b/g, 'ivt.S ivt.S'],
  [/\bFILE\b/g, 'ivt.S'],
  [/\bLINE\b/g, 'ivt.S:110'],
  [/\bNAME\b/g, 'itlb_miss'],
  [/\bREGISTER\b/g, 'r30'],
  [/\bOBJECT\b/g, 'joint.o'],
  [/\bOUT\b/g, 'made.o'],
  [/\bDIR\b/g, 'made'],
  [/-t [aA] -t [bB]\b/g, '-t xen:a -t xen:b'],
];

/**
 * The examples of a page, those of one block together, as they go on from each other. A call with choices (`NAME|FILE:LINE`, `[bash|zsh]`,
 * or options that its remark has in parentheses) is an example for each.
 *
 * @param {string} page a path of the project
 * @returns {string[][]} for each block, or each call in a line of text: the calls as they are run
 */
export function examplesOf(page) {
  const text = readFileSync(join(projectRoot, page), 'utf8');
  const blocks = blocksIn(text, '').map((block) => block.split('\n').flatMap(callsOf));
  const plain = text.replace(BLOCK, '');
  const alone = [...plain.matchAll(INDENTED), ...plain.matchAll(SPAN)].map(([, call = '']) =>
    callsOf(call.replace(/\s+/g, ' ')),
  );
  return [...blocks, ...alone].filter((calls) => calls.length > 0);
}

/** @param {string} line @returns {string[]} */
function callsOf(line) {
  const [, call, remark = ''] = CALL.exec(line) ?? [];
  if (call === undefined || IN_A_SENTENCE.test(call)) return [];
  return [call, ...optionsIn(remark).map((option) => `${call} ${option}`)].flatMap(choices).map(filledIn);
}

/** `(--format text|md, --pictures DIR)` at the end of a remark: each of them. @param {string} remark */
function optionsIn(remark) {
  const list = /\((-[^()]*)\)$/.exec(remark)?.[1] ?? '';
  return list.split(/ \| |[,;] /).filter((option) => option.startsWith('-'));
}

/** @param {string} call @returns {string[]} */
function choices(call) {
  const optional = /\[([^\]]*)\]/.exec(call);
  if (optional !== null) {
    const put = (/** @type {string} */ text) =>
      call.slice(0, optional.index) + text + call.slice(optional.index + optional[0].length);
    return ['', ...(optional[1] ?? '').split('|')].flatMap((each) => choices(put(each).trim()));
  }
  const words = /(?<= )\S+(?:\|\S+)+/.exec(call);
  if (words === null) return [call];
  return words[0]
    .split('|')
    .map((each) => call.slice(0, words.index) + each + call.slice(words.index + words[0].length));
}

/** @param {string} call */
const filledIn = (call) => PLACEHOLDERS.reduce((text, [place, word]) => text.replace(place, word), call);

/**
 * A folder in which examples run: the samples, also below `samples/`, in git with a branch `origin/main`; Linux's own sources in
 * plain instructions below `arch/`, with `flags`; and what pages say that a reader has: `node_modules/pvasm`, a compiler,
 * conventions `own.toml`, `ivt.s` (preprocessed), `joint.o` (of a joint listing), `pv` (rewritten samples).
 *
 * @param {string} folder is empty
 * @returns {NodeJS.ProcessEnv} in which they run
 */
export function prepareExamples(folder) {
  const env = commandEnvironment(folder);
  provideFiles(folder);
  symlinkSync(join(projectRoot, 'samples'), join(folder, 'samples'));
  const kernel = prepareKernel();
  mkdirSync(join(folder, 'arch/ia64'), { recursive: true });
  cpSync(join(kernel, 'plain'), join(folder, 'arch/ia64/kernel'), { recursive: true });
  cpSync(join(kernel, 'flags.smp'), join(folder, 'flags'));
  const configuration = readFileSync(join(projectRoot, 'docs/configuration.md'), 'utf8');
  writeFileSync(join(folder, 'own.toml'), blocksIn(configuration, 'toml conventions').join('\n'));
  const git = (/** @type {string[]} */ ...args) =>
    mustRun('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...args], { cwd: folder });
  git('init', '-q');
  git('add', '*.S', '*.h');
  git('commit', '-qm', 'samples');
  git('update-ref', 'refs/remotes/origin/main', 'HEAD');
  // Only gcc's way to its assembler matters here, so a host's gcc will do, without what it asks of its own assembler.
  const compiler = join(folder, '.bin/ia64-linux-gnu-gcc');
  writeFileSync(join(folder, '.bin/specs'), '*asm:\n-x\n');
  writeFileSync(compiler, `#!/bin/sh\nexec gcc -specs=${join(folder, '.bin/specs')} "$@"\n`, { mode: 0o755 });
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(projectRoot, join(folder, 'node_modules/pvasm'));
  const pvasm = (/** @type {string[]} */ ...args) =>
    mustRun(process.execPath, [join(projectRoot, 'bin/pvasm.js'), ...args], { cwd: folder });
  pvasm('rewrite', 'ivt.S', 'entry.S', '-o', 'pv');
  pvasm('build', 'ivt.S', '-t', 'native+xen:d', '-o', 'joint');
  const preprocess = (/** @type {string} */ source, /** @type {string} */ to) =>
    mustRun('gcc', ['-E', '-x', 'assembler-with-cpp', source, '-o', to], { cwd: folder });
  preprocess('ivt.S', 'ivt.s');
  preprocess('joint/native+xen-d/ivt.S', 'joint.s');
  mustRun(prepareToolchain().as, ['-x', 'joint.s', '-o', 'joint.o'], { cwd: folder });
  return env;
}
