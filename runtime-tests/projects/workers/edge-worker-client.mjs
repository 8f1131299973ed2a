import { Miniflare } from "miniflare";
import { miniflareOptions } from "./bundled-modules.mjs";
import { FEATURES } from "./edge-worker-samples.mjs";

/**
 * Runs the example Worker while `action` lasts.
 *
 * @param {string} kept - Folder of what its Durable Objects store.
 * @param {Record<string, string>} bindings - In the place of those in its `wrangler.json`.
 * @param {(send: (method: string, path: string, request?: object) => Promise<Response>) => Promise<void>} action - Is
 * handed what sends a request: `body`, its content `type`, `headers`.
 */
export async function withWorker(kept, bindings, action) {
  const server = new Miniflare({
    ...miniflareOptions("edge-worker"),
    bindings: { FEATURES, SHARDS: 4, ...bindings },
    durableObjects: { COLLECTORS: { className: "Collector", useSQLite: true } },
    durableObjectsPersist: kept,
  });
  const address = await server.ready;
  const send = (method, path, { body, type = "application/octet-stream", headers } = {}) =>
    fetch(new URL(path, address), { method, body, headers: { "content-type": type, ...headers } });
  try {
    await action(send);
  } finally {
    await server.dispose();
  }
}

/** A request whose body is a value as JSON. */
export function json(value) {
  return { body: JSON.stringify(value), type: "application/json" };
}

/** What the Worker tells of a collection. */
export async function reportOf(send, collection) {
  return (await send("GET", `${collection}/report`)).json();
}
