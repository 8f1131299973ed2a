import { startServer } from "../../lib/exec.mjs";
import { httpPlace } from "../../lib/http.mjs";
import { versionOf } from "../../lib/page.mjs";

/** Its environment has neither a browser's `window` nor Node's `process.versions`, one of which TensorFlow.js asks for. */
export const NO_TENSORFLOW = "TensorFlow.js 4.22 computes nothing where it finds neither a browser nor Node";

async function open(folder) {
  const server = await startServer(folder, ["node", "serve.mjs"], /ready ([^\s;]+); [1-9]/);
  return httpPlace(server, { version: versionOf(folder, "edge-runtime"), notRun: { tfjs: NO_TENSORFLOW } });
}

export default { runtimes: [{ runtime: "Vercel edge-runtime", open }] };
