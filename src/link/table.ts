/** Generates `variants.h`, and `variants.S` with the table that it declares: access from C to the variants of an image. */
import type { LinkedSymbol, Variant } from './variant.ts';

const MADE = '/* Made by pvasm build --link-together. */\n';

/** A label such as `xen:a` as part of a macro's name. */
function macroOf(label: string): string {
  return `PVASM_VARIANT_${label.replace(/\W/g, '_').toUpperCase()}`;
}

/** The symbols that each variant has under its own name. */
function ownSymbols(symbols: readonly LinkedSymbol[]): LinkedSymbol[] {
  return symbols.filter(({ isShared }) => !isShared);
}

/**
 * @param headers by variant: the path from here to its header with the names; null for a variant that keeps them
 */
export function variantsHeader(
  variants: readonly Variant[],
  symbols: readonly LinkedSymbol[],
  headers: readonly (string | null)[],
): string {
  const branches = variants.flatMap(({ label }, index) => [
    `#${index === 0 ? 'if' : 'elif'} defined(${macroOf(label)})\n`,
    ...(headers[index] === null ? [] : [`#include "${headers[index]}"\n`]),
  ]);
  const fields = ownSymbols(symbols).map(
    ({ name, kind }) => `\tconst void *${name};${kind === 'routine' ? '\t/* () */' : ''}\n`,
  );
  return `${MADE}#ifndef PVASM_VARIANTS_H
#define PVASM_VARIANTS_H

/* Code that is compiled once for each variant says for which, and finds the symbols under the names of the source. */
${branches.join('')}#elif !defined(__ASSEMBLER__)

#define PVASM_VARIANTS ${variants.length}

/*
 * The symbols of one variant, each under the name that it has in the source: of a routine, marked (), what C calls a pointer to
 * it (the address of a descriptor, whose first word is that of the code); of anything else its address. 0: this configuration
 * has no such symbol.
 */
struct pvasm_variant {
	const char *target;
${fields.join('')}};

extern const struct pvasm_variant pvasm_variants[PVASM_VARIANTS];

/* The variant for a target, "${variants.at(-1)!.label}"; 0: the image has none. */
static inline const struct pvasm_variant *pvasm_variant(const char *target)
{
	int at, character;

	for (at = 0; at < PVASM_VARIANTS; at++) {
		const char *name = pvasm_variants[at].target;

		for (character = 0; name[character] && name[character] == target[character]; character++)
			;
		if (name[character] == target[character])
			return &pvasm_variants[at];
	}
	return 0;
}
#endif
#endif
`;
}

export function variantsTable(variants: readonly Variant[], symbols: readonly LinkedSymbol[]): string {
  const own = ownSymbols(symbols);
  const nameOf = ({ names }: Variant, name: string) => names.get(name) ?? name;
  const weak = variants.flatMap((variant) =>
    own.flatMap(({ name, isAlways }) => (isAlways ? [] : [`\t.weak ${nameOf(variant, name)}\n`])),
  );
  const rows = variants.flatMap((variant, index) => [
    `\n\tdata8 .Lpvasm_target${index}\n`,
    ...own.map(({ name, kind }) => {
      const symbol = `${nameOf(variant, name)}#`;
      return `\tdata8 ${kind === 'routine' ? `@fptr(${symbol})` : symbol}\n`;
    }),
  ]);
  const strings = variants.map(({ label }, index) => `.Lpvasm_target${index}:\n\tstringz "${label}"\n`);
  return `${MADE}${weak.join('')}
	.section .rodata, "a"
	.align 8
	.global pvasm_variants
	.type pvasm_variants, @object
pvasm_variants:${rows.join('')}
	.size pvasm_variants, .-pvasm_variants
${strings.join('')}`;
}
