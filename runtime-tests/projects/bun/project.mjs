import { join } from "node:path";
import { processPlace } from "../../lib/process.mjs";

function open(folder) {
  return processPlace(folder, [join(folder, "node_modules/@oven/bun-linux-x64/bin/bun")]);
}

export default { runtimes: [{ runtime: "Bun", open }] };
