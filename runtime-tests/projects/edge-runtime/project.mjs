import { startServer } from "../../lib/exec.mjs";
import { httpPlace, NO_TENSORFLOW } from "../../lib/http.mjs";
import { versionOf } from "../../lib/page.mjs";

async function open(folder) {
  const server = await startServer(folder, ["node", "serve.mjs"], /ready ([^\s;]+); [1-9]/);
  const version = versionOf(folder, "edge-runtime");
  // Vercel compiles every Wasm file that a function has, so that the package has only the plain build there.
  return httpPlace(server, { version, simd: "plain", notRun: { tfjs: NO_TENSORFLOW } });
}

export default { runtimes: [{ runtime: "Vercel edge-runtime", open }] };
