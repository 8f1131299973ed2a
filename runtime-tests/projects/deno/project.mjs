import { join } from "node:path";
import { processPlace } from "../../lib/process.mjs";

function open(folder) {
  const deno = join(folder, "node_modules/@deno/linux-x64-glibc/deno");
  return processPlace(folder, [deno, "run", "--allow-all", "--unstable-webgpu"]);
}

export default { runtimes: [{ runtime: "Deno", open }] };
