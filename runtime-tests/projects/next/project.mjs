import { cpSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { openPage } from "../../lib/browser.mjs";
import { exec, startServer } from "../../lib/exec.mjs";
import { httpPlace, NO_TENSORFLOW } from "../../lib/http.mjs";
import { versionOf } from "../../lib/page.mjs";

const NEXT = ["node_modules/.bin/next"];
const QUIET = { NEXT_TELEMETRY_DISABLED: "1", CI: "true" };

let built;

/** The server of the one build that all three are in. */
async function start(folder) {
  built ??= build(folder);
  await built;
  const command = [...NEXT, "start", "--hostname", "127.0.0.1", "--port", "0"];
  return startServer(folder, command, /(http:\/\/127\.0\.0\.1:[1-9]\d*)/, { env: QUIET });
}

function build(folder) {
  const wasm = "ort-wasm-simd-threaded.wasm";
  mkdirSync(join(folder, "public"), { recursive: true });
  cpSync(join(folder, "node_modules/onnxruntime-web/dist", wasm), join(folder, "public", wasm));
  return exec(folder, [...NEXT, "build"], { env: QUIET, seconds: 500 });
}

async function openRoute(folder, path, more) {
  const { address, stop } = await start(folder);
  return httpPlace({ address: `${address}/${path}`, stop }, { version: versionOf(folder, "next"), ...more });
}

async function openClient(folder) {
  const { address, stop } = await start(folder);
  const page = await openPage(address);
  return { hasGpu: true, ...page, version: versionOf(folder, "next"), close: () => page.close().then(stop) };
}

export default {
  nightly: true,
  runtimes: [
    {
      runtime: "Next.js",
      how: "route on Node",
      open: (folder) => openRoute(folder, "api", { hasFiles: true }),
    },
    {
      runtime: "Next.js",
      how: "route on the edge",
      open: (folder) => openRoute(folder, "edge", { notRun: { tfjs: NO_TENSORFLOW } }),
    },
    { runtime: "Next.js", how: "client component", open: openClient },
  ],
};
