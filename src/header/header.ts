/** `asm-pv.h`: one target's bodies as macros of cpp and gas, with which a macro-ised source is built where there is no pvasm. */
import { bodyFacts } from '../expand/facts.ts';
import { everyShape } from '../expand/shapes.ts';
import { scratchNeeds, type Target } from '../expand/target.ts';
import type { Operation } from '../project/operations.ts';
import { type KnownSites, NEEDS } from './known-sites.ts';
import { ADDRESS_LEFT, callingMacros, GENERAL, gasMacros, type HeaderOperation } from './operation-macros.ts';
import { type TargetMacros, targetMacros } from './target-macros.ts';

/**
 * @param label the target's, for the head
 * @param known sites at which the bytes are those of the listing
 */
export function headerText(label: string, target: Target, operations: readonly Operation[], known: KnownSites): string {
  const macros = targetMacros(target);
  const all = operations.map((operation) => headerOperation(operation, target, macros));
  return `${head(label)}\t.set ${ADDRESS_LEFT}, 0\n${EACH}${macros.text}${all.map((each) => gasMacros(each, macros, known)).join('')}
${operations.map(callingMacros).join('')}
#endif
`;
}

function headerOperation(operation: Operation, target: Target, macros: TargetMacros): HeaderOperation {
  const own = target.macros.get(operation.name);
  if (own === undefined) return { operation, needs: null, unknown: 0 };
  const needs = scratchNeeds(target, operation.name);
  let isNative = true;
  for (const shape of everyShape(operation, own)) {
    isNative = bodyFacts(target, operation, shape)?.native ?? isNative;
    if (!isNative) break;
  }
  if (isNative) return { operation, needs, unknown: 0 };
  const { stopBefore, stopBehind, serialize, serialization, native } = NEEDS;
  const isLeft = !operation.sensitive && macros.demandsState(operation.macro);
  return { operation, needs, unknown: isLeft ? native : stopBefore | stopBehind | serialize | serialization };
}

function head(label: string): string {
  return `/*
 * Target ${label} for macro-ised source, made by pvasm header. With it cpp and gas build what pvasm rewrite has written:
 * -include it, or #include it before anything else that is not of the preprocessor alone.
 *
 * At the sites of the sources that it was made for, the code is that of the listing. Any other site, and any of them that has
 * moved to another line, has a stop on either side, and the serialization of its run.
 */
#ifndef PVASM_HEADER_H
#define PVASM_HEADER_H

`;
}

const FOUND = '.Lpvasm_found';
const numbers = (count: number) => Array.from({ length: count }, (_, number) => number).join(', ');

/**
 * A gas macro that calls a macro with its arguments at the end, of which `left` are still to be written, in canonical form: `ret0`
 * becomes r8; `-` and ar.pfs, which only matter for calls of routines, become empty. The macro is needed because gas compares
 * registers in `.if`, but macro arguments only as text. No `.irp` is in a branch that may be skipped: there gas would still read the
 * `.if` in its body.
 */
const EACH = `.macro PVASM_EACH next, left, first, rest:vararg
	.if (\\left) == 0
	\\next \\first, \\rest
	.else
	PVASM_KIND \\first
	.if ${FOUND} == -2
	PVASM_NEXT 1, \\next, (\\left)-1, \\rest,
	.elseif ${FOUND} >= 0
	PVASM_GENERAL \\next, (\\left)-1, \\rest
	.else
	PVASM_NEXT (${FOUND} == -1), \\next, (\\left)-1, \\rest, \\first
	.endif
	.endif
.endm
.macro PVASM_KIND argument
	.set ${FOUND}, -2
	.ifnb \\argument
	.ifnc \\argument,-
	.ifnc \\argument,ar.pfs
	PVASM_FIND \\argument
	.endif
	.endif
	.endif
.endm
.macro PVASM_FIND register
	.set ${FOUND}, -1
	.irp number, ${numbers(32)}
	.if \\register == r\\number
	.set ${FOUND}, \\number
	.endif
	.endr
	.irp number, ${numbers(64)}
	.if \\register == p\\number
	.set ${FOUND}, -3
	.endif
	.endr
.endm
.macro PVASM_GENERAL arguments:vararg
	.irp number, ${numbers(32)}
	.if ${FOUND} == \\number
	PVASM_NEXT 1, \\arguments, r\\number
	.set ${FOUND}, -1
	.endif
	.endr
.endm
.macro PVASM_NEXT general, arguments:vararg
	.if \\general
	.if ${GENERAL}_end == 0
	.set ${GENERAL}, ${GENERAL} + 1
	.endif
	.else
	.set ${GENERAL}_end, 1
	.endif
	PVASM_EACH \\arguments
.endm
`;
