import { defineConfig } from "tsup";

export default defineConfig({
  entry: ["src/index.ts"],
  format: ["esm"],
  target: "es2022",
  platform: "neutral",
  // What a first result needs of stats is pure functions: they are part of this file, because every file that is loaded
  // costs a third of a millisecond. Trackers, and all that has an identity (errors), stay in their packages.
  noExternal: [/^@delve\/stats\/(statistics|storage)$/],
  esbuildOptions: (options) => {
    options.conditions = ["@delve/source"];
  },
  // Symbol.dispose is in no edition's library yet: a project's types need not have heard of it.
  dts: { banner: '/// <reference lib="esnext.disposable" />' },
  sourcemap: true,
  clean: true,
});
