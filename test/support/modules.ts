/** The modules of src/, parsed, and what they import from each other. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import ts from 'typescript';

export interface Module {
  /** Path from the root of the project, with slashes. */
  readonly path: string;
  readonly source: ts.SourceFile;
  /** Paths of the modules of src/ that it imports or exports from, types included; `import()` as a value is left out. */
  readonly imports: readonly string[];
}

/** All modules below a folder of the project. */
export function modulesOf(root: string, folder: string): Module[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.d.ts'))
    .map((name) => moduleOf(posix.join(folder, name.replaceAll('\\', '/')), root));
}

function moduleOf(path: string, root: string): Module {
  const text = readFileSync(join(root, path), 'utf8');
  return parsedModule(path, text);
}

export function parsedModule(path: string, text: string): Module {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const imports = new Set<string>();
  const add = (specifier: ts.Node | undefined): void => {
    if (specifier !== undefined && ts.isStringLiteral(specifier) && /^\.\.?\//.test(specifier.text))
      imports.add(posix.join(dirname(path), specifier.text));
  };
  const visitStatement = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) add(node.moduleSpecifier);
  };
  const visit = (node: ts.Node): void => {
    visitStatement(node);
    if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) add(node.argument.literal);
    ts.forEachChild(node, visit);
  };
  // Only a type can be imported within a statement; few modules do.
  if (/\bimport\(/.test(text)) visit(source);
  else ts.forEachChild(source, visitStatement);
  return { path, source, imports: [...imports] };
}

/** The names that a module declares and exports. */
export function exportedNames({ source }: Module): string[] {
  return source.statements.flatMap((statement) => {
    if (!ts.canHaveModifiers(statement)) return [];
    const modifiers = ts.getModifiers(statement) ?? [];
    const has = (kind: ts.SyntaxKind) => modifiers.some((modifier) => modifier.kind === kind);
    if (!has(ts.SyntaxKind.ExportKeyword) || has(ts.SyntaxKind.DefaultKeyword)) return [];
    if (ts.isVariableStatement(statement))
      return statement.declarationList.declarations.map(({ name }) => name.getText());
    const { name } = statement as ts.Statement & { readonly name?: ts.Node };
    return name === undefined ? [] : [name.getText()];
  });
}

/** Functions of a module with more than so many lines, as `path:line name`. */
export function longFunctions({ path, source }: Module, most: number): string[] {
  const found: string[] = [];
  const lineOf = (offset: number) => source.getLineAndCharacterOfPosition(offset).line + 1;
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node) && 'body' in node && node.body !== undefined) {
      const first = lineOf(node.getStart());
      const lines = lineOf(node.end) - first + 1;
      if (lines > most) found.push(`${path}:${first} ${node.name?.getText() ?? 'a function'}: ${lines} lines`);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** Sets of nodes each of which leads to all others of its set, by more than one node (Tarjan 1972). */
export function circles(edges: ReadonlyMap<string, Iterable<string>>): string[][] {
  const order = new Map<string, number>();
  const lowest = new Map<string, number>();
  const open: string[] = [];
  const found: string[][] = [];
  const visit = (node: string): void => {
    order.set(node, order.size);
    lowest.set(node, order.get(node)!);
    open.push(node);
    for (const next of edges.get(node) ?? []) {
      if (!order.has(next)) visit(next);
      if (open.includes(next)) lowest.set(node, Math.min(lowest.get(node)!, lowest.get(next)!));
    }
    if (lowest.get(node) !== order.get(node)) return;
    const set = open.splice(open.indexOf(node));
    if (set.length > 1) found.push(set.sort());
  };
  for (const node of edges.keys()) if (!order.has(node)) visit(node);
  return found;
}
