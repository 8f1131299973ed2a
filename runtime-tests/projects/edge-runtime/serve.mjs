// Bundles the worker as Vercel does, and serves it with Vercel's runtime: a Wasm file that is imported with `?module` is
// compiled on deployment and reaches the code as a global.
import { readFileSync } from "node:fs";
import { EdgeRuntime, runServer } from "edge-runtime";
import { build } from "esbuild";

const compiled = {};
const wasmModules = {
  name: "wasm-modules",
  setup({ onResolve, onLoad, resolve }) {
    onResolve({ filter: /\.wasm\?module$/ }, async ({ path, ...from }) => {
      const { path: file } = await resolve(path.replace("?module", ""), {
        ...from,
        kind: "import-statement",
      });
      return { path: file, namespace: "wasm-module" };
    });
    onLoad({ filter: /./, namespace: "wasm-module" }, async ({ path }) => {
      const name = `wasm_${Object.keys(compiled).length}`;
      compiled[name] = await WebAssembly.compile(readFileSync(path));
      return { contents: `export default globalThis.${name};` };
    });
  },
};

const { outputFiles } = await build({
  entryPoints: ["edge.js"],
  bundle: true,
  write: false,
  format: "iife",
  conditions: ["edge-light"],
  plugins: [wasmModules],
});
const runtime = new EdgeRuntime({
  initialCode: outputFiles[0].text,
  extend: (context) => Object.assign(context, compiled),
});
const { url } = await runServer({ runtime, host: "127.0.0.1" });
console.log(`ready ${url.replace(/\/$/, "")}; ${Object.keys(compiled).length} Wasm modules`);
