// POST /<job> with a request as JSON; the answer as JSON. In the form that Workers have.
import { runJob } from "./jobs/index.js";

/**
 * Answers a request; the last part of its address names the job.
 *
 * @param {Request} request
 * @param {Record<string, () => Promise<object>>} [platform] - What a job is handed in, by its name.
 */
export async function answer(request, platform = {}) {
  const name = new URL(request.url).pathname.split("/").at(-1);
  try {
    const handedIn = await platform[name]?.();
    return Response.json(await runJob(name, { ...(await request.json()), ...handedIn }));
  } catch (error) {
    return new Response(String(error.stack ?? error), { status: 500 });
  }
}

export default { fetch: (request) => answer(request) };
