// POST /<job> with a request as JSON; the answer as JSON. In the form that Workers have.
const jobs = {
  kernel: () => import("./jobs/kernel.js"),
  core: () => import("./jobs/core.js"),
  stats: () => import("./jobs/stats.js"),
  webgpu: () => import("./jobs/webgpu.js"),
  tfjs: () => import("./jobs/tfjs.js"),
  onnxruntime: () => import("./jobs/onnxruntime.js"),
};

/**
 * Answers a request; the last part of its address names the job.
 *
 * @param {Request} request
 * @param {Record<string, () => Promise<object>>} [platform] - What a job is handed in, by its name.
 */
export async function answer(request, platform = {}) {
  const name = new URL(request.url).pathname.split("/").at(-1);
  try {
    const module = await jobs[name]();
    return Response.json(await module[name]({ ...(await request.json()), ...(await platform[name]?.()) }));
  } catch (error) {
    return new Response(String(error.stack ?? error), { status: 500 });
  }
}

export default { fetch: (request) => answer(request) };
