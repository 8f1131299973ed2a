import { exec, startServer } from "../../lib/exec.mjs";
import { httpPlace, NO_TENSORFLOW } from "../../lib/http.mjs";
import { pageOf, publishRuntime, versionOf } from "../../lib/page.mjs";
import { simdOfNode } from "../../lib/process.mjs";

const NEXT = ["node_modules/.bin/next"];
const QUIET = { NEXT_TELEMETRY_DISABLED: "1", CI: "true" };

let built;

/** A server of the one build that all three are in. */
async function start(folder) {
  built ??= build(folder);
  await built;
  const command = [...NEXT, "start", "--hostname", "127.0.0.1", "--port", "0"];
  return startServer(folder, command, /(http:\/\/127\.0\.0\.1:[1-9]\d*)/, { env: QUIET });
}

function build(folder) {
  publishRuntime(folder);
  return exec(folder, [...NEXT, "build"], { env: QUIET, seconds: 500 });
}

async function openRoute(folder, path, more) {
  const { address, stop } = await start(folder);
  return httpPlace({ address: `${address}/${path}`, stop }, { version: versionOf(folder, "next"), ...more });
}

async function openClient(folder) {
  return pageOf(await start(folder), { version: versionOf(folder, "next") });
}

export default {
  nightly: true,
  runtimes: [
    {
      runtime: "Next.js",
      how: "route on Node",
      open: (folder) => openRoute(folder, "api", { hasFiles: true, simd: simdOfNode() }),
    },
    {
      runtime: "Next.js",
      how: "route on the edge",
      open: (folder) => openRoute(folder, "edge", { simd: "plain", notRun: { tfjs: NO_TENSORFLOW } }),
    },
    { runtime: "Next.js", how: "client component", open: openClient },
  ],
};
