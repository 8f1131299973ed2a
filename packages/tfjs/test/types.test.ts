// The package as built, in the hands of a TypeScript user of tfjs 4.22.
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const dist = join(root, "dist");

const USE = `
import * as tf from "@tensorflow/tfjs";
import { graphNodes, SaturationTracker } from "@delve/tfjs";

const model = tf.sequential({ layers: [tf.layers.dense({ units: 3, inputShape: [2] })] });
const tracker = await SaturationTracker.open({ tf, model, activations: "post", /*option*/ });
const callback: tf.CustomCallback = tracker.callback({ progress: false });
await model.fit(tf.zeros([4, 2]), tf.zeros([4, 3]), { callbacks: [callback, tf.callbacks.earlyStopping()] });
const saturation: number[] = tracker.latest!.records.flatMap(({ value }) => (typeof value === "number" ? value : []));
const names: readonly string[] = tracker.layers;
await tracker.close();
tracker./*member*/detach();

const graph = await tf.loadGraphModel("model.json");
const convolutions = (await graphNodes(graph)).filter(({ family }) => family === "conv");
await SaturationTracker.open({ tf, model: graph, nodes: convolutions.map(({ name }) => name) });
await SaturationTracker.open({ tf, model, activations: /*value*/"pre" });
// @ts-expect-error: a misspelt option
await SaturationTracker.open({ tf, model, satTreshold: 0.9 });
export { names, saturation };
`;

describe.skipIf(!existsSync(join(dist, "index.d.ts")))("the built package", () => {
  let project: string;
  beforeAll(() => {
    project = mkdtempSync(join(tmpdir(), "delve-types-"));
    mkdirSync(join(project, "node_modules/@delve"), { recursive: true });
    symlinkSync(root, join(project, "node_modules/@delve/tfjs"));
    symlinkSync(join(root, "node_modules/@tensorflow"), join(project, "node_modules/@tensorflow"));
    writeFileSync(join(project, "use.mts"), USE);
  });
  afterAll(() => rmSync(project, { recursive: true, force: true }));

  const optionsOf = (skipLibCheck: boolean): ts.CompilerOptions => ({
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    lib: ["lib.es2022.d.ts", "lib.dom.d.ts"],
    strict: true,
    exactOptionalPropertyTypes: true,
    noEmit: true,
    types: [],
    skipLibCheck,
  });

  /** Files that have errors, with the first of each. */
  const errorsOf = (skipLibCheck: boolean): [file: string, message: string][] => {
    const program = ts.createProgram([join(project, "use.mts")], optionsOf(skipLibCheck));
    return ts.getPreEmitDiagnostics(program).map(({ file, messageText }) => {
      return [file?.fileName ?? "", ts.flattenDiagnosticMessageText(messageText, " ")];
    });
  };

  test("type-checks with skipLibCheck", () => {
    expect(errorsOf(true)).toEqual([]);
  });

  test("type-checks without it, as far as the declarations of tfjs do themselves", () => {
    const errors = errorsOf(false);
    expect(errors.filter(([file]) => !file.includes("/@tensorflow/"))).toEqual([]);
  });

  test.each<[string, string, readonly string[]]>([
    ["options", "/*option*/", ["satThreshold", "stats", "savePath", "nodes", "includeLayers", "convMethod"]],
    ["members", "/*member*/", ["addSaturations", "addScalar", "callback", "latest", "layers", "detach"]],
    ["values", '/*value*/"', ["pre", "post"]],
  ])("an editor completes %s", (_, mark, expected) => {
    const file = join(project, "use.mts");
    const service = ts.createLanguageService({
      getCompilationSettings: () => optionsOf(true),
      getScriptFileNames: () => [file],
      getScriptVersion: () => "0",
      getScriptSnapshot: (name) =>
        existsSync(name) ? ts.ScriptSnapshot.fromString(readFileSync(name, "utf8")) : undefined,
      getCurrentDirectory: () => project,
      getDefaultLibFileName: (options) => ts.getDefaultLibFilePath(options),
      fileExists: ts.sys.fileExists,
      readFile: ts.sys.readFile,
      directoryExists: ts.sys.directoryExists,
      getDirectories: ts.sys.getDirectories,
    });
    const place = USE.indexOf(mark) + mark.length;
    const { entries = [] } = service.getCompletionsAtPosition(file, place, {}) ?? {};
    expect(entries.map(({ name }) => name)).toEqual(expect.arrayContaining([...expected]));
    service.dispose();
  });

  test("imports nothing of tfjs, neither in code nor in declarations", () => {
    const files = readdirSync(dist).filter((name) => /\.(js|d\.ts)$/.test(name));
    const imported = files.flatMap((name) => {
      const { importedFiles } = ts.preProcessFile(readFileSync(join(dist, name), "utf8"));
      return importedFiles.map(({ fileName }) => fileName).filter((from) => !from.startsWith("."));
    });
    expect([...new Set(imported)].sort()).toEqual(["@delve/kernel", "@delve/stats"]);
  });
});
