/**
 * Stands in the bundle for the package `string-width`, by which yargs lays out its help. That one asks for the tables of Unicode
 * (Intl.Segmenter, /\p{RGI_Emoji}/v) as soon as it is loaded, in every call: a fifth of the CPU of `pvasm --version`. Compare
 * `node --cpu-prof bin/pvasm.js --version` with and without the alias in build.mjs. The help is plain ASCII.
 *
 * @param {string} text
 * @returns {number} columns that the text takes
 */
export default function stringWidth(text) {
  return text.length;
}
