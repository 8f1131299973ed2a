import { join } from "node:path";
import { processPlace } from "../../lib/process.mjs";

export default {
  runtime: "Deno",
  open: (folder) => {
    const deno = join(folder, "node_modules/@deno/linux-x64-glibc/deno");
    return processPlace(folder, [deno, "run", "--allow-all", "--unstable-webgpu"]);
  },
};
