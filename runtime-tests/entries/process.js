// node process.js <job> <request>: one job in a process of its own, its answer as the last line of the output.
import process from "node:process";
import { runJob } from "./jobs/index.js";

const [name, request] = process.argv.slice(2);
const answer = await runJob(name, { ...JSON.parse(request), ...(await platform(name)) });
console.log(JSON.stringify(answer));
// A GPU's threads, or a runtime's, may keep a process that has nothing more to do.
process.exit(0);

/** What a process hands in, where browsers have it in the page. */
async function platform(job) {
  if (job === "onnxruntime") return { ort: await import("onnxruntime-node") };
  if (job !== "webgpu" || globalThis.navigator?.gpu !== undefined) return {};
  const { create, globals } = await import("webgpu");
  Object.assign(globalThis, globals);
  return { gpu: create([]) };
}
