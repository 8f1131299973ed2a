import { describe, expect, test } from "vitest";
import { compileExample, type ExampleScope } from "./doc-examples/compile.js";
import { exportedDeclarations, extractExamples } from "./doc-examples/extract.js";

const scope = (names: Record<string, unknown> = {}): ExampleScope => ({
  names,
  load: async (specifier) => ({ specifier, default: "the default", twice: (x: number) => 2 * x }),
});

describe("extractExamples", () => {
  const source = `
/**
 * First.
 *
 * @example
 * a(); // 1
 *   indented();
 * @throws {Error} If.
 */
export function a() {}

export class B {
  /**
   * Second.
   * @example In words
   * \`\`\`js
   * b();
   * \`\`\`
   * @example
   * \`\`\`text
   * not code
   * \`\`\`
   */
  b() {}
}`;

  test("finds every block, its line, its declaration and its language", () => {
    expect(extractExamples(source)).toEqual([
      { name: "a", line: 6, code: "a(); // 1\n  indented();", language: "ts" },
      { name: "B.b", line: 17, code: "b();", language: "js" },
      { name: "B.b", line: 21, code: "not code", language: "text" },
    ]);
  });

  test("knows which exported functions have one", () => {
    expect(
      exportedDeclarations(`${source}\nexport function c() {}\nfunction hidden() {}\nexport const d = 1;`),
    ).toEqual([
      { name: "a", isFunction: true, hasExample: true },
      { name: "B", isFunction: false, hasExample: false },
      { name: "c", isFunction: true, hasExample: false },
      { name: "d", isFunction: false, hasExample: false },
    ]);
  });
});

describe("compileExample", () => {
  test.each([
    ["an expression", "1 + 1; // 2"],
    ["names in scope", "twice(2); // 4"],
    ["an awaited one", "await Promise.resolve(3); // 3"],
    ["a logged value", 'console.log("a"); // "a"'],
    ["a constant", "const x: number = 3; // 3"],
    ["named imports", 'import { twice as double } from "any";\ndouble(2); // 4'],
    [
      "a default import and a namespace",
      'import d from "any";\nimport * as any from "any";\nany.specifier; // "any"',
    ],
    ["an imported name that is in scope too", 'import { twice } from "any";\ntwice(1); // 2'],
    ["a typed array as array", "Float64Array.of(1, 2); // [1, 2]"],
    ["a list before prose", "[1, 2]; // [1, 2], ascending (a list)"],
    ["a typed array as printed", "({ a: Float64Array.of(1, 2) }); // { a: Float64Array(2) [1, 2] }"],
    ["prose behind the value", "1 + 1; // 2: one and one\n0.5; // 0.5 (half)\n3; // 3 of them"],
    ["an error", 'JSON.parse("{"); // throws SyntaxError'],
  ])("checks %s", async (_, code) => {
    const example = compileExample(code);
    expect(example.checks).toBeGreaterThan(0);
    await example.run(scope({ twice: (x: number) => 2 * x }));
  });

  test("fails where a value is not as stated", async () => {
    await expect(compileExample("const x = 1;\nx + 1; // 3").run(scope())).rejects.toThrow(
      "example: must give 3, got 2",
    );
    await expect(compileExample("(() => 1)(); // throws Error").run(scope())).rejects.toThrow("got no error");
  });

  test("fails where the code fails", async () => {
    await expect(compileExample("missing();").run(scope())).rejects.toThrow(ReferenceError);
  });

  test("leaves prose alone and refuses what only begins like a value", async () => {
    const prose = compileExample("1 + 1; // the sum");
    expect(prose.checks).toBe(0);
    await prose.run(scope());
    expect(() => compileExample("1 + 1; // [a sum")).toThrow(
      "a comment that begins like a value must be one",
    );
  });
});

describe("a stated value", () => {
  const check = (actual: unknown, comment: string) =>
    compileExample(`actual; // ${comment}`).run(scope({ actual }));

  test.each([
    [1 / 3, "0.333…"],
    [1 / 3, "≈ 0.33"],
    [-1234.4, "≈ -1234"],
    [1.234e-7, "≈ 1.2e-7"],
    [0.1 + 0.2, "0.3"],
    [-0, "0"],
    [Number.NaN, "NaN"],
    [{ a: Float32Array.of(1), b: [null] }, "{ a: [1], b: [null] }"],
  ])("%o agrees with %s", async (actual, comment) => {
    await check(actual, comment);
  });

  test.each([
    [1 / 3, "0.334…"],
    [1 / 3, "≈ 0.34"],
    [1 / 3, "0.333"],
    [1e-20, "0.000001"],
    [Number.POSITIVE_INFINITY, "5"],
    ["1", "1"],
    [[1, 2], "[1]"],
    [{ a: 1, b: 2 }, "{ a: 1 }"],
    [undefined, "null"],
  ])("%o does not agree with %s", async (actual, comment) => {
    await expect(check(actual, comment)).rejects.toThrow("example: must give");
  });
});
