import { linuxBinary, processPlace } from "../../lib/process.mjs";

function open(folder) {
  const deno = linuxBinary(folder, "@deno/linux-x64-glibc/deno");
  return processPlace(folder, [deno, "run", "--allow-all"]);
}

export default { runtimes: [{ runtime: "Deno", open }] };
