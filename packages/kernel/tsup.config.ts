import { copyFile, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { defineConfig } from "tsup";

const types = ["src/index.ts", "src/validation.ts", "src/reference.ts"];
const builds = ["embedded", "workerd", "edge-light"].map((where) => `src/wasm/kernel-builds-${where}.ts`);

export default defineConfig({
  entry: Object.fromEntries([...types, ...builds].map((file) => [nameOf(file), file])),
  format: ["esm"],
  target: "es2022",
  platform: "neutral",
  // The import conditions of package.json choose the builds where the package is used, and the platform loads the files.
  external: [/^#/, /\.wasm(\?module)?$/],
  // Symbol.dispose is in no edition's library yet: a project's types need not have heard of it.
  dts: { entry: types, banner: '/// <reference lib="esnext.disposable" />' },
  sourcemap: true,
  clean: true,
  onSuccess: async () => {
    await copyFile("../../build/kernel.simd.wasm", "dist/kernel.wasm");
    await copyFile("../../build/kernel.relaxed-simd.wasm", "dist/kernel-relaxed.wasm");
    for (const file of await readdir("dist"))
      if (/generated-\w+\.js$/.test(file)) await dropMap(`dist/${file}`);
  },
});

/** All entries lie side by side, so that the builds find the Wasm files beside them. */
function nameOf(file: string): string {
  return file.replace(/^.*\//, "").replace(/\.ts$/, "");
}

/** The map of an embedded binary would hold its bytes a second time, and nobody can read them. */
async function dropMap(file: string): Promise<void> {
  const code = await readFile(file, "utf8");
  await writeFile(file, code.replace(/\n\/\/# sourceMappingURL=\S+\s*$/, "\n"));
  await rm(`${file}.map`);
}
