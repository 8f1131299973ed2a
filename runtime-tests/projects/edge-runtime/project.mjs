import { startServer } from "../../lib/exec.mjs";
import { httpPlace, NO_TENSORFLOW } from "../../lib/http.mjs";
import { versionOf } from "../../lib/page.mjs";

async function open(folder) {
  const server = await startServer(folder, ["node", "serve.mjs"], /ready ([^\s;]+); [1-9]/);
  return httpPlace(server, { version: versionOf(folder, "edge-runtime"), notRun: { tfjs: NO_TENSORFLOW } });
}

export default { runtimes: [{ runtime: "Vercel edge-runtime", open }] };
