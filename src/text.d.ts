/** Files of grammar/ are imported as text; the build and the tests load them the same way. */
declare module '*.tsv' {
  const text: string;
  export default text;
}

declare module '*.toml' {
  const text: string;
  export default text;
}

declare module '*.S' {
  const text: string;
  export default text;
}

declare module '*.css' {
  const text: string;
  export default text;
}
