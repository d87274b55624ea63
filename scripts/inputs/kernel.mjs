/**
 * Real input: arch/ia64 of Debian's linux-source-6.1 with the headers that a kernel build would generate.
 *
 * Layout of the folder:
 *
 *     linux/                 the kernel's arch/ia64 and include/, as Debian ships them
 *     gen/{smp,up}/include/  autoconf.h, asm-offsets.h, ... for an SMP and a uniprocessor configuration
 *     flags.{smp,up}         the preprocessor flags, one a line, that every arch/ia64 source is built with
 *     plain/                 linux/arch/ia64/kernel in plain instructions, without the hand macros of 2008
 *     stub/                  what gate-data.S includes as data
 *
 * asm-offsets.h is made with the host's LP64 compiler: consistent, but not proven equal to an ia64 compiler's.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { cached } from './cache.mjs';
import { downloadPackages, unpack } from './debian.mjs';
import { withoutHandMacros } from './plain.mjs';
import { provideCompiler, provideXz } from './programs.mjs';
import { mustRun } from './run.mjs';

const PACKAGE = 'linux-source-6.1';
const INSTALLED = `/usr/src/${PACKAGE}.tar.xz`;
const RECIPE = '1';

/** Options on top of the kernel's generic_defconfig that Kconfig would have derived. */
const DERIVED = `IA64 64BIT MMU IA64_GENERIC MCKINLEY IA64_PAGE_SIZE_16KB PGTABLE_3 HZ_250 SMP KEXEC KPROBES IA64_MCA_RECOVERY
  BUG PRINTK MODULES VIRTUAL_MEM_MAP IA64_ESI AUDITSYSCALL AUDIT ACPI PCI IOSAPIC PERFMON IA64_GRANULE_16MB TREE_RCU
  GENERIC_IOMAP SPARSEMEM SPARSEMEM_EXTREME IRQ_DOMAIN ZONE_DMA32
  PGTABLE_LEVELS=3 IA64_L1_CACHE_SHIFT=7 HZ=250 NR_CPUS=64 FORCE_MAX_ZONEORDER=17 ARCH_FORCE_MAX_ORDER=17 NODES_SHIFT=10
  BASE_SMALL=0 PHYSICAL_START=0x4000000 CC_VERSION_TEXT="x" RCU_FANOUT=64 RCU_FANOUT_LEAF=16 NR_CPUS_BITS=6`;

/** Options of generic_defconfig that contradict those. */
const CONTRADICTING = /PGTABLE_4|^CONFIG_(SPARSEMEM_VMEMMAP|THREAD_INFO_IN_TASK)$/;

/** Options that a uniprocessor kernel does not have. */
const SMP_ONLY = new RegExp(
  `SPARSEMEM|^CONFIG_(SMP|NUMA|HOTPLUG_CPU|NODES_SHIFT|SCHED_SMT|PERMIT_BSP_REMOVE|NEED_MULTIPLE_NODES|` +
    `USE_PERCPU_NUMA_NODE_ID|DISCONTIGMEM|ACPI_NUMA)$`,
);
const UP_ONLY = 'FLATMEM NR_CPUS=1 BROKEN_ON_SMP';

const DEFINES = `-D__ia64__=1 -D__ia64=1 -D__itanium__=1 -D_LP64=1 -D__LP64__=1 -D__ELF__=1 -D__linux__=1 -D__unix__=1
  -D__GNUC__=4 -D__GNUC_MINOR__=9 -D__GNUC_PATCHLEVEL__=0 -D__ASSEMBLY__ -D__KERNEL__ -DHAVE_WORKING_TEXT_ALIGN
  -DHAVE_MODEL_SMALL_ATTRIBUTE -DHAVE_SERIALIZE_DIRECTIVE`.split(/\s+/);

/** Folders whose Kbuild file lists headers that the architecture takes from asm-generic. */
const KBUILD = [
  'arch/ia64/include/asm',
  'arch/ia64/include/uapi/asm',
  'include/asm-generic',
  'include/uapi/asm-generic',
];

/** @typedef {'smp' | 'up'} Configuration */

/** @type {readonly Configuration[]} */
export const CONFIGURATIONS = ['smp', 'up'];

/**
 * The folder with the kernel's sources: PVASM_KERNEL when that is set, else the cache's, made if need be.
 *
 * @returns {string}
 */
export function prepareKernel() {
  const given = process.env.PVASM_KERNEL;
  if (given !== undefined && given !== '') {
    if (existsSync(join(given, 'plain')) && existsSync(join(given, 'gen'))) return given;
    throw new Error(`PVASM_KERNEL=${given} holds no prepared kernel source (no plain/ and gen/)`);
  }
  return cached('kernel-6.1', RECIPE, makeKernel);
}

/**
 * Fills a folder with the kernel input.
 *
 * @param {string} folder
 * @param {string} finalFolder where it will stand when it is used: the flags name files there
 */
export function makeKernel(folder, finalFolder) {
  provideCompiler();
  unpackLinux(folder);
  for (const configuration of CONFIGURATIONS) {
    writeGenerated(folder, configuration);
    writeAsmOffsets(folder, configuration);
    put(join(folder, `flags.${configuration}`), lines(preprocessorFlags(finalFolder, configuration)));
  }
  const kernel = join(folder, 'linux/arch/ia64/kernel');
  for (const name of readdirSync(kernel).filter((each) => /\.[Sh]$/.test(each))) {
    put(join(folder, 'plain', name), withoutHandMacros(readFileSync(join(kernel, name), 'latin1')));
  }
  put(join(folder, 'stub/arch/ia64/kernel/gate.so'), '');
}

/**
 * The flags that gcc -E and pvasm take for a source of the kernel in `root`.
 *
 * @param {string} root
 * @param {Configuration} configuration
 * @returns {string[]}
 */
export function preprocessorFlags(root, configuration) {
  const linux = join(root, 'linux');
  const generated = join(root, 'gen', configuration, 'include');
  const folders = [
    `${linux}/arch/ia64/include`,
    generated,
    `${linux}/include`,
    `${linux}/arch/ia64/include/uapi`,
    `${linux}/include/uapi`,
    `${generated}/generated/uapi`,
  ];
  const forced = ['compiler-version.h', 'kconfig.h'].flatMap((name) => ['-include', `${linux}/include/linux/${name}`]);
  return [...DEFINES, ...folders.map((each) => `-I${each}`), ...forced];
}

/** @param {string} folder */
function unpackLinux(folder) {
  provideXz();
  let tarball = INSTALLED;
  if (!existsSync(tarball)) {
    const work = join(folder, 'deb');
    for (const deb of downloadPackages([PACKAGE], work)) unpack(deb, work);
    tarball = join(work, INSTALLED);
  }
  const linux = join(folder, 'linux');
  mkdirSync(linux, { recursive: true });
  const wanted = ['arch/ia64/*', 'include/*'].map((each) => `${PACKAGE}/${each}`);
  mustRun('tar', ['-xf', tarball, '-C', linux, '--strip-components=1', '--wildcards', ...wanted]);
  rmSync(join(folder, 'deb'), { recursive: true, force: true });
}

/**
 * The configuration as Kconfig would have completed it: option name to value.
 *
 * @param {string} folder
 * @param {Configuration} configuration
 * @returns {Map<string, string>}
 */
function options(folder, configuration) {
  const text = readFileSync(join(folder, 'linux/arch/ia64/configs/generic_defconfig'), 'latin1');
  const chosen = new Map();
  for (const match of text.matchAll(/^(CONFIG_\w+)=(.*)$/gm)) chosen.set(match[1], match[2]);
  set(chosen, DERIVED);
  remove(chosen, CONTRADICTING);
  if (configuration === 'up') {
    remove(chosen, SMP_ONLY);
    set(chosen, UP_ONLY);
  }
  return chosen;
}

/**
 * @param {Map<string, string>} chosen
 * @param {string} list `NAME` (set to y) and `NAME=VALUE`, without `CONFIG_`
 */
function set(chosen, list) {
  for (const each of list.split(/\s+/)) {
    const [name, value = 'y'] = each.split('=');
    chosen.set(`CONFIG_${name}`, value);
  }
}

/**
 * @param {Map<string, string>} chosen
 * @param {RegExp} names
 */
function remove(chosen, names) {
  for (const name of chosen.keys()) if (names.test(name)) chosen.delete(name);
}

/**
 * Every generated header but asm-offsets.h.
 *
 * @param {string} folder
 * @param {Configuration} configuration
 */
function writeGenerated(folder, configuration) {
  const include = join(folder, 'gen', configuration, 'include');
  put(join(include, 'generated/autoconf.h'), lines(autoconf(options(folder, configuration))));
  put(
    join(include, 'generated/uapi/linux/version.h'),
    lines(['#define LINUX_VERSION_CODE 393472', '#define KERNEL_VERSION(a,b,c) (((a) << 16) + ((b) << 8) + (c))']),
  );
  put(join(include, 'generated/utsrelease.h'), lines(['#define UTS_RELEASE "6.1"']));
  put(
    join(include, 'generated/bounds.h'),
    lines([
      '#define NR_PAGEFLAGS 24',
      '#define MAX_NR_ZONES 4',
      '#define SPINLOCK_SIZE 4',
      '#define NR_CPUS_BITS 6',
      '#define LRU_GEN_WIDTH 0',
      '#define __LRU_REFS_WIDTH 0',
    ]),
  );
  put(join(include, 'generated/nr-irqs.h'), lines(['#define NR_IRQS 1024']));
  put(join(include, 'asm/nr-irqs.h'), lines(['#define NR_IRQS 1024']));
  put(join(include, 'generated/timeconst.h'), '');
  writeSystemCalls(folder, include);
  for (const name of genericHeaders(folder)) {
    put(join(include, 'asm', name), lines([`#include <asm-generic/${name}>`]));
  }
}

/** @param {Map<string, string>} chosen */
function autoconf(chosen) {
  return [...chosen.entries()]
    .filter(([, value]) => value !== 'n')
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => {
      if (value === 'y') return `#define ${name} 1`;
      return value === 'm' ? `#define ${name}_MODULE 1` : `#define ${name} ${value}`;
    });
}

/**
 * What scripts/syscalltbl.sh makes of syscall.tbl: number, ABI, name, entry point.
 *
 * @param {string} folder
 * @param {string} include
 */
function writeSystemCalls(folder, include) {
  const table = readFileSync(join(folder, 'linux/arch/ia64/kernel/syscalls/syscall.tbl'), 'latin1');
  const calls = table
    .split('\n')
    .filter((line) => /^\d/.test(line))
    .map((line) => /** @type {[string, string, string, string]} */ (/** @type {unknown} */ (line.split(/\s+/))));
  const last = Number(calls.at(-1)?.[0]);
  put(
    join(include, 'asm/unistd_64.h'),
    lines([
      ...calls.map(([number, , name]) => `#define __NR_${name} ${1024 + Number(number)}`),
      `#define __NR_syscalls ${last + 1}`,
    ]),
  );
  put(
    join(include, 'asm/syscall_table.h'),
    lines(calls.map(([number, , , entry]) => `__SYSCALL(${number}, ${entry})`)),
  );
}

/**
 * Headers that the architecture does not have and takes from asm-generic.
 *
 * @param {string} folder
 */
function genericHeaders(folder) {
  const names = [];
  for (const each of KBUILD) {
    const kbuild = join(folder, 'linux', each, 'Kbuild');
    if (!existsSync(kbuild)) continue;
    const text = readFileSync(kbuild, 'latin1');
    for (const match of text.matchAll(/(?:generic|mandatory)-y\s*\+?=\s*(\S+)/g))
      names.push(/** @type {string} */ (match[1]));
  }
  const own = (/** @type {string} */ name) =>
    ['asm', 'uapi/asm'].some((each) => existsSync(join(folder, 'linux/arch/ia64/include', each, name)));
  return names.filter((name) => !own(name));
}

/**
 * Compiles the kernel's asm-offsets.c and takes the offsets out of the compiler's output, as Kbuild does.
 *
 * @param {string} folder
 * @param {Configuration} configuration
 */
function writeAsmOffsets(folder, configuration) {
  const header = join(folder, 'gen', configuration, 'include/generated/asm-offsets.h');
  put(header, ''); // asm-offsets.c includes headers that include it
  const own = mustRun('gcc', ['-print-file-name=include']).trim();
  const host =
    process.arch === 'x64' ? ['-m64', '-mno-sse', '-U__x86_64__', '-U__i386__', '-U__amd64', '-U__x86_64'] : [];
  const assembly = mustRun('gcc', [
    ...['-S', '-O2', '-nostdinc', '-isystem', own, '-std=gnu11', '-w', '-fgnu89-inline', '-fno-strict-aliasing'],
    ...['-ffreestanding', ...host, '-D__KERNEL__', '-D__ia64__=1', '-D__ia64=1'],
    ...preprocessorFlags(folder, configuration).filter((flag) => !flag.startsWith('-D')),
    ...['-include', join(folder, 'linux/include/linux/compiler_types.h')],
    ...[join(folder, 'linux/arch/ia64/kernel/asm-offsets.c'), '-o', '-'],
  ]);
  const offsets = [...assembly.matchAll(/->(\w+) [$#(]*(-?\d+)/g)].map(([, name, value]) => `#define ${name} ${value}`);
  if (offsets.length < 100) throw new Error(`asm-offsets.c (${configuration}) gave only ${offsets.length} offsets`);
  put(header, lines(['#ifndef __ASM_OFFSETS_H__', '#define __ASM_OFFSETS_H__', ...offsets, '#endif']));
}

/** @param {readonly string[]} each */
function lines(each) {
  return each.map((line) => `${line}\n`).join('');
}

/**
 * @param {string} path
 * @param {string} text latin-1
 */
function put(path, text) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text, 'latin1');
}

/**
 * The 33 assembly sources that are assembled (linker scripts left out), as paths below `root`, sorted.
 *
 * @param {string} root
 * @returns {string[]}
 */
export function kernelSources(root) {
  const architecture = join(root, 'linux/arch/ia64');
  return ['kernel', 'lib', 'scripts', '.']
    .flatMap((folder) => readdirSync(join(architecture, folder)).map((name) => join(architecture, folder, name)))
    .filter((path) => path.endsWith('.S') && !basename(path).endsWith('.lds.S'))
    .sort();
}
