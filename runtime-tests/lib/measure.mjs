import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { check, expected, readRun } from "./check.mjs";

/**
 * Where jobs are run: what `open` of a project's runtime gives.
 *
 * @typedef {object} Place
 * @property {string} version - The runtime's, or the bundler's.
 * @property {(name: string, request: object) => Promise<object>} job - Runs the job of a package.
 * @property {() => Promise<void>} [close] - Ends what was opened.
 * @property {Record<string, (place: Place) => Promise<string>>} [jobs] - What is run here in the place of the packages'
 * jobs, by package.
 * @property {Record<string, string>} [notRun] - Why a package is not run here.
 * @property {() => Promise<object>} [required] - Takes all packages by `require`.
 * @property {boolean} [hasFiles] - Its own storage is the file system.
 * @property {boolean} [hasGpu] - WebGPU must be found.
 * @property {"wasm" | "reference"} [backend] - Which must be loaded: the kernel where it says nothing.
 * @property {"relaxed" | "plain"} [simd] - Which build of the kernel; the relaxed one where it says nothing.
 * @property {string[]} [warnings] - What has been warned of so far.
 */

/** What is run of each package, in the order of the table's columns; each gives the words for what was run. */
const JOBS = {
  kernel: async (place) => {
    const answer = await place.job("kernel", {});
    check(["trace", "spectrum"], answer);
    const words = backendOf(place, answer);
    return answer.backend === "wasm" ? `${words}, ${simdOf(place, answer)}` : words;
  },
  core: async (place) => {
    const answer = await place.job("core", { thresholds: expected.thresholds });
    check(["saturation", "idim", "spectrum"], answer);
    if (place.required === undefined) return backendOf(place, answer);
    check(["saturation", "missing"], await place.required());
    return `${backendOf(place, answer)}, required too`;
  },
  stats: async (place) => {
    const answer = await place.job("stats", {});
    check(["saturation", "idim99", "trace"], readRun(answer));
    if (!place.hasFiles) return "files in memory";
    await checkFiles(place);
    return "files in memory, on disk";
  },
  webgpu: async (place) => {
    const answer = await place.job("webgpu", {});
    if (answer.unavailable !== undefined) return withoutGpu(place, answer.unavailable);
    check(["trace", "spectrum"], answer);
    return "GPU";
  },
  tfjs: async (place) => {
    check(["saturation", "idim99", "trace"], await place.job("tfjs", {}));
    return "model tracked";
  },
  onnxruntime: async (place) => {
    const answer = await place.job("onnxruntime", {});
    if (answer.layers !== undefined) {
      check(["layers"], answer);
      return "layers listed";
    }
    check(["saturation", "idim99", "trace"], answer);
    return "model tracked";
  },
};

/** The short names of the packages that jobs are for. */
export const PACKAGES = Object.keys(JOBS);

/**
 * Runs the job of every package in one place.
 *
 * @param {Place} place
 * @returns {Promise<Record<string, { passed: boolean, ran?: string, reason?: string }>>} By package.
 */
export async function measure(place) {
  const outcomes = {};
  for (const name of PACKAGES) outcomes[name] = await outcome(place, name);
  return outcomes;
}

async function outcome(place, name) {
  const reason = place.notRun?.[name];
  if (reason !== undefined) return { passed: false, reason };
  try {
    return { passed: true, ran: await (place.jobs?.[name] ?? JOBS[name])(place) };
  } catch (error) {
    return { passed: false, failed: true, reason: error.message };
  }
}

/** A place says which backend it must get; the kernel where it says nothing. */
function backendOf(place, { backend }) {
  const wanted = place.backend ?? "wasm";
  if (backend !== wanted) throw new Error(`backend must be ${wanted}, got ${backend}`);
  if (backend === "wasm") return "Wasm";
  const isTold = place.warnings?.some((warning) => /reference/.test(warning));
  if (!isTold) throw new Error(`a warning must name the reference, got ${JSON.stringify(place.warnings)}`);
  return "reference, with a warning";
}

/** Which build of the kernel has been chosen, by what the engine can do. */
function simdOf({ simd: wanted = "relaxed" }, { simd }) {
  if (simd !== wanted) throw new Error(`the kernel's build must be ${wanted}, got ${simd}`);
  return `${simd} SIMD`;
}

function withoutGpu(place, message) {
  if (place.hasGpu) throw new Error(`a GPU must be found, got "${message}"`);
  return "imported; no GPU";
}

async function checkFiles(place) {
  const folder = mkdtempSync(join(tmpdir(), "delve-files-"));
  const savePath = join(folder, "deep/known");
  try {
    await place.job("stats", { savePath });
    const read = (extension) => readFileSync(`${savePath}.${extension}`, "utf8");
    check(["saturation", "idim99", "trace"], readRun({ csv: read("csv"), jsonl: read("jsonl") }));
  } finally {
    rmSync(folder, { recursive: true });
  }
}
