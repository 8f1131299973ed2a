import { defineConfig } from "tsup";

export default defineConfig({
  entry: [
    "src/index.ts",
    "src/node.ts",
    "src/platform-default.ts",
    "src/platform-node.ts",
    "src/plot.ts",
    "src/png.ts",
    "src/png/platform.default.ts",
    "src/png/platform.node.ts",
    "src/png/worker.node.ts",
    "src/statistics.ts",
    "src/storage.ts",
    "src/tools.ts",
  ],
  format: ["esm"],
  target: "es2022",
  platform: "neutral",
  // The import conditions of package.json choose the platform where the package is used, not where it is built.
  // Its own entries are kept by name, so that a bundler can leave one out.
  external: [/^#/, /^node:/, /^@delve\/stats\//],
  // Symbol.dispose is in no edition's library yet: a project's types need not have heard of it.
  dts: { banner: '/// <reference lib="esnext.disposable" />' },
  // Deno, and bundlers for it, know a built-in module by its prefix.
  removeNodeProtocol: false,
  sourcemap: true,
  clean: true,
});
