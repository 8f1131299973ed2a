import { linuxBinary, processPlace } from "../../lib/process.mjs";

function open(folder) {
  return processPlace(folder, [linuxBinary(folder, "@oven/bun-linux-x64/bin/bun")]);
}

export default { runtimes: [{ runtime: "Bun", open }] };
