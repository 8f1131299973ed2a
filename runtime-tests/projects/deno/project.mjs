import { linuxBinary, processPlace } from "../../lib/process.mjs";

function open(folder, permissions, more) {
  const deno = linuxBinary(folder, "@deno/linux-x64-glibc/deno");
  return processPlace(folder, [deno, "run", ...permissions], more);
}

/** What the user of a script sees who grants it nothing. */
function openWithoutPermission(folder) {
  const native = "onnxruntime-node is native code, which needs a permission";
  return open(folder, ["--no-prompt"], { hasFiles: false, notRun: { onnxruntime: native } });
}

export default {
  runtimes: [
    { runtime: "Deno", open: (folder) => open(folder, ["--allow-all"]) },
    { runtime: "Deno", how: "no permission", open: openWithoutPermission },
  ],
};
