// Each import is written out: bundlers follow only those that they can read.
const jobs = {
  kernel: () => import("./kernel.js"),
  core: () => import("./core.js"),
  stats: () => import("./stats.js"),
  webgpu: () => import("./webgpu.js"),
  tfjs: () => import("./tfjs.js"),
  onnxruntime: () => import("./onnxruntime.js"),
};

/**
 * Runs the job of a package, which is loaded when it is asked for, as an application would that splits its code.
 *
 * @param {string} name - The package's short name.
 * @param {object} request - What the job takes, and what the platform hands in.
 * @returns {Promise<object>} Its answer, which can be written as JSON.
 */
export async function runJob(name, request) {
  const load = jobs[name];
  if (load === undefined)
    throw new Error(`runJob: name must be one of ${Object.keys(jobs).join()}, got ${name}`);
  const module = await load();
  return module[name](request);
}
