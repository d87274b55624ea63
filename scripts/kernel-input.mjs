#!/usr/bin/env node
/**
 * Prepares everything the tests need and does not ship: the assembler, the kernel's sources, binutils' sources.
 *
 *     node scripts/kernel-input.mjs
 */
import { prepareBinutilsSource } from './inputs/binutils.mjs';
import { kernelSources, prepareKernel } from './inputs/kernel.mjs';
import { prepareToolchain } from './inputs/toolchain.mjs';

try {
  const { as } = prepareToolchain();
  console.log(`assembler:       ${as}`);
  const kernel = prepareKernel();
  console.log(`kernel sources:  ${kernel} (${kernelSources(kernel).length} files)`);
  console.log(`binutils source: ${prepareBinutilsSource()}`);
} catch (error) {
  console.error(`kernel-input: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 2;
}
