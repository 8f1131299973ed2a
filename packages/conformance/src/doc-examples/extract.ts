import ts from "typescript";

/** The code of one `@example` in a docstring. */
export interface DocExample {
  /** The declaration that the docstring belongs to. */
  readonly name: string;
  /** Line of the code's first line in its file, from 1. */
  readonly line: number;
  readonly code: string;
  /** What the fence around it says; "ts" where there is none. Only "ts" and "js" are run. */
  readonly language: string;
}

/** A declaration that a file exports, and whether its docstring has an `@example`. */
export interface ExportedDeclaration {
  readonly name: string;
  readonly isFunction: boolean;
  readonly hasExample: boolean;
}

/** All `@example` blocks of a TypeScript source, in order. */
export function extractExamples(source: string): DocExample[] {
  const file = parse(source);
  const examples: DocExample[] = [];
  const seen = new Set<number>();
  const visit = (node: ts.Node): void => {
    for (const comment of docstrings(node)) {
      if (seen.has(comment.pos)) continue;
      seen.add(comment.pos);
      examples.push(...examplesOf(source, comment, nameOf(node)));
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return examples;
}

/** The functions, classes and constants that a TypeScript source declares and exports by name. */
export function exportedDeclarations(source: string): ExportedDeclaration[] {
  return parse(source).statements.flatMap((statement) => {
    const modifiers = ts.canHaveModifiers(statement) ? ts.getModifiers(statement) : undefined;
    if (!modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)) return [];
    const hasExample = docstrings(statement).some((doc) => /^\s*\*?\s*@example\b/m.test(doc.getText()));
    const isFunction = ts.isFunctionDeclaration(statement);
    return namesOf(statement).map((name) => ({ name, isFunction, hasExample }));
  });
}

function parse(source: string): ts.SourceFile {
  return ts.createSourceFile("source.ts", source, ts.ScriptTarget.ES2022, true);
}

function docstrings(node: ts.Node): ts.JSDoc[] {
  return (node as ts.Node & { jsDoc?: ts.JSDoc[] }).jsDoc ?? [];
}

function nameOf(node: ts.Node): string {
  const own = namesOf(node)[0] ?? "(unnamed)";
  return ts.isClassElement(node) ? `${nameOf(node.parent)}.${own}` : own;
}

function namesOf(node: ts.Node): string[] {
  if (ts.isVariableStatement(node))
    return node.declarationList.declarations.map(({ name }) => name.getText());
  const name = (node as ts.NamedDeclaration).name;
  if (name === undefined) return ts.isConstructorDeclaration(node) ? ["constructor"] : [];
  return [name.getText()];
}

function examplesOf(source: string, comment: ts.JSDoc, name: string): DocExample[] {
  const firstLine = source.slice(0, comment.getStart()).split("\n").length;
  const lines = comment
    .getText()
    .replace(/\*\/$/, "")
    .split("\n")
    .map((line) => line.replace(/^\s*\/?\*+ ?/, ""));
  const examples: DocExample[] = [];
  for (let i = 0; i < lines.length; i++) {
    if (!/^@example\b/.test(lines[i]!)) continue;
    let end = i + 1;
    while (end < lines.length && !/^@[a-z]+\b/.test(lines[end]!)) end++;
    // What follows `@example` on its own line is a caption.
    examples.push({ name, ...unfenced(lines.slice(i + 1, end), firstLine + i + 1) });
  }
  return examples;
}

function unfenced(lines: string[], line: number): Omit<DocExample, "name"> {
  const open = lines.findIndex((text) => /^\s*```/.test(text));
  if (open < 0) return { line, code: lines.join("\n").trimEnd(), language: "ts" };
  const close = lines.findIndex((text, i) => i > open && /^\s*```/.test(text));
  const language = lines[open]!.trim().slice(3).trim() || "ts";
  const code = lines.slice(open + 1, close < 0 ? undefined : close).join("\n");
  return {
    line: line + open + 1,
    code,
    language: { typescript: "ts", javascript: "js" }[language] ?? language,
  };
}
