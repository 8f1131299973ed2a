import { defineConfig } from "tsup";

export default defineConfig({
  entry: ["src/index.ts", "src/validation.ts", "src/reference.ts"],
  format: ["esm"],
  target: "es2022",
  platform: "neutral",
  // Symbol.dispose is in no edition's library yet: a project's types need not have heard of it.
  dts: { banner: '/// <reference lib="esnext.disposable" />' },
  sourcemap: true,
  clean: true,
});
