import { defineConfig } from "tsup";

export default defineConfig({
  entry: ["src/index.ts", "src/platform-default.ts", "src/platform-node.ts"],
  format: ["esm"],
  target: "es2022",
  platform: "neutral",
  // The import conditions of package.json choose the platform where the package is used, not where it is built.
  external: [/^#/, /^node:/],
  // Symbol.dispose is in no edition's library yet: a project's types need not have heard of it.
  dts: { banner: '/// <reference lib="esnext.disposable" />' },
  // Deno, and bundlers for it, know a built-in module by its prefix.
  removeNodeProtocol: false,
  sourcemap: true,
  clean: true,
});
