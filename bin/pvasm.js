#!/usr/bin/env node
import module from 'node:module';

// From Node 22 on, compiled code is kept between runs; on Node 20 there is no such thing and the bundle is small.
module.enableCompileCache?.();
const { main } = await import('../dist/pvasm.js');
process.exitCode = await main(process.argv.slice(2));
