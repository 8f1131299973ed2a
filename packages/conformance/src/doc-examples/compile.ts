import ts from "typescript";
import { checkValue, statesValue } from "./expectation.js";

/** What an example may use: names in scope without an import, and how its imports are resolved. */
export interface ExampleScope {
  readonly names: Readonly<Record<string, unknown>>;
  readonly load: (specifier: string) => Promise<unknown>;
}

/** An example made ready to run; `checks` is the number of values it states. */
export interface CompiledExample {
  readonly checks: number;
  run(scope: ExampleScope): Promise<void>;
}

const AsyncFunction = (async () => {}).constructor as new (
  ...args: string[]
) => (...args: unknown[]) => Promise<void>;

/**
 * Compiles the code of an example (TypeScript, top-level `await` and imports included). Every top-level statement
 * with its value in a comment behind it becomes a check of that value: `f(x); // 3`, `console.log(f(x)); // 3` and
 * `const y = f(x); // 3`.
 */
export function compileExample(code: string): CompiledExample {
  // The empty export makes it a module, where `await` may stand at the top.
  const file = ts.createSourceFile("example.ts", `${code}\nexport {};`, ts.ScriptTarget.ES2022, true);
  let checks = 0;
  const body = file.statements
    .slice(0, -1)
    .map((statement) => {
      if (ts.isImportDeclaration(statement)) return importAsAwait(statement);
      const comment = commentBehind(file, statement);
      const value = comment !== undefined && statesValue(comment) ? checkedExpression(statement) : undefined;
      if (value === undefined) return withoutExport(statement);
      checks++;
      const before = ts.isVariableStatement(statement) ? withoutExport(statement) : "";
      const text = JSON.stringify(comment);
      return `${before}\nawait __check(async () => (${value}), ${text}, async () => (${literal(comment!)}));`;
    })
    .join("\n");
  const wrapped = `return (async () => {\n${body}\n})();`;
  const { outputText } = ts.transpileModule(`async function __example() {${wrapped}}`, {
    compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext },
  });
  return { checks, run: (scope) => execute(`${outputText}\nreturn __example();`, scope) };
}

async function execute(body: string, { names, load }: ExampleScope): Promise<void> {
  const check = (run: () => unknown, comment: string, expected: () => unknown) =>
    checkValue(run, comment, expected);
  await new AsyncFunction("__check", "__load", ...Object.keys(names), body)(
    check,
    load,
    ...Object.values(names),
  );
}

/** The expected value as code, for comments that are one; what else a comment says is read by `checkValue`. */
function literal(comment: string): string {
  if (/^(throws\b|≈)|^-?[\d.]+…/.test(comment)) return "undefined";
  // Typed arrays as the console prints them.
  const text = comment.replace(/\b[A-Z]\w*Array(\(\d+\))? ?(?=\[)/g, "");
  // Prose may stand behind a value, as in `0.5: half of them`, `2 directions` or `[1, 2], ascending`.
  const number = /^-?\d[\d.]*(e-?\d+)?(?=[\s:,;])/.exec(text)?.[0];
  const word = /^(-?Infinity|NaN|true|false|null|undefined)\b/.exec(text)?.[0];
  const head = [number, word, text, beforeProse(text)].find((code) => code !== undefined && parses(code));
  if (head !== undefined) return head;
  throw new Error(`example: a comment that begins like a value must be one, got // ${comment}`);
}

/** A string, list or object at the beginning of a text, up to the bracket or quote that ends it. */
function beforeProse(text: string): string | undefined {
  for (let end = text.length - 1; end > 0; end--) {
    const head = text.slice(0, end);
    if (/["'\]}]$/.test(head) && /^[\s:,;(]/.test(text.slice(end)) && parses(head)) return head;
  }
  return undefined;
}

function parses(code: string): boolean {
  return ts.transpileModule(`(${code})`, { reportDiagnostics: true }).diagnostics?.length === 0;
}

function commentBehind(file: ts.SourceFile, statement: ts.Statement): string | undefined {
  const [range] = ts.getTrailingCommentRanges(file.text, statement.getEnd()) ?? [];
  if (range?.kind !== ts.SyntaxKind.SingleLineCommentTrivia) return undefined;
  return file.text.slice(range.pos + 2, range.end).trim();
}

/** The expression whose value a comment states; `undefined` for statements that have none. */
function checkedExpression(statement: ts.Statement): string | undefined {
  if (ts.isVariableStatement(statement)) {
    const [declaration] = statement.declarationList.declarations;
    return declaration && ts.isIdentifier(declaration.name) ? declaration.name.text : undefined;
  }
  if (!ts.isExpressionStatement(statement)) return undefined;
  const { expression } = statement;
  const isLog = ts.isCallExpression(expression) && expression.expression.getText() === "console.log";
  return isLog && expression.arguments.length === 1
    ? expression.arguments[0]!.getText()
    : expression.getText();
}

function withoutExport(statement: ts.Statement): string {
  return statement.getText().replace(/^export\s+(default\s+)?/, "");
}

function importAsAwait(statement: ts.ImportDeclaration): string {
  const from = `await __load(${statement.moduleSpecifier.getText()})`;
  const clause = statement.importClause;
  if (clause === undefined) return `${from};`;
  if (clause.isTypeOnly) return "";
  const lines: string[] = [];
  if (clause.name) lines.push(`const { default: ${clause.name.text} } = ${from};`);
  const bindings = clause.namedBindings;
  if (bindings && ts.isNamespaceImport(bindings)) lines.push(`const ${bindings.name.text} = ${from};`);
  if (bindings && ts.isNamedImports(bindings)) {
    const names = bindings.elements
      .filter((element) => !element.isTypeOnly)
      .map(({ propertyName, name }) => (propertyName ? `${propertyName.text}: ${name.text}` : name.text));
    lines.push(`const { ${names.join(", ")} } = ${from};`);
  }
  return lines.join("\n");
}
