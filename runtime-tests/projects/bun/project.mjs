import { join } from "node:path";
import { processPlace } from "../../lib/process.mjs";

export default {
  runtime: "Bun",
  open: (folder) => processPlace(folder, [join(folder, "node_modules/@oven/bun-linux-x64/bin/bun")]),
};
