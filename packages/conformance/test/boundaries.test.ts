import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

// The linter's own configuration, run over a tree of one-line files: each forbidden import must be reported and
// each allowed one must not, so that a pattern that silently matches nothing is noticed.
const root = fileURLToPath(new URL("../../..", import.meta.url));

const forbidden: [folder: string, specifier: string][] = [
  ["packages/kernel/src", "@delve/stats"],
  ["packages/kernel/src", "node:fs"],
  ["packages/kernel/src/wasm", "../../../stats/src/index.js"],
  ["packages/stats/src", "@delve/core"],
  ["packages/stats/src", "@delve/kernel/reference"],
  ["packages/stats/src", "@delve/stats/tools"],
  ["packages/stats/src/writers", "node:fs/promises"],
  ["packages/core/src", "@delve/tfjs"],
  ["packages/tfjs/src", "@tensorflow/tfjs"],
  ["packages/tfjs/src", "@delve/core"],
  ["packages/webgpu/src", "@delve/stats"],
  ["packages/webgpu/src", "@delve/kernel/reference"],
  ["packages/webgpu/src", "webgpu"],
  ["packages/webgpu/src", "node:fs"],
  ["packages/onnxruntime/src", "onnxruntime-node"],
  ["packages/onnxruntime/src", "onnxruntime-common/src"],
  ["packages/onnxruntime/src", "node:fs"],
  ["packages/onnxruntime/src/session", "@delve/tfjs"],
  ["packages/playground/src/views", "../worker/trainer.js"],
  ["packages/playground/src/state", "@tensorflow/tfjs-core"],
];
const allowed: [folder: string, specifier: string][] = [
  ["packages/webgpu/src", "@delve/kernel"],
  ["packages/webgpu/src", "@delve/kernel/validation"],
  ["packages/stats/src", "@delve/kernel"],
  ["packages/stats/src/writers", "@delve/stats/plot"],
  ["packages/core/src", "@delve/stats"],
  ["packages/tfjs/src", "@delve/kernel"],
  ["packages/onnxruntime/src", "@delve/stats"],
  ["packages/playground/src/views", "../worker/protocol.js"],
  ["packages/playground/src/views", "@delve/stats/plot"],
  ["packages/playground/src/worker", "@tensorflow/tfjs-core"],
];

describe("import boundaries", () => {
  let tree: string;
  let reported: Set<string>;

  beforeAll(() => {
    tree = mkdtempSync(join(tmpdir(), "delve-boundaries-"));
    copyFileSync(join(root, "biome.json"), join(tree, "biome.json"));
    for (const [i, [folder, specifier]] of [...forbidden, ...allowed].entries()) {
      const path = join(tree, folder, `probe${i}.ts`);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, `import "${specifier}";\n`);
    }
    const biome = join(root, "node_modules/.bin/biome");
    const args = ["lint", "--vcs-enabled=false", "--reporter=github", "--max-diagnostics=none", "."];
    const run = spawnSync(biome, args, { cwd: tree, encoding: "utf8", shell: process.platform === "win32" });
    const lines = run.stdout.split("\n").filter((line) => line.includes("noRestrictedImports"));
    reported = new Set(lines.map((line) => /probe\d+/.exec(line)?.[0] ?? line));
  });
  afterAll(() => rmSync(tree, { recursive: true, force: true }));

  test.each(forbidden.map((pair, i) => [...pair, i] as const))("%s may not import %s", (_, __, i) => {
    expect(reported).toContain(`probe${i}`);
  });
  test.each(allowed.map((pair, i) => [...pair, forbidden.length + i] as const))(
    "%s may import %s",
    (_, __, i) => {
      expect(reported).not.toContain(`probe${i}`);
    },
  );
});
