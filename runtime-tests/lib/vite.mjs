import { cpSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { builtPage, developedPage } from "./page.mjs";

/** A project of Vite with no configuration: its development server, and its build. */
export function viteProject(more = {}) {
  return {
    ...more,
    runtimes: [
      { runtime: "Vite", how: "development", open: develop },
      { runtime: "Vite", how: "build", open: (folder) => builtPage(folder, "vite", [...VITE, "build"]) },
    ],
  };
}

const VITE = ["node_modules/.bin/vite"];

function develop(folder) {
  mkdirSync(join(folder, "public"), { recursive: true });
  const wasm = "ort-wasm-simd-threaded.wasm";
  cpSync(join(folder, "node_modules/onnxruntime-web/dist", wasm), join(folder, "public", wasm));
  return developedPage(folder, "vite", [...VITE, "--host", "127.0.0.1"], /(http:\/\/127\.0\.0\.1:\d+)/);
}
