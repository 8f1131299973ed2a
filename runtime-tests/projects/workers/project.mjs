import { cpSync } from "node:fs";
import { join } from "node:path";
import { exec, startServer } from "../../lib/exec.mjs";
import { httpPlace } from "../../lib/http.mjs";
import { PACKAGES } from "../../lib/measure.mjs";
import { versionOf } from "../../lib/page.mjs";
import { ROOT } from "../../lib/places.mjs";

const QUIET = { WRANGLER_SEND_METRICS: "false", CI: "true" };

/** What wrangler makes of the Worker, without sending it anywhere. */
function bundle(folder) {
  return exec(folder, ["node_modules/.bin/wrangler", "deploy", "--dry-run", "--outdir", "dist"], {
    env: QUIET,
  });
}

async function openMiniflare(folder) {
  await bundle(folder);
  const server = await startServer(folder, ["node", "serve-miniflare.mjs"], /ready (http\S+)/);
  return httpPlace(server, { version: versionOf(folder, "wrangler") });
}

async function openWorkerd(folder) {
  await bundle(folder);
  await exec(folder, ["node", "write-config.mjs"]);
  // It says its port in a form of its own, on a descriptor that it is given.
  const command = ["node_modules/.bin/workerd", "serve", "config.capnp", "--control-fd=1"];
  const { address: port, stop } = await startServer(folder, command, /"port":\s*(\d+)/);
  return httpPlace({ address: `http://127.0.0.1:${port}`, stop }, { version: versionOf(folder, "workerd") });
}

/** The example that one would deploy, which uses core. */
async function openEdgeWorker(folder) {
  const own = join(folder, "edge-worker");
  cpSync(join(ROOT, "examples/edge-worker"), own, { recursive: true });
  await exec(own, ["../node_modules/.bin/wrangler", "deploy", "--dry-run", "--outdir", "dist"], {
    env: QUIET,
  });
  const core = async () => {
    await exec(folder, ["node", "check-edge-worker.mjs"]);
    return "100 posts at once, hostile posts, a restart, states merged, drift";
  };
  const others = PACKAGES.filter((name) => name !== "core");
  return {
    version: versionOf(folder, "miniflare"),
    jobs: { core },
    notRun: Object.fromEntries(others.map((name) => [name, "the example uses core, and what core uses"])),
  };
}

export default {
  runtimes: [
    { runtime: "wrangler", how: "Worker in miniflare", open: openMiniflare },
    { runtime: "workerd", how: "that Worker", open: openWorkerd },
    { runtime: "miniflare", how: "examples/edge-worker", open: openEdgeWorker },
  ],
};
