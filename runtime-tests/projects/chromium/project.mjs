import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { importMapOf } from "../../lib/import-map.mjs";
import { servedPage } from "../../lib/page.mjs";
import { HERE } from "../../lib/places.mjs";

// TensorFlow.js's modules lead to CommonJS; this one file of its package is whole.
const FLAT = { "@tensorflow/tfjs": "dist/tf.fesm.min.js" };

/** The packages' own files, with nothing but an import map before the page's module. */
async function open(folder, policy, more = {}) {
  const map = JSON.stringify(importMapOf(folder, FLAT));
  const page = readFileSync(join(HERE, "entries/index.html"), "utf8");
  writeFileSync(
    join(folder, "index.html"),
    page.replace("<body>", `<script type="importmap">${map}</script><body>`),
  );
  // A policy lets one inline script through by its digest.
  const digest = `'sha256-${createHash("sha256").update(map).digest("base64")}'`;
  const strict = `default-src 'self'; img-src data:; script-src 'self' ${digest}`;
  const headers = policy === undefined ? {} : { "content-security-policy": `${strict} ${policy}` };
  return servedPage(folder, ["."], { headers, ...more });
}

/** Where the policy forbids all WebAssembly the reference takes over, and says so. */
async function openWithoutWasm(folder) {
  const forbidden = "it is WebAssembly itself, which the policy forbids";
  const place = await open(folder, "", { backend: "reference", notRun: { onnxruntime: forbidden } });
  return { ...place, job: (name, request) => place.job(name, { ...request, withoutWasm: true }) };
}

export default {
  runtimes: [
    { runtime: "Chromium", how: "ES modules, import map", open: (folder) => open(folder) },
    {
      runtime: "Chromium",
      how: "CSP with 'wasm-unsafe-eval'",
      open: (folder) => open(folder, "'wasm-unsafe-eval'"),
    },
    { runtime: "Chromium", how: "CSP without it", open: openWithoutWasm },
  ],
};
